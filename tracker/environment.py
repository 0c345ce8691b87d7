"""Strict parsing of environment variables: a wrong value stops the start, naming setting and value."""

import contextlib
import os
import secrets
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

BOOLEANS = dict.fromkeys(("1", "true", "yes", "on"), True) | dict.fromkeys(("0", "false", "no", "off"), False)
# Readers never wait for the writer, and writers queue for their turn rather than fail.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000; "
    "PRAGMA mmap_size=134217728",
}

REACHED_WITHIN = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""After how many seconds, and milliseconds, a PostgreSQL server counts as away that does not connect, or whose machine
does not confirm what it was sent.
"""


def env(name, default, parse=str, wanted="text"):
    """The environment's `name` read by `parse`, or `default` where it is unset or empty.

    Raises ImproperlyConfigured, saying what is `wanted`, where `parse` raises one of the three errors below.
    """
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    try:
        return parse(value)
    except (ValueError, LookupError, OSError) as error:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be {wanted}.") from error


def env_bool(name, default):
    """True for 1, true, yes, on; False for 0, false, no, off, in any case."""
    return env(name, default, lambda value: BOOLEANS[value.lower()], "one of " + ", ".join(BOOLEANS))


def env_int(name, default, lowest, highest):
    """A whole number from `lowest` to `highest`."""
    allowed = range(lowest, highest + 1)
    wanted = f"a whole number from {lowest} to {highest}"
    return env(name, default, lambda value: allowed[allowed.index(int(value))], wanted)


def env_list(name, default):
    """A list from words separated by commas."""
    return env(name, default, lambda value: [word.strip() for word in value.split(",") if word.strip()])


def env_secret(name, default, shortest=0):
    """The environment's `name`, or the content of the file that `name`_FILE names, or `default`.

    Raises ImproperlyConfigured, which does not tell it, where it is shorter than `shortest`.
    """
    in_file = env(f"{name}_FILE", default, lambda path: Path(path).read_text().strip(), "a readable file")
    secret = env(name, in_file)
    if secret and len(secret) < shortest:
        raise ImproperlyConfigured(f"{name} has {len(secret)} characters; it must have {shortest} or more.")
    return secret


def env_file(name, default):
    """The path of a file, which may have to be made yet, from the environment's `name`, or `default`.

    Raises ImproperlyConfigured where it cannot be one.
    """
    return env(name, default, _path_of_file, "a file in a folder that exists")


def _path_of_file(text):
    path = Path(text).absolute()
    if path.is_dir() or not path.parent.is_dir():
        raise ValueError(text)
    return path


def env_folder(name, default):
    """The folder that the environment's `name` tells, or `default`, made where it is not there.

    Raises ImproperlyConfigured where it cannot be made.
    """
    path = env(name, default, lambda value: Path(value).absolute())
    try:
        return folder(path)
    except OSError as error:
        raise ImproperlyConfigured(f"{name} is '{path}'; it must be a folder that can be made.") from error


def folder(path):
    """The folder `path`, made for its owner alone where it is not there."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def kept_secret(path):
    """The random text in the file `path`, made on the first call, for its owner alone to read."""
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
        # Two processes may start at once: linking lets the first one win, and both read the same text.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text()


def env_database(name, sqlite_path):
    """Django's description of the PostgreSQL database that `name` tells, or else of SQLite in `sqlite_path`.

    Raises ImproperlyConfigured where the URL is not one of PostgreSQL; says its scheme alone, since the rest
    may hold a password.
    """
    url = env_secret(name, None)
    if not url:
        # Opening it takes longer than most queries: SQLite reads the whole schema, with all triggers.
        kept = {"CONN_MAX_AGE": 600, "OPTIONS": SQLITE_OPTIONS}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": sqlite_path, **kept}
    if not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured(f"{name} begins with {url.split(':')[0]!r}; it must be postgres://...")
    try:
        database = dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} cannot be read; quote its special characters.") from error
    # The server would take longer to compile the standing of all items than to work it out.
    options = database.setdefault("OPTIONS", {})
    options.setdefault("options", "-c jit=off")
    # A server that hangs, or whose machine is gone, would be waited for without end.
    for name, value in REACHED_WITHIN.items():
        options.setdefault(name, value)
    return database
