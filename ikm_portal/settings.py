"""One settings file. `PORTAL_ENV` is `demo` (the default: embedded servers, demonstration), `test` or `production`."""

from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

from ikm_portal import audit_actions, audit_words, limits, message_kinds
from ikm_portal.administered import ADMINISTERED_MODELS as ADMINISTERED
from ikm_portal.content_policy import CONTENT_POLICY
from ikm_portal.environment import Environment
from ikm_portal.keys import key_bytes, keys_by_id, local_keys
from ikm_portal.logs import logging_config
from ikm_portal.schedule import SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()  # NAME_FILE names a file with the value of NAME

PORTAL_ENV = env.str("PORTAL_ENV", "demo")
if PORTAL_ENV not in {"demo", "test", "production"}:
    raise environ.ImproperlyConfigured(f"PORTAL_ENV must be demo, test or production, not {PORTAL_ENV!r}.")
PRODUCTION = PORTAL_ENV == "production"
DEMONSTRATION = PORTAL_ENV == "demo"
DEBUG = env.bool("DEBUG", False)

DATA_DIR = Path(env.str("PORTAL_DATA", str(BASE_DIR / "var")))
KEYS = (
    {
        "secret_key": env.str("SECRET_KEY"),
        "encryption_keys": env.str("ENCRYPTION_KEYS"),
        "hash_key": env.str("HASH_KEY"),
    }
    if PRODUCTION
    else local_keys(DATA_DIR / "keys.json")
)
SECRET_KEY = KEYS["secret_key"]
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# id -> 32 bytes; the highest id encrypts, the others only decrypt until `manage.py rotate_keys` has run.
ENCRYPTION_KEYS = keys_by_id(KEYS["encryption_keys"], "ENCRYPTION_KEYS")
HASH_KEY = key_bytes(KEYS["hash_key"], "HASH_KEY")

# Links in messages begin with it, so a real office has to name it.
SITE_URL = env.str("SITE_URL") if PRODUCTION else env.str("SITE_URL", f"http://127.0.0.1:{env.str('PORT', '8000')}")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "testserver"]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "reports",
    "incentives",
    "participants",
    "programs",
    "budgets",
    "documents",
    "notifications",
    "jobs",
    "accounts",
    "regions",
    "kit",
    "ikm_portal",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rules",
    "crispy_forms",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "ikm_portal.middleware.RequestMiddleware",
    "kit.replica.WrittenMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "ikm_portal.middleware.ChosenLanguageMiddleware",
    "ikm_portal.middleware.ButtonOnlyMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.StaffSessionMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ikm_portal.middleware.AgencyTimeMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "ikm_portal.urls"
WSGI_APPLICATION = "ikm_portal.wsgi.application"

