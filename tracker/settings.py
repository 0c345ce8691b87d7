"""Every setting, with defaults that work at once; the environment changes what an operator may change."""

import os
from ipaddress import ip_address
from pathlib import Path
from zoneinfo import ZoneInfo

from csp.constants import NONE, SELF

from tracker import logs
from tracker.environment import (
    env,
    env_bool,
    env_database,
    env_file,
    env_folder,
    env_int,
    env_list,
    env_secret,
    folder,
    kept_secret,
)

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = env_folder("VAR_DIR", BASE_DIR / "var")

SECRET_KEY = env_secret("SECRET_KEY", None, shortest=50) or kept_secret(VAR_DIR / "secret-key")
DEBUG = env_bool("DEBUG", False)
PORT = env_int("PORT", 8000, 0, 65535)
BIND_ADDRESS = env("BIND_ADDRESS", "127.0.0.1", lambda value: str(ip_address(value)), "an IP address")
SERVER_PROCESSES = env_int("SERVER_PROCESSES", max(2, os.cpu_count() or 1), 1, 64)
SERVER_THREADS = env_int("SERVER_THREADS", 4, 1, 64)
CLIENT_TIMEOUT = env_int("CLIENT_TIMEOUT", 60, 5, 3600)
METRICS_TOKEN = env_secret("METRICS_TOKEN", None)
if METRICS_TOKEN:
    # The processes share their numbers here; it is read when prometheus_client is imported.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder(VAR_DIR / "metrics"))
CONNECTIONS = env_int("CONNECTIONS", 500, 50, 20_000)
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", [])
CSRF_FAILURE_VIEW = "tracker.pages.forgery.refused"
DATABASES = {"default": env_database("DATABASE_URL", env_file("SQLITE_PATH", VAR_DIR / "tracker.sqlite3"))}
TIME_ZONE = env("TIME_ZONE", "UTC", lambda value: ZoneInfo(value).key, "a time zone such as Europe/Paris")

INSTALLED_APPS = [
    "tracker",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_filters",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
]

MIDDLEWARE = [
    "tracker.middleware.Observed",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tracker.middleware.CompressedPages",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tracker.middleware.HostChecked",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tracker.middleware.TokenAuthentication",
    "tracker.middleware.SignedIn",
    "tracker.middleware.refuse_large",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tracker.middleware.keep_pages_private",
    "tracker.middleware.refuse_null_bytes",
    "tracker.middleware.LockedOut",
]

CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "tracker.pages.base.navigation",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"builtins": ["tracker.templatetags.opened_by"], "context_processors": CONTEXT_PROCESSORS},
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
FORMS_URLFIELD_ASSUME_HTTPS = True

ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024  # of a source's text each letter of Cyrillic is six bytes
IMPORT_LIMIT_MB = env_int("IMPORT_LIMIT_MB", 200, 1, 10_000)
UPLOAD_DIR = env_folder("UPLOAD_DIR", VAR_DIR / "imports")
PREPARED_FILE_DAYS = env_int("PREPARED_FILE_DAYS", 3, 1, 366)
LANGUAGE_CODE = "en-gb"
FORMAT_MODULE_PATH = "tracker.formats"

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "tracker.style_sheets.StaticFilesFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# The limits on failed sign-ins are counted here, so the server's processes must share it.
KEEP_DRAFTS = env_bool("KEEP_DRAFTS", True)
SESSION_COOKIE_AGE = env_int("SESSION_DAYS", 14, 1, 366) * 24 * 3600
_CACHE = "django.core.cache.backends.filebased.FileBasedCache"
CACHES = {"default": {"BACKEND": _CACHE, "LOCATION": VAR_DIR / "cache"}}

# SQLite has one write lock, which an import holds for minutes: nobody waits for it to sign in or out.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    SESSION_ENGINE = "django.contrib.sessions.backends.file"
    SESSION_FILE_PATH = folder(VAR_DIR / "sessions")

AUTH_USER_MODEL = "tracker.User"
AUTHENTICATION_BACKENDS = ["tracker.accounts.roles.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "tracker.pages.signing_in.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "tracker.accounts.forms.SignInForm",
    "change_password": "tracker.accounts.forms.PasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Negotiation tracker"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "img-src": [SELF, "data:"],
    }
}

if env_bool("HTTPS", False):
    SECURE_REDIRECT_EXEMPT = ["^(healthz|readyz|metrics)$"]
    SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    # Entering a domain into the browsers' preload lists is for its owner to decide.
    SILENCED_SYSTEM_CHECKS = ["security.W021"]

LOGGING = logs.configuration(
    env("LOG_LEVEL", "WARNING", logs.level, f"one of {', '.join(logs.LEVELS)}"),
    env("LOG_FORMAT", "text", logs.form, "text or json"),
    env("ERROR_REPORTER", None, logs.reporter, "a logging handler's class, made without arguments"),
)
