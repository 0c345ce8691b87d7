"""The answer to an error of the server: what is out of order, if that is known, and all that was sent."""

import logging
import sys

from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.template.loader import render_to_string
from django.views.defaults import server_error

from tracker.outage import Outage, outage_of
from tracker.pages.locked import SERVICE_UNAVAILABLE, in_place_of_the_page
from tracker.pages.posted import posted

RETRY_AFTER = 60
"""Seconds, for the Retry-After header."""

logger = logging.getLogger(__name__)


def error_page(request) -> HttpResponse:
    """503 for an outage, with what was posted if the form was one of this site; 500 for any other error."""
    outage = outage_of(sys.exc_info()[1])
    if outage is None:
        return server_error(request)
    logger.error("%s %s", outage.value, sys.exc_info()[1])
    by_htmx = "HX-Request" in request.headers
    if "text/html" in request.headers.get("Accept", "") or (by_htmx and request.method == "POST"):
        response = HttpResponse(_page(request, outage), status=SERVICE_UNAVAILABLE)
    else:
        reason = f"{outage.value} Nothing of this was saved. Try again later.\n"
        response = HttpResponse(reason, content_type="text/plain; charset=utf-8", status=SERVICE_UNAVAILABLE)
    if by_htmx and request.method == "POST":
        in_place_of_the_page(response)
    elif by_htmx:
        # A part that is asked for again and again stays as it is, and goes on later.
        response["HX-Reswap"] = "none"
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store, private"
    return response


class _Check(CsrfViewMiddleware):
    def _reject(self, request, reason):
        return reason


def _is_of_this_site(request) -> bool:
    """Whether no other site has sent the form; it may not have been checked before the error."""
    if getattr(request, "csrf_processing_done", False):
        return True
    check = _Check(error_page)
    check.process_request(request)
    return check.process_view(request, error_page, (), {}) is None


def _page(request, outage: Outage) -> str:
    sent = posted(request) if _is_of_this_site(request) else {}
    context = {"outage": outage, "csrf_token": get_token(request)} | sent
    # Without the request: what every page shows of it is in the database.
    return render_to_string("outage.html", context)
