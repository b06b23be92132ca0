"""Django's settings. What can be set from outside is declared in `puljeguiden.settings`."""

from __future__ import annotations

from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from puljeguiden import secret, settings
from puljeguiden.settings import ROOT, SettingError
from staff import connections

_VAR = settings.get("PULJEGUIDEN_VAR_DIR")
_VAR.mkdir(parents=True, exist_ok=True)
_PUBLIC = settings.get("PULJEGUIDEN_STAFF_PUBLIC_URL").rstrip("/")
_BEHIND_PROXY = bool(settings.get("PULJEGUIDEN_TRUSTED_ADDRESS_HEADER"))
_HTTPS = _PUBLIC.startswith("https://")
_LOCAL = {"127.0.0.1", "localhost", "::1"}

if settings.get("PULJEGUIDEN_STAFF_HOST") not in _LOCAL and not _HTTPS:
    raise SettingError(
        "PULJEGUIDEN_STAFF_PUBLIC_URL has to be an https:// address when PULJEGUIDEN_STAFF_HOST lets others in: "
        "without TLS, passwords and cases would travel in the open."
    )

secret.check()

DEBUG = False
SECRET_KEY = secret.staff_key()
ROOT_URLCONF = "staff.urls"
WSGI_APPLICATION = "staff.wsgi.application"
ALLOWED_HOSTS = [*_LOCAL, *filter(None, (urlsplit(url).hostname for url in (_PUBLIC, settings.staff_url())))]
CSRF_TRUSTED_ORIGINS = [_PUBLIC] if _PUBLIC else []

INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "staff.cases",
    "staff.conversations",
    "staff.people",
    "staff.training",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "staff.middleware.no_store",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "staff" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = {"default": connections.database(settings.get("PULJEGUIDEN_STAFF_DATABASE_URL"), _VAR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "da"
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "staff" / "static"]
WHITENOISE_USE_FINDERS = True  # served as they stand in the packages: nothing to collect
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Who gets in
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    }
]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_DISABLE_ACCESS_LOG = True
AXES_USERNAME_CALLABLE = "staff.people.attempts.name"
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "staff.middleware.address"

SESSION_COOKIE_AGE = settings.get("PULJEGUIDEN_STAFF_SESSION_MINUTES") * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "puljeguiden_staff"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
# A provider of single sign-on sends people back from its own site, and they need their session then.
SESSION_COOKIE_SAMESITE = "Lax" if settings.get("PULJEGUIDEN_OIDC_ISSUER") else "Strict"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

globals().update(connections.mail(settings.get("PULJEGUIDEN_SMTP_URL"), _VAR))
DEFAULT_FROM_EMAIL = settings.get("PULJEGUIDEN_MAIL_FROM") or "puljeguiden@localhost"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"private": {"()": "puljeguiden.logs.formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "private"}},
    "root": {"handlers": ["stderr"], "level": settings.get("PULJEGUIDEN_LOG_LEVEL")},
    # Django's own handlers would write exceptions with their messages.
    "loggers": {"django": {"handlers": [], "propagate": True}, "axes": {"level": "WARNING"}},
}
