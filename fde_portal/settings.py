"""Settings of the portal. What differs between installations comes from the environment."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from kombu import Queue

from fde_portal.core.environment import read_environment
from fde_portal.core.logs import set_up_structlog

BASE_DIR = Path(__file__).resolve().parent.parent
_environment = read_environment(BASE_DIR)

DATA_DIR = _environment.data_dir
DATA_DIR.mkdir(parents=True, exist_ok=True)
EMBEDDED = _environment.embedded
DEBUG = _environment.debug
DEMO = _environment.demo
SECRET_KEY = _environment.secret_key
BASE_URL = _environment.base_url
REDIS_URL = _environment.redis_url

# Applications

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "rest_framework",
    "fde_portal.core",
    "fde_portal.accounts",
    "customers",
    "engagements",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Before everything that makes pages, after the files that need no line each.
    "fde_portal.core.middleware.observed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "fde_portal.accounts.middleware.SignInRequired",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "fde_portal.urls"
WSGI_APPLICATION = "fde_portal.wsgi.application"
ASGI_APPLICATION = "fde_portal.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "fde_portal.accounts.context_processors.shell",
            ],
        },
    }
]

# Widgets come from templates/django/forms/ too.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Data

DATABASES = {"default": _environment.database}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE takes the write lock at the start: WAL alone fails with "database is locked"
    # as soon as two processes write.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # A new connection for each request costs three quarters of the throughput.
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    # The search asks for many small parts at once. Compiling them takes PostgreSQL two seconds, running them a tenth of one.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The counters of failed sign-ins live in the default cache, so it must survive an emptied Redis.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Beyond this number rows are thrown away, also counters: at the default of 300, one could
        # forget one's own failed tries by making others.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
# Parts of pages that are the same for many people (`{% cache %}`), kept by each process for itself.
CACHES["template_fragments"] = {
    "BACKEND": f"django.core.cache.backends.{'dummy.DummyCache' if DEBUG else 'locmem.LocMemCache'}",
    "LOCATION": "template_fragments",
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
if REDIS_URL:
    CACHES["sessions"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "sessions",
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    SESSION_CACHE_ALIAS = "sessions"

# A usage batch of 10,000 rows is about 2 MB as JSON.
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
# Of one delivery of usage, unpacked: it is never in memory as a whole. A million rows are about 80 MB.
USAGE_MOST_BYTES = 512 * 1024 * 1024

# Attachments: internal files, given out only as downloads by a view that checks who asks

MEDIA_ROOT = DATA_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
ATTACHMENT_MAX_BYTES = 25 * 1024 * 1024
ATTACHMENT_MAX_FILES = 10
ATTACHMENT_TYPES = frozenset(
    ["pdf", "png", "jpg", "jpeg", "gif", "txt", "md", "csv", "json", "log", "eml", "docx", "xlsx", "pptx", "odt", "ods", "odp", "zip"]
)

# People

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["fde_portal.accounts.backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "fde_portal.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
# Accounts begin with an invitation by mail, or are made by an administrator.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# Contacts of customers sign in by a mailed code; forms/sign_in.py counts codes and tries in the database.
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 3
# Our own subjects say who writes; the site in brackets would only repeat an address.
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "request_login_code": "fde_portal.accounts.forms.sign_in.CodeRequestForm",
    "confirm_login_code": "fde_portal.accounts.forms.sign_in.CodeConfirmForm",
}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _environment.https else "http"
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Beside allauth's own limits on sign-in, reset, codes and changes of the password.
ACCOUNT_RATE_LIMITS = {"accept_invitation": "20/m/ip", "change_address": "5/m/user"}
ALLAUTH_TRUSTED_PROXY_COUNT = _environment.trusted_proxy_count

# A second step at sign-in

MFA_ADAPTER = "fde_portal.accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
# A phone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
# Addresses may be unverified where an administrator typed them; nobody signs up alone.
MFA_ALLOW_UNVERIFIED_EMAIL = True

# Single sign-on: the provider says who somebody is, the portal whether they may come in

SOCIALACCOUNT_ADAPTER = "fde_portal.accounts.adapters.SingleSignOnAdapter"
# A form may not be sent on to another site (form-action); a link may lead there.
SOCIALACCOUNT_LOGIN_ON_GET = True
SINGLE_SIGN_ON = _environment.single_sign_on
SOCIALACCOUNT_PROVIDERS = SINGLE_SIGN_ON.providers() if SINGLE_SIGN_ON else {}

# Web security

ALLOWED_HOSTS = _environment.allowed_hosts
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _environment.https
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "fde_portal.core.views.csrf_failure"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600

SECURE_SSL_REDIRECT = _environment.https
# Health checks and Prometheus come from inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _environment.https else 0
# Sub-domains and browsers' preload lists are the domain owner's decision, not this portal's.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# The address of a shared page is its key: it must not travel to other sites.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if _environment.trusted_proxy_count:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Languages and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

# Static files

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "collected_static" if _environment.collected_static else None
STATICFILES_DIRS = [BASE_DIR / "static"]
# Collecting takes 14 s: an image does it once, an embedded installation serves the sources.
WHITENOISE_USE_FINDERS = not _environment.collected_static
if _environment.collected_static:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }

# Mail

globals().update({name: value for name, value in _environment.email.items() if name.startswith("EMAIL_")})
NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"
# What the worker sends through. In the demo mail goes nowhere but to its mailbox page.
MAIL_DELIVERY_BACKEND = NO_MAIL if DEMO else _environment.email["EMAIL_BACKEND"]
if DEMO or MAIL_DELIVERY_BACKEND != NO_MAIL:
    EMAIL_BACKEND = "fde_portal.core.outbox.OutboxBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _environment.default_from_email

# API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "fde_portal.accounts.api.ApiTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    # LoginRequiredMiddleware does not reach API views.
    "DEFAULT_PERMISSION_CLASSES": ["fde_portal.accounts.api.HasPermission"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 100,
    "DEFAULT_RENDERER_CLASSES": ["fde_portal.core.exact_json.ExactJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["engagements.api.filters.KnownFilters"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "FDE Portal",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "RatingEnum": "engagements.models.weekly_update.Rating",
        "LineKindEnum": "engagements.models.weekly_update.LineKind",
        "UpdateStateEnum": "engagements.models.weekly_update.WeeklyUpdate.State",
        "DeliverableStateEnum": "engagements.models.deliverable.Deliverable.State",
        "DeliverableKindEnum": "engagements.models.deliverable.Deliverable.Kind",
        "ValueLineKindEnum": "engagements.models.value.ValueLine.Kind",
        "VerdictEnum": "engagements.models.judged_figure.JudgedFigure.State",
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
}

# Background work: the database is the queue, a message is only a nudge

if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    # Longer than the hard limit, or a running task would be handed out twice.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900}
else:
    CELERY_BROKER_URL = "embedded://localhost"
    CELERY_BROKER_TRANSPORT = "fde_portal.core.embedded_broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {"folder": str(DATA_DIR / "queue")}
    # The embedded broker knows no broadcast.
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A page must not wait for a broker that is away: the sweep finds the work.
CELERY_TASK_PUBLISH_RETRY = False
# Heartbeats and mail have a queue of their own, which a worker looks into in turn with the other:
# neither waits behind a long row of computations.
CELERY_TASK_QUEUES = [Queue("celery"), Queue("upkeep")]
CELERY_TASK_ROUTES = {"core.tasks.*": {"queue": "upkeep"}}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_TIME_LIMIT = 600
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

# Logs go to standard error, one line each (see core/logs.py for what never gets into them)

set_up_structlog()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "fde_portal.core.logs.LineFormatter", "readable": DEBUG or DEMO}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": _environment.log_level},
    "loggers": {
        "django": {"handlers": [], "level": _environment.log_level, "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # Its warnings name paths, and the line of the request says the rest.
        "django.request": {"level": "ERROR"},
    },
}

# Watching from outside: /metrics answers this token, or loopback when there is none

METRICS_TOKEN = _environment.metrics_token
if _environment.sentry_dsn:
    from fde_portal.core.errors import report_errors  # costs a tenth of a second, and few need it

    report_errors(_environment.sentry_dsn)
