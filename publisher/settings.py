"""Django's settings: a projection of `Config`, no decisions."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.contrib.messages import constants as message_levels

from publisher import config, keys

CONFIG = config.get()
HERE = Path(__file__).resolve().parent

SECRET_KEY = keys.secret_key(CONFIG)
DEBUG = False
_PUBLIC = urlsplit(CONFIG.address)
_NAMES = {CONFIG.host, _PUBLIC.hostname or CONFIG.host}
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *(f"[{name}]" if ":" in name else name for name in _NAMES)]
if CONFIG.host in {"0.0.0.0", "::"} and not CONFIG.public_url:  # noqa: S104  # a comparison
    # Whoever opens the desk to all addresses of this machine cannot list them; links go by CONFIG.address anyway.
    ALLOWED_HOSTS = ["*"]
CSRF_TRUSTED_ORIGINS = [f"{_PUBLIC.scheme}://{_PUBLIC.netloc}"]

INSTALLED_APPS = [
    "publisher.apps.PublisherConfig",
    "django.contrib.admin.apps.SimpleAdminConfig",  # urls.py says which tables it shows
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
if CONFIG.oidc_issuer:  # 8 MB and a tenth of a second that nobody else needs
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
MIDDLEWARE = [
    # Before whitenoise, so that files have them too; Django's own would know of HTTPS only what the last hop says.
    "publisher.web.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "publisher.web.sessions.SessionLimits",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "publisher.web.sessions.SecondFactorFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "publisher.web.middleware.PlainErrors",
]
# Both ask for what SecurityHeaders does.
SILENCED_SYSTEM_CHECKS = ["security.W001", "security.W002"]
ROOT_URLCONF = "publisher.urls"
WSGI_APPLICATION = "publisher.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "web" / "templates", HERE / "sandbox" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "publisher.web.context.desk",
            ],
            "libraries": {
                "desk": "publisher.web.templatetags.desk",
                "times": "publisher.web.templatetags.times",
                "corrections": "publisher.web.templatetags.corrections",
                "notices": "publisher.web.templatetags.notices",
                "sources": "publisher.web.templatetags.sources",
                "stops": "publisher.web.templatetags.stops",
                "history": "publisher.web.templatetags.history",
            },
        },
    }
]


def _database(url: str) -> dict[str, Any]:
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": CONFIG.data_dir / "publisher.sqlite3",
            "OPTIONS": {
                # IMMEDIATE: two writers wait for each other instead of failing (ADR 2).
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # FULL: a claim must survive a power cut, or a post could go out twice.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))  # sslmode and the like; host may be the folder of a socket
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 10, **options},
    }


DATABASES = {"default": _database(CONFIG.database_url)}

AUTH_USER_MODEL = "publisher.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
# django-allauth brings the second factors; the pages, the throttle and who is let in are ours (newsroom/signin).
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_ADAPTER = "publisher.web.institution.Adapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that ends at another site is forbidden by our form-action
MFA_ADAPTER = "publisher.newsroom.signin.adapter.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Publisher"
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _PUBLIC.scheme != "https"  # browsers allow it for localhost only
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "publisher.web.kept_sessions"
SESSION_COOKIE_AGE = CONFIG.session_hours * 3600
SESSION_SAVE_EVERY_REQUEST = False  # web/sessions.py notes what is used
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _PUBLIC.scheme == "https"
if SESSION_COOKIE_SECURE:
    # A neighbour below the same domain cannot set these names for us (RFC 6265bis 4.1.3.2).
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_SAMESITE = "Lax"
MESSAGE_TAGS = {message_levels.ERROR: "error"}

LANGUAGE_CODE = CONFIG.language
LANGUAGES = [("en", "English"), ("fr", "Français"), ("de", "Deutsch")]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = CONFIG.time_zone

STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "web" / "static", HERE / "sandbox" / "static"]
WHITENOISE_USE_FINDERS = True

DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]  # a film is never held in memory

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"trouble": {"()": "publisher.newsroom.trouble.OneSentence"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["trouble"]}},
    "root": {"handlers": ["console"], "level": CONFIG.log_level},
    "loggers": {
        # Each request line would drown what matters; the huey consumer says what it does at INFO.
        "django.request": {"level": "ERROR"},
        "waitress.queue": {"level": "ERROR"},
        # They tell of addresses, which hold tokens; what a person needs to know we say ourselves.
        "apprise": {"level": "CRITICAL"},
        "urllib3": {"level": "INFO"},
    },
}
