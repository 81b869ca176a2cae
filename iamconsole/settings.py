"""Settings: from the environment, with defaults that work out of the box and are safe."""

from __future__ import annotations

import os
from pathlib import Path

import environ

from iamconsole.keys import kept_secret, new_master_key, new_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

VAR = Path(env.str("IAMCONSOLE_VAR", default=str(BASE_DIR / "var")))
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret(VAR / "secret_key", new_secret_key())
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
MASTER_KEYS = env.str("IAMCONSOLE_MASTER_KEYS", default="") or kept_secret(VAR / "master_keys", new_master_key())
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses, networks, or `unix` for a socket.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
SECURE_PROXY_SSL_HEADER = ("iamconsole.scheme", "https")  # set by iamconsole.proxies; no client's header is called so
# Where browsers reach the console. Passkeys are made for the host of the first one; a Host header is never believed.
ORIGINS = env.list("IAMCONSOLE_ORIGINS", default=[]) or [
    *(origin for origin in CSRF_TRUSTED_ORIGINS if "*" not in origin),
    f"http://localhost:{env.str('PORT', default='') or '8000'}",
]
# Behind HTTPS set IAMCONSOLE_HTTPS=1: cookies get Secure and the __Host- prefix.
HTTPS = env.bool("IAMCONSOLE_HTTPS", default=False)
# Where browsers reach the console. Passkeys are made for the host of the first one; a Host header is never believed.
ORIGINS = env.list("IAMCONSOLE_ORIGINS", default=[]) or [
    *(origin for origin in CSRF_TRUSTED_ORIGINS if "*" not in origin),
    f"http://localhost:{env.str('PORT', default='') or '8000'}",
]

# A demo shows its mails on a page instead of sending them.
DEMO = env.bool("IAMCONSOLE_DEMO", default=False)
MAIL = env.email("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND = "accounts.mailbox.MailboxBackend" if DEMO and "EMAIL_URL" not in os.environ else MAIL["EMAIL_BACKEND"]
EMAIL_FILE_PATH, EMAIL_HOST, EMAIL_PORT = MAIL["EMAIL_FILE_PATH"], MAIL["EMAIL_HOST"], MAIL["EMAIL_PORT"] or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL["EMAIL_HOST_USER"] or "", MAIL["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.get("EMAIL_USE_TLS", False), MAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="iamconsole@localhost")
MAIL_IN_BACKGROUND = True

INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "django_ace",
    "iamconsole",
    "accounts",
    "identities",
    "policies",
    "iamconsole.events",
    "iamconsole.ui",
]
MIDDLEWARE = [
    "iamconsole.proxies.trusted_proxies",
    "iamconsole.api.middleware.aws_endpoint",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "iamconsole.middleware.security_headers",
    "accounts.slots.slot_prefix",
    "accounts.slots.SlotSessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.signed_in_caller",
    "iamconsole.middleware.ErrorPages",
]
ROOT_URLCONF = "iamconsole.urls"
WSGI_APPLICATION = "iamconsole.wsgi.application"
ASGI_APPLICATION = "iamconsole.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "iamconsole.ui.context.frame",
                "accounts.menu.menu",
                "accounts.context.password_expiry",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR / 'iamconsole.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = None
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "iamconsole.sqlite"
    # Writers queue up (IMMEDIATE) instead of failing half-way; FULL, because a revocation must not be forgotten.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA mmap_size=134217728; PRAGMA cache_size=-8000"
        ),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Files are served from where they lie: nothing to collect before the first start, so no STATIC_ROOT either.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
# After so many minutes without a request a console session ends; 0: only after twelve hours, as on AWS.
IDLE_MINUTES = env.int("IAMCONSOLE_IDLE_MINUTES", default=0)
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}session", f"{COOKIE_PREFIX}csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS, SECURE_HSTS_INCLUDE_SUBDOMAINS = (365 * 24 * 3600 if HTTPS else 0), HTTPS
# A proxy that is not trusted never tells of HTTPS: leading there would go on for ever.
SECURE_SSL_REDIRECT = HTTPS and bool(TRUSTED_PROXIES)
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # browsers' preload lists are the domain owner's decision
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-us"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # A client's own error is its answer, not a line in the server's log.
    "loggers": {"django.request": {"level": "ERROR"}},
}