_loaders = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", _loaders)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ikm_portal.context_processors.portal",
            ],
            "builtins": [
                "django.templatetags.static",
                "django.templatetags.i18n",
                "django_cotton.templatetags.cotton",
                "crispy_forms.templatetags.crispy_forms_filters",
                "kit.templatetags.kit",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ("portal",)
CRISPY_TEMPLATE_PACK = "portal"

DATABASES = {"default": env.db("DATABASE_URL", "postgres://portal@127.0.0.1/portal")}
DATABASES["default"].update({"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False})
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)
# With PgBouncer in transaction mode nothing may outlive its transaction.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = env.bool("PGBOUNCER", False)
if env.str("REPLICA_URL", ""):
    # Not checked at every request: `kit.replica` asks it more than that before each use.
    DATABASES["replica"] = env.db("REPLICA_URL") | {"CONN_MAX_AGE": 600, "TEST": {"MIRROR": "default"}}
    DATABASES["replica"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 1)
    DATABASES["replica"]["DISABLE_SERVER_SIDE_CURSORS"] = env.bool("PGBOUNCER", False)
DATABASE_ROUTERS = ["kit.replica.ReplicaRouter"]
REPLICA_MAX_LAG = env.int("REPLICA_MAX_LAG", 10)
# Public keys of age: who makes backups cannot read them.
BACKUP_RECIPIENTS = env.list("BACKUP_RECIPIENTS", default=[])

REDIS_URL = env.str("REDIS_URL", "redis://127.0.0.1:6379/0")
# redis-py names a socket `unix:///path?db=0`, kombu `redis+socket:///path?virtual_host=0`.
_cache_url = REDIS_URL.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _cache_url,
        "KEY_PREFIX": env.str("CACHE_PREFIX", "portal"),
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_DB_REUSE_MAX = 1000
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1000,  # longer than the hard time limit, or a running task starts twice
    "unacked_restore_interval": 5,
    "socket_connect_timeout": 1,
    "socket_timeout": 30,
}
# Long work has workers of its own, so that a message never waits behind an export.
CELERY_TASK_ROUTES = {"jobs.tasks.run": {"queue": "jobs"}, "documents.tasks.*": {"queue": "jobs"}}
CELERY_BEAT_SCHEDULER = "ikm_portal.beat:LoneScheduler"
CELERY_TIMEZONE = "Asia/Jakarta"
CELERY_BEAT_SCHEDULE = SCHEDULE

# notifications, jobs
# Messages a minute and channel that the provider allows; 0 is no limit.
NOTIFICATIONS_PER_MINUTE = {"email": env.int("EMAIL_PER_MINUTE", 0)}
MESSAGE_KINDS = message_kinds.MESSAGE_KINDS
# What goes out at night too, unless an office decides otherwise: answers to what somebody does now, and deadlines.
MESSAGES_AT_ANY_HOUR = [
    *("recovery_code", "registration_received", "registration_corrected", "seat_offered", "offer_accepted"),
    *("account_password_reset", "account_password_changed", "complaint_received"),
]
# The WhatsApp Business Platform; another address where a provider or a test speaks the same language.
WHATSAPP_API_URL = env.str("WHATSAPP_API_URL", "https://graph.facebook.com/v23.0")
# kind -> dotted name of a function (job, progress) that answers a stored file or nothing
JOB_KINDS: dict[str, str] = {}
# end of notifications, jobs

# documents: the modules that tell which official papers there are (design: papers.py of each app).
PAPER_MODULES = ["programs.papers", "participants.papers", "incentives.papers"]
JOB_KINDS |= {"papers_issue": "documents.jobs.issue_papers"}
# Signing: the e-sign service in the city's network, and whose certificates count as trusted (PEM files).
ESIGN_URL = env.str("ESIGN_URL", "").rstrip("/")
ESIGN_USERNAME, ESIGN_PASSWORD = env.str("ESIGN_USERNAME", ""), env.str("ESIGN_PASSWORD", "")
ESIGN_CA_FILE = env.str("ESIGN_CA_FILE", "")
SIGNING_ROOTS = [Path(name) for name in env.list("SIGNING_ROOTS", default=[])]
# end of documents

# budgets
# Hours for which money does not go to an account that a second person has just confirmed.
PAYEE_COOLING_HOURS = env.int("PAYEE_COOLING_HOURS", 24)
# Who knows the identity numbers of payees, which withholding slips tell (kit/payees.py).
PAYEE_MODULES = ["participants.queries.payees", "programs.queries.payees"]
# end of budgets

# programs
# Topic requests that one network may send in a day; whole villages share an address. 0 is no limit.
TOPIC_REQUESTS_A_DAY = env.int("TOPIC_REQUESTS_A_DAY", 200)
# end of programs

# participants
JOB_KINDS |= {
    "certificates_issue": "participants.jobs.issue_certificates",
    "certificates_print": "participants.jobs.print_certificates",
    "completions_recompute": "participants.jobs.recompute_program",
    "registrations_export": "participants.jobs.export_registrations",
    "retention_run": "participants.jobs.carry_out_retention",
    "selection_freeze": "participants.jobs.freeze_selection",
}
# A selection with more entries than this is frozen by a worker: the page would meet the web server's time limit.
FREEZE_AT_ONCE = env.int("FREEZE_AT_ONCE", 1_000)
# How long the link to a jury opens, and how long a juror's phone is known after the PIN.
JUROR_LINK_DAYS, JUROR_DEVICE_DAYS = env.int("JUROR_LINK_DAYS", 14), env.int("JUROR_DEVICE_DAYS", 30)
# How long a device keeps the lists of attendance after the end of the last session that it holds.
ATTENDANCE_DEVICE_HOURS = env.int("ATTENDANCE_DEVICE_HOURS", 12)
COMPLAINT_DAYS, COMPLAINT_CONTACT_DAYS, LAPOR_URL = limits.complaints(env)
IMPORTS = limits.imports(env)
JOB_KINDS |= {
    "import_check": "participants.jobs.check_import",
    "import_apply": "participants.jobs.apply_import",
    "import_mistakes": "participants.jobs.export_mistakes",
}
# What each app tells, joins and erases of a person (design: privacy.py of each app).
PRIVACY_MODULES = ["participants.privacy", "incentives.privacy"]
# What other apps show on the resident's own page (kit/own_page.py).
OWN_PAGE_MODULES = ["incentives.queries.own"]
# Days in which a merge of two persons can be undone, and after which a pair that was put off is asked about again.
JOB_KINDS |= {"persons_find": "participants.jobs.find_persons"}
MERGE_UNDO_DAYS, PAIR_LATER_DAYS = env.int("MERGE_UNDO_DAYS", 7), env.int("PAIR_LATER_DAYS", 30)
# end of participants
JOB_KINDS |= {
    "papers_make": "reports.jobs.make_papers",
    "papers_print": "reports.jobs.print_papers",
    "trail_verify": "ikm_portal.inspection.verify_trail",
    "trail_export": "ikm_portal.inspection.export_trail",
}

EMAIL_CONFIG = env.email_url("EMAIL_URL", "consolemail://" if PRODUCTION else f"filemail:///{DATA_DIR}/mail")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Portal IKM <portal@localhost>")

AUTH_USER_MODEL = "accounts.User"
# accounts: sign-in
AUTHENTICATION_BACKENDS = ["accounts.backends.AccountsBackend", "rules.permissions.ObjectPermissionBackend"]
ACCOUNT_ADAPTER = "ikm_portal.account_adapter.OutboxAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 - a class
ACCOUNT_RATE_LIMITS = False  # counted in the database by accounts.actions, which a cache that is down cannot stop
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "reset_password": "accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "reauthenticate": "accounts.forms.ConfirmPasswordForm",
}
# Whoever reaches people's data signs in with a second step (accounts.roles.SECOND_STEP). It may be put off for so many
# days after it was asked for the first time; 0 is not at all.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", PRODUCTION)
MFA_GRACE_DAYS = env.int("MFA_GRACE_DAYS", 0)
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = False
# Browsers give passkeys to https and to localhost; the demonstration is served at localhost without https.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_FORMS = {"authenticate": "accounts.forms.SecondStepForm", "reauthenticate": "accounts.forms.ConfirmCodeForm"}
PASSWORD_RESET_TIMEOUT = 3600
# accounts: end of sign-in
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# Every account of the demonstration has this password; it is shown on the sign-in page there.
DEMO_PASSWORD = "batik-pekalongan-2026"  # noqa: S105 - shown to everybody
DEMO_JUROR_PIN = "250714"  # shown to everybody too
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workspace"
LOGOUT_REDIRECT_URL = "home"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "ikm_portal.views.csrf_failure"
STAFF_IDLE_SECONDS = env.int("STAFF_IDLE_SECONDS", 1800)
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 365 * 24 * 3600)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # With this prefix browsers take them from this host alone, by TLS, and never from a neighbour of the same domain.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"

