"""Django's settings. Everything a person may set stands in `environment.py`."""

from urllib.parse import urlsplit

from firsthand.config import environment
from firsthand.config.logs import logging_settings
from firsthand.config.mail import read_mail
from firsthand.config.secret_key import kept_secret
from firsthand.config.sqlite import use_bundled_sqlite

use_bundled_sqlite()  # before Django imports `sqlite3`

from pathlib import Path  # noqa: E402

from csp.constants import NONE, SELF  # noqa: E402

from firsthand.config.database import database_settings, is_pooled  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
DATA_DIR = environment.DATA_DIR.read().resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
DEMO_SIGN_INS = DATA_DIR / environment.DEMO_SIGN_INS

DEBUG = environment.DEBUG.read()
SECRET_KEY = environment.SECRET_KEY.read() or kept_secret(DATA_DIR / "secret-key")

BASE_URL = environment.BASE_URL.read() or f"http://127.0.0.1:{environment.PORT.read()}"
IS_SECURE = BASE_URL.startswith("https://")
ALLOWED_HOSTS = [urlsplit(BASE_URL).hostname or "", *environment.ALLOWED_HOSTS.read(), "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "django_q",
    "firsthand.config",
    "firsthand.core",
    "firsthand.history",
    "firsthand.people",
    "firsthand.program",
    "firsthand.customers",
    "firsthand.deals",
    "firsthand.references",
    "firsthand.stories",
    "firsthand.matching",
    "firsthand.requests",
    "firsthand.intake",
    "firsthand.upkeep",
    "firsthand.portal",
    "firsthand.desk",
]

MIDDLEWARE = [
    "firsthand.config.middleware.BelieveTrustedProxies",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "firsthand.config.middleware.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "firsthand.config.middleware.RefusedAsPage",
    "firsthand.config.middleware.NoNullCharacters",
]

ROOT_URLCONF = "firsthand.config.urls"
WSGI_APPLICATION = "firsthand.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "core" / "ui" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "firsthand.core.ui.context.shell",
                "firsthand.upkeep.bell.bell",
            ],
        },
    },
]

DATABASES = {
    "default": database_settings(
        environment.DATABASE_URL.read(), data_dir=DATA_DIR, pool=environment.DATABASE_POOL.read(), pooled=is_pooled()
    ),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In the database, so that throttles hold over processes; `firsthand prepare` makes its table.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    # The worker notes its pulse ten times a second, for nobody but itself.
    "worker": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

AUTH_USER_MODEL = "people.Colleague"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{validator}"}
    for validator in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation's link has shown that the address is theirs
ACCOUNT_ADAPTER = "firsthand.people.adapter.Adapter"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/300s/key", "reset_password": "20/m/ip,5/m/key"}
TRUSTED_PROXIES = environment.TRUSTED_PROXIES.read()
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if TRUSTED_PROXIES else 0  # the proxy adds the last address to `X-Forwarded-For`

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_SSL_REDIRECT = IS_SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by a balancer inside the house
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Sub-domains and the browsers' preload list are the company's to decide, not this program's.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# Where the signed links of each purpose lead: the name of a page that takes the link's id.
LINK_PAGES = {
    "invitation": "people:invitation",
    "new_password": "people:new_password",
    "approval": "requests:approval_link",
    "answer": "requests:answer_link",
    "pick": "requests:pick_link",
    "info": "requests:info_link",
    "status": "requests:status_link",
    "prospect_debrief": "requests:prospect_debrief",
    "portal": "portal:page",
}

# Who writes anew what it derives from an account, or from a facet value, that has changed: see core/follow.py.
FOLLOWERS = {
    "account": ["firsthand.stories.actions.follow_accounts"],
    "facet_value": ["firsthand.stories.actions.follow_values"],
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    },
}

LANGUAGE_CODE = "en-us"
TIME_ZONE = environment.TIME_ZONE.read()
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [folder for folder in [ROOT / "core" / "ui" / "static"] if folder.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Names with a digest in them may be cached for ever; `firsthand serve` gathers them when they have changed.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
IMPORT_MB = environment.IMPORT_MB.read()
MEDIA_ROOT = DATA_DIR / "files"

MAIL = read_mail(environment.EMAIL_URL.read(), data_dir=DATA_DIR)
MAIL_LEAVES_THE_HOUSE = MAIL.leaves_the_house
EMAIL_BACKEND, EMAIL_FILE_PATH = MAIL.backend, MAIL.folder
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.host, MAIL.port, MAIL.user, MAIL.password
EMAIL_USE_SSL, EMAIL_USE_TLS = MAIL.ssl, MAIL.starttls
EMAIL_TIMEOUT = 10  # seconds; shorter than the lease of a claimed message
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.EMAIL_FROM.read()

# Delivery is at least once; what a task does is counted in our own rows, so it is safe to do twice.
Q_CLUSTER = {
    "name": "firsthand",
    "orm": "default",
    "cache": "worker",
    "workers": 1,
    "timeout": 30,
    "retry": 60,  # above the longest time-out, or a task runs twice at once
    "max_attempts": 3,
    "save_limit": -1,  # results are not saved
    "poll": 1,
    "catch_up": False,  # after a night off, one tick does whatever is due
}
TASKS = {
    "tick": "firsthand.upkeep.worker.tick",
    "drain": "firsthand.upkeep.worker.drain_messages",
    "job": "firsthand.upkeep.worker.run_job",
}

LOGGING = logging_settings(environment.LOG_LEVEL.read())
