"""One settings file; every value that differs between installations comes from the environment.

``KC_ENV``: local, test or production (the default). ``KC_PROCESS``: web, worker or command, which
chooses how long one statement may run. ``KC_DB_ROLE=owner`` makes "default" connect as the schema's
owner, for migrations and loaders of reference data only.
"""

import os
from pathlib import Path
from typing import Any

import django_stubs_ext
from celery.schedules import crontab

from khuyencong.environment import (
    broker,
    database,
    encryption_key,
    environment_name,
    hosts,
    mail,
    required,
    secret,
    words,
)

# Nothing of REST framework may be imported here: its views would be made before REST_FRAMEWORK below is
# read, and would be open to everybody. Its generic classes take parameters at run time by themselves.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
KC_ENV = environment_name()
PRODUCTION = KC_ENV == "production"
KC_PROCESS = os.environ.get("KC_PROCESS", "command")

# --- secrets (docs/operating.md tells how to make and to change each)
SECRET_KEY = secret("SECRET_KEY", environment=KC_ENV)
KC_PII_KEY = encryption_key("KC_PII_KEY", environment=KC_ENV)
KC_PII_HMAC_KEY = secret("KC_PII_HMAC_KEY", environment=KC_ENV)
KC_AUDIT_KEY = secret("KC_AUDIT_KEY", environment=KC_ENV)
# Earlier keys, newest first: they verify the anchors they signed and sign no more.
KC_AUDIT_KEY_OLD = words("KC_AUDIT_KEY_OLD")

DEBUG = False
ALLOWED_HOSTS = hosts("ALLOWED_HOSTS", environment=KC_ENV)
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")

# --- database: two roles, one database
# A statement that outlives its limit is cancelled, so one bad query cannot hold a thread for ever.
_STATEMENT_MS = {"web": 5_000, "worker": 300_000}.get(KC_PROCESS, 0)
_RUNTIME_OPTIONS = (
    f"-c statement_timeout={_STATEMENT_MS} -c lock_timeout={10_000 if _STATEMENT_MS else 0} "
    f"-c idle_in_transaction_session_timeout={60_000 if KC_PROCESS == 'web' else 600_000}"
)
_RUNTIME = database("DATABASE_URL", options=_RUNTIME_OPTIONS, environment=KC_ENV)
DATABASES: dict[str, dict[str, Any]] = {"default": _RUNTIME}
RUNTIME_ROLE: str = os.environ.get("KC_RUNTIME_ROLE") or _RUNTIME["USER"]
KC_DB_ROLE = os.environ.get("KC_DB_ROLE", "runtime")
if os.environ.get("DATABASE_OWNER_URL"):
    # A web process is started without this variable in production: it never needs the owner.
    _OWNER = database(
        "DATABASE_OWNER_URL", options="-c statement_timeout=0 -c lock_timeout=20000", environment=KC_ENV
    )
    DATABASES["owner"] = {**_OWNER, "TEST": {"MIRROR": "default"}}
    if KC_DB_ROLE == "owner":
        DATABASES["default"] = _OWNER
elif KC_DB_ROLE == "owner":
    required("DATABASE_OWNER_URL")
_TEST_NAME = os.environ.get("KC_TEST_DB") or f"test_{_RUNTIME['NAME']}"
DATABASES["default"]["TEST"] = {"NAME": _TEST_NAME}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- applications, bottom floor first
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "django_htmx",
    "vietnam",
    "records",
    "accounts",
    "beneficiaries",
    "clusters",
    "programs",
    "reports",
    "khuyencong",
]
AUTH_USER_MODEL = "accounts.User"
MIDDLEWARE = [
    "khuyencong.timing.TimingMiddleware",
    "khuyencong.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "khuyencong.middleware.CspMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "khuyencong.middleware.PrivateCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.OneTimePasswordMiddleware",
    "accounts.middleware.ScopeMiddleware",
]
ROOT_URLCONF = "khuyencong.urls"
WSGI_APPLICATION = "khuyencong.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
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
                "khuyencong.context.portal",
            ],
        },
    }
]

# --- language and time
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_THOUSAND_SEPARATOR = False
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"

# --- files
MEDIA_ROOT = Path(os.environ.get("KC_MEDIA_ROOT") or BASE_DIR / "var" / "media")
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("KC_STATIC_ROOT") or BASE_DIR / "var" / "static")
STATICFILES_DIRS = [BASE_DIR / "static"] if (BASE_DIR / "static").is_dir() else []
_HASHED_STATIC = PRODUCTION or bool(os.environ.get("KC_STATIC_ROOT"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "khuyencong.minified.MinifiedStaticFilesStorage"
        if _HASHED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not _HASHED_STATIC
# Larger uploads go through records.files, which streams; a form body never needs more.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750

# --- signing in
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.NotOnesName"},
    {"NAME": "accounts.passwords.LongEnough", "OPTIONS": {"min_length": 15}},
    {"NAME": "accounts.passwords.NotCommon"},
]
LOGIN_URL = "/dang-nhap/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "khuyencong.errors.csrf_failure"

# --- transport
# The proxy ends TLS; it alone may say so, and it overwrites what a client sent.
BEHIND_PROXY = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
if PRODUCTION:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
X_FRAME_OPTIONS = "DENY"

# --- API
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.BearerAuthentication",
        "accounts.authentication.PortalSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["khuyencong.api.parsers.LimitedJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "khuyencong.api.pagination.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "khuyencong.api.problem.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "API Khuyến công",
    "DESCRIPTION": "Đề án khuyến công quốc gia và địa phương: cùng phạm vi, quyền và các bước như trên cổng.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "State": "programs.lifecycle.State",
        "TrancheState": "programs.models.TrancheState",
        "Purse": "programs.lifecycle.Purse",
        "MoneySource": "programs.lifecycle.Source",
        "LegalForm": "beneficiaries.models.LegalForm",
        "ClusterType": "clusters.models.ClusterType",
        "NormUnit": "programs.models.NormUnit",
        "UnitLevel": "vietnam.models.Level",
        "ProjectKind": "programs.lifecycle.Kind",
        "ReportKind": "reports.lifecycle.ReportKind",
        "ReportStage": "reports.lifecycle.Stage",
        "JobStatus": "records.leases.JobStatus",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "khuyencong.api.schema.add_problems",
    ],
}

