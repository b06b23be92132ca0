"""How gunicorn serves the staff service: one process, some threads, no access log (it would hold what staff search for)."""

from puljeguiden import settings

wsgi_app = "staff.wsgi"
bind = f"{settings.get('PULJEGUIDEN_STAFF_HOST')}:{settings.get('PULJEGUIDEN_STAFF_PORT')}"
workers = 1
threads = 8
timeout = 60
graceful_timeout = 10
loglevel = "warning"
control_socket_disable = True
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"private": {"()": "puljeguiden.logs.formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "private"}},
    "loggers": {"gunicorn.error": {"level": "WARNING", "handlers": ["stderr"], "propagate": False}},
    "root": {"level": "WARNING", "handlers": ["stderr"]},
}
