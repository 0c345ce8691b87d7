"""What Prometheus reads: requests by page and answer, and how long they took."""

import hmac
import logging
import os
import threading
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

ROOM = 2 * 1024**2
"""Bytes of the disk that each process takes for its numbers: those of some 1,000 kinds of request."""

logger = logging.getLogger(__name__)
_making = threading.Lock()


def folder() -> Path:
    """Where the processes of a server keep their numbers for each other."""
    return Path(settings.VAR_DIR) / "metrics"


def begin() -> None:
    """Forget the numbers of an earlier server; before the processes of this one are forked."""
    for left in folder().glob("*.db"):
        left.unlink()


def measured(method: str, route: str, status: int, seconds: float) -> None:
    """Count one request, by its method, the pattern of its address and the code of its answer; not on a full disk."""
    try:
        with _making:
            histogram = _histogram()
    except OSError as error:
        logger.warning("Requests are not counted: %s", error)
        return
    histogram.labels(method, route, str(status)).observe(seconds)


@lru_cache
def _histogram():
    # As prometheus-client calls it. The file is mapped into memory: the system ends a process that writes to a part of
    # it for which the disk has no room.
    with (folder() / f"histogram_{os.getpid()}.db").open("ab") as file:
        os.posix_fallocate(file.fileno(), 0, ROOM)
    return Histogram(
        "tracker_request_seconds",
        "Seconds until an answer began",
        ["method", "route", "status"],
        buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    )


@require_safe
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """The numbers since the server started, for who sends METRICS_TOKEN; 404 without that setting."""
    given = request.headers.get("Authorization", "")
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    if not settings.METRICS_TOKEN:
        return HttpResponse(status=404)
    if not hmac.compare_digest(given.encode(), wanted.encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(folder()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
