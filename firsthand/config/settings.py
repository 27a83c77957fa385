"""Django's settings. Everything a user may set is a `FIRSTHAND_*` variable."""

import os
import secrets
from pathlib import Path

from firsthand.config.sqlite import use_bundled_sqlite

use_bundled_sqlite()

import dj_database_url  # noqa: E402  (Django must see the bundled SQLite)
from csp.constants import NONE, SELF  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("FIRSTHAND_DATA_DIR", "var")).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = os.environ.get("FIRSTHAND_DEBUG", "") == "1"


def _secret_key() -> str:
    given = os.environ.get("FIRSTHAND_SECRET_KEY")
    if given:
        return given
    path = DATA_DIR / "secret-key"
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
    return path.read_text()


SECRET_KEY = _secret_key()
BASE_URL = os.environ.get("FIRSTHAND_BASE_URL", f"http://127.0.0.1:{os.environ.get('FIRSTHAND_PORT', '8000')}")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "csp",
    "django_filters",
    "django_htmx",
    "django_q",
    "template_partials",
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
            ],
        },
    },
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("FIRSTHAND_DATABASE_URL", f"sqlite:///{DATA_DIR / 'firsthand.sqlite3'}"),
    ),
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA secure_delete=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Colleague"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"

# Where the signed links of each purpose lead: the name of a page that takes the link's id.
LINK_PAGES = {
    "invitation": "people:invitation",
    "new_password": "people:new_password",
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
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [ROOT / "core" / "ui" / "static"]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
Q_CLUSTER = {
    "name": "firsthand",
    "orm": "default",
    "timeout": 30,
    "retry": 60,
    "workers": 1,
    "save_limit": -1,
    "poll": 1,
    "max_attempts": 3,
}
TASKS = {
    "tick": "firsthand.upkeep.worker.tick",
    "drain": "firsthand.upkeep.worker.drain_messages",
    "job": "firsthand.upkeep.worker.run_job",
}