# --- broker: JSON only (pickle from a broker would be code execution)
REDIS_URL = broker("REDIS_URL", environment=KC_ENV)
CELERY_BROKER_URL = REDIS_URL
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 3600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# The default key is shared by every user of one Redis; a prefix of our own keeps neighbours apart.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": os.environ.get("KC_BROKER_PREFIX", "khuyencong:"),
    "visibility_timeout": 3600,
    "socket_connect_timeout": 3,
    "socket_timeout": 10,
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "dispatch-outbox": {
        "task": "records.tasks.dispatch_outbox",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "dispatch-mail": {"task": "records.tasks.dispatch_mail", "schedule": 15.0, "options": {"expires": 15}},
    # Once is enough; the later rounds find nothing to do unless this timer stood still at half past seven.
    "post-digests": {"task": "programs.tasks.post_digests", "schedule": crontab(hour="7-11", minute=30)},
    "post-reminders": {"task": "programs.tasks.post_reminders", "schedule": crontab(hour="7-11", minute=20)},
    "recompute-deadlines": {
        "task": "programs.tasks.recompute_deadlines",
        "schedule": crontab(hour=0, minute=20),
    },
    "purge-records": {"task": "records.tasks.purge_records", "schedule": crontab(hour=2, minute=10)},
    "anchor-audit": {"task": "records.tasks.anchor_audit", "schedule": crontab(hour=2, minute=20)},
    "verify-invariants": {"task": "records.tasks.verify_invariants", "schedule": crontab(hour=2, minute=30)},
    "sweep-reports": {"task": "reports.tasks.sweep_reports", "schedule": 15.0, "options": {"expires": 15}},
}
# dotted paths of what `manage.py verify` asks beside the records floor's own questions
INVARIANTS = [
    "programs.invariants.totals_follow_rows",
    "programs.invariants.ceilings_follow_commitments",
    "programs.invariants.funds_follow_ledger",
    "programs.invariants.states_follow_steps",
    "programs.invariants.places_work_out_again",
    "reports.invariants.reports_are_made",
]
# topic -> dotted path of the function that handles it (records.outbox finds them by name)
OUTBOX_HANDLERS: dict[str, str] = {
    "deadlines.changed": "programs.recompute.deadlines_changed",
    "file.assigned": "programs.notices.file_assigned",
    "list.applied": "programs.notices.list_applied",
    "mail.digest": "programs.digest.send",
    "mail.notice": "records.mail.send_notice",
    "rule.proposed": "programs.notices.rule_proposed",
    "project.carried": "programs.notices.project_carried",
    "payment.moved": "programs.money_notices.payment_moved",
    "contract.amended": "programs.money_notices.contract_amended",
    "password.reset": "accounts.notices.password_reset",
    "email.changed": "accounts.notices.email_changed",
    "post.lent": "accounts.notices.post_lent",
    "project.moved": "programs.notices.project_moved",
    "remark.made": "programs.notices.remark_made",
    "work.due_soon": "programs.reminders.remind",
}

# --- e-mail: MAIL_MODE is smtp, files (a laptop: written beside the data, never sent) or "" (none)
_MAIL = mail("KC_MAIL_URL", environment=KC_ENV)
MAIL_MODE: str = _MAIL.pop("mode")
globals().update(_MAIL)
EMAIL_FILE_PATH = Path(os.environ.get("KC_MAIL_ROOT") or MEDIA_ROOT.parent / "mail")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = required("KC_MAIL_FROM") if MAIL_MODE == "smtp" else "khuyen-cong@localhost"
_HOME = f"https://{ALLOWED_HOSTS[0].lstrip('.')}" if PRODUCTION else "http://127.0.0.1:8000"
KC_PUBLIC_URL: str = (os.environ.get("KC_PUBLIC_URL") or _HOME).rstrip("/")
"""Where the portal is found from outside, for links in e-mail."""

# --- logs: JSON lines where machines read them, short lines where people do
LOG_LEVEL = os.environ.get("LOG_LEVEL", "INFO")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "khuyencong.logs.JsonFormatter"},
        "short": {
            "class": "khuyencong.logs.ShortFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s%(incident)s: %(message)s",
        },
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json" if PRODUCTION else "short"}
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {"django": {"handlers": ["console"], "level": LOG_LEVEL, "propagate": False}},
}
