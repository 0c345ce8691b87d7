"""How the log is written: at which level, as text or JSON, and which request each line is about."""

import logging
from contextvars import ContextVar
from typing import Any

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
FORMATS = ("text", "json")
REQUEST: ContextVar[dict[str, Any] | None] = ContextVar("REQUEST", default=None)
"""What each line says of the request that it is written in: `request_id`, and `user_id` once it is known."""

JSON_FIELDS = "{asctime}{levelname}{name}{message}"


def level(text: str) -> str:
    """The one of LEVELS that `text` names in any case; ValueError for another."""
    return LEVELS[LEVELS.index(text.upper())]


def form(text: str) -> str:
    """The one of FORMATS that `text` names in any case; ValueError for another."""
    return FORMATS[FORMATS.index(text.lower())]


class OfRequest(logging.Filter):
    """Adds to each line what REQUEST holds."""

    def filter(self, record: logging.LogRecord) -> bool:
        for name, value in (REQUEST.get() or {}).items():
            setattr(record, name, value)
        return True


class WithoutTraceback(logging.Filter):
    """Leaves the traceback to errors of the server: a refused request is one line."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = None
        # Its object holds cookies and forms, and cannot be written as JSON.
        record.__dict__.pop("request", None)
        return True


def configuration(least: str, written_as: str, reporter: str | None) -> dict[str, Any]:
    """Django's LOGGING for lines of at least the level `least`, written as text or json.

    `reporter` is the path of a handler of the standard library's kind, which is given every error of the server too.
    """
    handlers: dict[str, dict[str, Any]] = {
        "console": {"class": "logging.StreamHandler", "formatter": written_as, "filters": ["of_request"]}
    }
    if reporter:
        handlers["reporter"] = {"class": reporter, "level": "ERROR", "filters": ["of_request"]}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"without_traceback": {"()": WithoutTraceback}, "of_request": {"()": OfRequest}},
        "formatters": {
            "text": {"format": "{levelname} {name}: {message}", "style": "{"},
            "json": {"()": "pythonjsonlogger.json.JsonFormatter", "format": JSON_FIELDS, "style": "{"},
        },
        # That requests wait for a thread is no news.
        "loggers": {
            "django.request": {"filters": ["without_traceback"]},
            "waitress.queue": {"level": "ERROR"},
        },
        "handlers": handlers,
        "root": {"handlers": list(handlers), "level": least},
    }
