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
# Its own words about a broken request quote the request.
logconfig_dict = {
    "root": {"level": "WARNING", "handlers": ["error_console"]},
    "loggers": {"gunicorn.error": {"level": "WARNING", "propagate": True}},
    "formatters": {
        "generic": {
            "()": "puljeguiden.logs.PrivateFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
}
