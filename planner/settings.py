"""Every setting of the site. The environment is read here, once, through `planner.environment`."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF

from planner import keys, logs
from planner.environment import Environment, stop

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment(Path(os.environ.get("ENV_FILE", BASE_DIR / ".env")))
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)

# Keys: signatures of sessions; tokens in links and badges; encryption of stored octets.
SECRET_KEY = env.text("SECRET_KEY") or keys.kept(VAR_DIR / "keys" / "secret_key", keys.signing_key())
LINK_KEY = env.text("LINK_KEY") or keys.kept(VAR_DIR / "keys" / "link_key", keys.signing_key())
DATA_KEY = env.text("DATA_KEY") or keys.kept(VAR_DIR / "keys" / "data_key", keys.fernet_key())
if not keys.is_fernet_key(DATA_KEY):
    stop("DATA_KEY", DATA_KEY, "32 octets in URL-safe base64")

# The site
DEBUG = env.flag("DEBUG", False)
DEMO = env.flag("DEMO", True)
HOST = env.text("HOST", "127.0.0.1")
PORT = env.number("PORT", 8000, 1, 65535)
WEB_WORKERS = env.number("WEB_WORKERS", 2, 0, 64)
QUEUE_WORKERS = env.number("QUEUE_WORKERS", 1, 0, 64)
TLS_CERT = env.file("TLS_CERT")
TLS_KEY = env.file("TLS_KEY")
if bool(TLS_CERT) != bool(TLS_KEY):
    stop("TLS_CERT", TLS_CERT, "to be set together with TLS_KEY")
LOCAL_URL = f"{'https' if TLS_CERT else 'http'}://{HOST}:{PORT}"
BASE_URL = env.url("BASE_URL", LOCAL_URL, ("http", "https")).rstrip("/")
IS_HTTPS = BASE_URL.startswith("https://")
ALLOWED_HOSTS = env.names(
    "ALLOWED_HOSTS", {"localhost", "127.0.0.1", "[::1]", urlsplit(BASE_URL).hostname or HOST}
)
LINKS_REACHABLE = env.flag("LINKS_REACHABLE", True)
OUTBOX_DELAY_SECONDS = env.number("OUTBOX_DELAY_SECONDS", 10, 0, 3600)
REQUIRE_2FA = env.flag("REQUIRE_2FA", not DEMO)
BACKUP_PASSPHRASE = env.text("BACKUP_PASSPHRASE")
IMAP_URL = env.url("IMAP_URL", "", ("imap", "imaps"))

INSTALLED_APPS = [
    "planner",
    "rooms",
    "attendees",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_q",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "ninja",
]
MIDDLEWARE = [
    "planner.logs.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "planner.middleware.SafeHeaders",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "planner.http.SignedIn",
    "planner.http.Actors",
    "planner.middleware.Language",
    "planner.http.Problems",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "planner.urls"
WSGI_APPLICATION = "planner.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "planner.pages.office",
            ],
        },
    },
]

# Data. SQLite takes its write lock at BEGIN (IMMEDIATE), else two writers meet at COMMIT and one is refused;
# FULL because a receipt given to a door must survive a power cut.
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASE_URL = env.url(
    "DATABASE_URL", f"sqlite:///{VAR_DIR / 'nghi-trinh.sqlite3'}", ("sqlite", "postgres", "postgresql")
)
DATABASE: dict[str, Any] = environ.Env.db_url_config(DATABASE_URL)
DATABASE |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
if DATABASE["ENGINE"].endswith("sqlite3"):
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000",
    }
# What the web server's threads change: they come and go, so they borrow connections instead of holding one each.
POOLED: dict[str, Any] = {}
if DATABASE["ENGINE"].endswith("postgresql"):
    POOLED = {"CONN_MAX_AGE": 0, "OPTIONS": {"pool": {"min_size": 1, "max_size": 10, "timeout": 5}}}
DATABASES = {"default": DATABASE}

# Counters of rate limits must hold over all web processes and machines, hence a table; the queue's heartbeat
# (twice a second) stays in memory.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "planner_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    "heartbeat": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "heartbeat"},
}
Q_CLUSTER = {
    "name": "nghi-trinh",
    "orm": "default",  # a Redis broker loses the running job at kill -9
    "timeout": 60,
    "retry": 90,  # must exceed the time-out, or a slow job runs twice at once
    "max_attempts": 5,
    "ack_failures": True,
    "catch_up": False,
    "poll": 0.2,
    "save_limit": 100,  # django-q reads that many rows at every job it stores
    "max_rss": 400_000,
    "cache": "heartbeat",
    "label": "Jobs",
}
MEDIA_ROOT = VAR_DIR / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

# Static files
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "planner.storage.HashedStatic"},
}
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG

# Language and time
LANGUAGE_CODE = env.language()
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["planner.formats"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = env.time_zone("OFFICE_TIME_ZONE", "Asia/Ho_Chi_Minh")
USE_TZ = True
USE_THOUSAND_SEPARATOR = False  # "6.967" in a hidden field is no id any more

# Mail
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.sender("EMAIL_FROM", "Văn phòng <van-phong@nghi-trinh.example>")
EMAIL_BOUNCE = env.text("EMAIL_BOUNCE")
MAIL_DIR = VAR_DIR / "mail"
EMAIL_URL = env.url("EMAIL_URL", "", ("smtp", "smtps", "smtp+tls", "smtp+ssl", "filemail"))
EMAIL_TIMEOUT = 10
vars().update(environ.Env.email_url_config(EMAIL_URL or f"filemail:///{MAIL_DIR}"))

# Accounts
AUTH_USER_MODEL = "planner.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# A whole office may stand behind one address at half past seven; guessing is slowed per account.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "60/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Nghị Trình"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS

# Cookies and headers. A session ends with the working day; no request writes it anew.
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 0, 0, 63_072_000)
X_FRAME_OPTIONS = "DENY"
BEHIND_PROXY = env.flag("BEHIND_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF, "blob:"],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}

LOGGING = logs.configuration(env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")))
