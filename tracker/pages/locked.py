"""The response when the database is locked by another writer: what was typed can be sent again."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

from tracker.models import ImportRun
from tracker.pages.posted import posted
from tracker.write_lock import LongWrite, long_writes

SERVICE_UNAVAILABLE = 503
RETRY_AFTER = 30
"""Seconds, for the Retry-After header."""
REASON = "Others are writing to the record at the moment, so nothing of this was saved. Try again later."


def locked_out(request) -> HttpResponse:
    """503: a page that keeps the posted data, or, for programs, a sentence as text or JSON."""
    accept = request.headers.get("Accept", "")
    if "text/html" in accept or request.htmx:
        response = page(request)
    elif "application/json" in accept or request.path_info.endswith(".json"):
        response = JsonResponse({"error": REASON}, status=SERVICE_UNAVAILABLE)
    else:
        response = HttpResponse(
            f"{REASON}\n", content_type="text/plain; charset=utf-8", status=SERVICE_UNAVAILABLE
        )
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store, private"
    return response


def page(request) -> HttpResponse:
    """The page: who is writing, if the reader may know, and a form with all the posted fields."""
    context = posted(request) | {"writes": [write_context(write, request.user) for write in long_writes()]}
    response = render(request, "503.html", context, status=SERVICE_UNAVAILABLE)
    if request.htmx:
        in_place_of_the_page(response)
    return response


def in_place_of_the_page(response: HttpResponse) -> None:
    """Let htmx show the page `response` in place of the whole page, though it requested a part of it."""
    response["HX-Retarget"] = response["HX-Reselect"] = "#main"
    response["HX-Reswap"] = "outerHTML"


def write_context(write: LongWrite, user) -> dict:
    """`what` is being written, `since` when, and `run`, if it is an import that the reader may see."""
    run = None
    if write.import_ref and user.is_authenticated:
        run = ImportRun.objects.visible_to(user).filter(ref=write.import_ref).select_related("by").first()
    return {"what": write.what, "since": write.since, "run": run}