CONTENT_SECURITY_POLICY = CONTENT_POLICY

ADMINISTERED_MODELS = ADMINISTERED
AUDIT_ACTIONS, AUDIT_FIELDS, AUDIT_VALUES = (
    audit_actions.AUDIT_ACTIONS,
    audit_words.AUDIT_FIELDS,
    audit_words.AUDIT_VALUES,
)
# id -> 32 bytes, kept apart from the database: with it nobody but its keeper can write the chain of the trail anew.
AUDIT_SEAL_KEYS = keys_by_id(env.str("AUDIT_SEAL_KEYS", ""), "AUDIT_SEAL_KEYS")
# Where the head of the chain is noted every day, out of reach of whoever administers the database.
AUDIT_WITNESS_FILE = env.str("AUDIT_WITNESS_FILE", str(DATA_DIR / "trail-witness.txt"))
AUDIT_WITNESS_EMAIL = env.list("AUDIT_WITNESS_EMAIL", default=[])

LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Jakarta"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(DATA_DIR / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if PORTAL_ENV == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = DATA_DIR / "files"
# Files are kept in memory by the views that say how much they take (kit/uploads.py); elsewhere they are dropped.
FILE_UPLOAD_HANDLERS = ["kit.uploads.MemoryHandler"]
WHITENOISE_USE_FINDERS = PORTAL_ENV == "test"
WHITENOISE_AUTOREFRESH = False

# A proxy in front tells the visitor's address in X-Forwarded-For; how many of its entries are to be trusted.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
THROTTLES, WATCH, EVIDENCE = limits.throttles(env), limits.watch(env), limits.evidence(env)
JOB_CARDS, AFTER_AWARDS = limits.job_cards(env), limits.after_awards(env)
SLOW_LANE, PROOF_OF_WORK_BITS = limits.SLOW_LANE, env.int("PROOF_OF_WORK_BITS", 16)

# /readyz looks at the parts at most once in so many seconds.
HEALTH_SECONDS = env.float("HEALTH_SECONDS", 0 if PORTAL_ENV == "test" else 2)
# Who may read /metrics: a bearer token, or networks whose peers come without a proxy. Nobody else finds the address.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
METRICS_ALLOWED = env.list("METRICS_ALLOWED", default=[])
METRICS_SECONDS = env.float("METRICS_SECONDS", 0 if PORTAL_ENV == "test" else 5)
# A message that could go out and waits longer than this is told there: a provider is slow or away.
MESSAGES_LATE_SECONDS = env.int("MESSAGES_LATE_SECONDS", 900)
# Readable lines where a person watches, JSON for a collector; no personal data in either (ikm_portal/logs.py).
LOG_FORMAT = env.str("LOG_FORMAT", "json" if PRODUCTION else "text")
LOGGING = logging_config(level=env.str("LOG_LEVEL", "INFO" if PRODUCTION else "WARNING"), as_json=LOG_FORMAT == "json")
