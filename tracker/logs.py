"""How the log is written: at which level, as text or JSON, and which request each line is about."""

import inspect
import logging
import re
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest
from django.utils.module_loading import import_string

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
FORMATS = ("text", "json")
REQUEST: ContextVar[dict[str, Any] | None] = ContextVar("REQUEST", default=None)
"""What each line says of the request that it is written in: `request_id`, and `user_id` once it is known."""

JSON_FIELDS = "{asctime}{levelname}{name}{message}"

BEYOND_THE_HOST = re.compile(r"(?<=://)([^/?#\s]*)[/?#]\S*")
"""What follows the host in an address, such as that of a page from which a refused form came."""

SERVED = re.compile(r"(?<=while serving )/.*", re.DOTALL)
"""The address in what waitress writes of a client that left, or of an answer that broke off."""


def level(text: str) -> str:
    """The one of LEVELS that `text` names in any case; ValueError for another."""
    return LEVELS[LEVELS.index(text.upper())]


def form(text: str) -> str:
    """The one of FORMATS that `text` names in any case; ValueError for another."""
    return FORMATS[FORMATS.index(text.lower())]


def reporter(text: str) -> str:
    """The path `text` of a handler's class that needs no arguments; ValueError where there is none."""
    try:
        handler = import_string(text)
        inspect.signature(handler).bind()
        is_handler = issubclass(handler, logging.Handler)
    except (ImportError, TypeError) as error:
        raise ValueError(text) from error
    if not is_handler:
        raise ValueError(text)
    return text


class OfRequest(logging.Filter):
    """Adds to each line what REQUEST holds."""

    def filter(self, record: logging.LogRecord) -> bool:
        for name, value in (REQUEST.get() or {}).items():
            setattr(record, name, value)
        return True


class Discreet(logging.Filter):
    """Keeps to itself what a request asked for, and takes a refused one for no error; `least` is the lowest level."""

    def __init__(self, least: str):
        super().__init__()
        self.least = logging.getLevelName(least)

    def filter(self, record: logging.LogRecord) -> bool:
        # Its object holds the address, cookies and forms, and cannot be written as JSON.
        request = record.__dict__.pop("request", None)
        if request is not None:
            record.msg, record.args = _without_address(record.getMessage(), request), ()
        elif record.name == "waitress":
            record.msg, record.args = SERVED.sub(lambda found: _beginning(found[0]), record.getMessage()), ()
        if getattr(record, "status_code", 500) < 500:
            # Anybody can send a wrong request, which is one line; the traceback is left to errors of the server.
            record.exc_info = None
            record.levelno = min(record.levelno, logging.WARNING)
            record.levelname = logging.getLevelName(record.levelno)
        return record.levelno >= self.least


def _beginning(path: str) -> str:
    """The first part of `path`; what follows it may be a secret."""
    first, _, rest = path[1:].partition("/")
    return f"/{first}/..." if rest else path


def _without_address(message: str, request: HttpRequest) -> str:
    # As Django writes it into the log.
    path = request.path.encode("unicode_escape").decode("ascii")
    match = request.resolver_match
    known = f"/{match.route}" if match else _beginning(path)
    return BEYOND_THE_HOST.sub(r"\1", message.replace(path, known))


def configuration(least: str, written_as: str, reporter: str | None) -> dict[str, Any]:
    """Django's LOGGING for lines of at least the level `least`, written as text or json.

    `reporter` is the path of a handler of the standard library's kind, which is given every error of the server too.
    """
    handlers: dict[str, dict[str, Any]] = {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": written_as,
            "level": least,
            "filters": ["of_request", "discreet"],
        }
    }
    if reporter:
        handlers["reporter"] = {
            "class": reporter,
            "level": "ERROR",
            "filters": ["of_request", "discreet_errors"],
        }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "of_request": {"()": OfRequest},
            "discreet": {"()": Discreet, "least": least},
            "discreet_errors": {"()": Discreet, "least": "ERROR"},
        },
        "formatters": {
            "text": {"format": "{levelname} {name}: {message}", "style": "{"},
            "json": {"()": "pythonjsonlogger.json.JsonFormatter", "format": JSON_FIELDS, "style": "{"},
        },
        "loggers": {
            # Handlers of its own, which write addresses, are taken from it.
            "django": {"handlers": []},
            # That requests wait for a thread is no news.
            "waitress.queue": {"level": "ERROR"},
        },
        "handlers": handlers,
        "root": {"handlers": list(handlers), "level": least},
    }
