"""The application's own settings, with what tests need otherwise."""

import atexit
import os
import tempfile

# The tests say themselves what they set: of the environment, only the choice of the database counts.
for name in ("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "DEBUG", "HTTPS", "PORT", "SQLITE_PATH", "TIME_ZONE"):
    os.environ.pop(name, None)
scratch = tempfile.TemporaryDirectory(prefix="tracker-tests-")
atexit.register(scratch.cleanup)
os.environ["VAR_DIR"] = scratch.name

from tracker.settings import *  # noqa: E402, F403
from tracker.settings import DATABASES, MIDDLEWARE, STORAGES, VAR_DIR  # noqa: E402

# A file rather than memory: threads then meet each other's locks as they do in use. PostgreSQL names its own.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
    # One connection runs a whole suite, of thousands of statements, which take a tenth of its time to be read again.
    DATABASES["default"]["OPTIONS"] |= {"cached_statements": 1000}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Tests turn the clock years ahead, and a session in a file is as old as the file.
SESSION_COOKIE_AGE = 20 * 365 * 24 * 3600
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Static files come from their sources: nothing is collected for a test.
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("whitenoise.")]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
