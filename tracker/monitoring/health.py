"""Whether the server lives, and whether it can work."""

import logging
from functools import lru_cache

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


@require_safe
@login_not_required
def alive(request: HttpRequest) -> JsonResponse:
    """200 while a process answers, whatever else is wrong: what is worth a restart shows in its absence."""
    return JsonResponse({"status": "alive"})


@require_safe
@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    """200 if pages can be answered; 503 with what is missing, without details that strangers should not read."""
    try:
        applied = MigrationRecorder(connection).applied_migrations().keys()
    except DatabaseError as error:
        logger.warning("The database does not answer: %s", error)
        return _not_ready("the database does not answer")
    if not last_migrations() <= applied:
        return _not_ready("migrations are to be applied")
    return JsonResponse({"status": "ready"})


@lru_cache
def last_migrations() -> set[tuple[str, str]]:
    """The last migration of each application, as (application, name)."""
    return set(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())


def _not_ready(reason: str) -> JsonResponse:
    return JsonResponse({"status": "not ready", "reason": reason}, status=503)
