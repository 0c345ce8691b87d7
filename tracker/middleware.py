"""The log of requests, tokens, sign-in, locks, sizes, null characters, and the caching of pages."""

import logging
import re
import secrets
import time

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpResponse
from django.middleware.common import CommonMiddleware
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils.functional import empty
from django_htmx.http import HttpResponseClientRedirect

from tracker.logs import REQUEST
from tracker.models import Token
from tracker.monitoring.metrics import measured
from tracker.pages.locked import locked_out
from tracker.pages.posted import Posted
from tracker.pages.signing_in import not_saved
from tracker.write_lock import is_locked_out

CLOSED_TO_TOKENS = ("/admin/", "/accounts/", "/tokens/", "/feeds/")
"""Account and credential pages, and the admin: a token is never accepted there."""

METRICS = "/metrics"
"""It has a token of its own, which an operator sets."""

UPLOADS = ("/imports/", "/datasets/")
"""Where files are sent to."""
MEGABYTE = 1024**2

PROBES = ("/healthz", "/readyz")

BEARER = 'Bearer realm="Negotiation Tracker"'


logger = logging.getLogger("tracker.requests")

GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
"""What is taken as the id of a request from a proxy."""


class Observed:
    """Gives each request an id, which its lines in the log and its answer bear, and writes how it went.

    Addresses are told by their pattern, since words searched for and secrets of feeds stand in them. The time is that
    until the answer begins.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get("X-Request-ID", "")
        about = {"request_id": given if GIVEN_ID.fullmatch(given) else secrets.token_hex(8)}
        # It is not reset: Django and the server write of the answer later, and the thread's next request has its own.
        REQUEST.set(about)
        begun = time.monotonic()
        response = self.get_response(request)
        seconds = time.monotonic() - begun
        route = f"/{request.resolver_match.route}" if request.resolver_match else "(none)"
        user = getattr(request, "user", None)
        # Where nobody had asked who it is, the database may be away: it is not asked for the log alone.
        is_known = user is not None and getattr(user, "_wrapped", user) is not empty
        if is_known and user.is_authenticated:
            about["user_id"] = user.pk
        line = {"method": request.method, "route": route, "status": response.status_code}
        logger.info("%s %s %s", *line.values(), extra=line | {"milliseconds": round(seconds * 1000)})
        if settings.METRICS_TOKEN:
            measured(request.method, route, response.status_code, seconds)
        response["X-Request-ID"] = about["request_id"]
        return response


class TokenAuthentication:
    """Lets a program that sends a token as `Authorization: Bearer` read as its owner, without session or cookie."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """401 for an unknown token, 405 for anything but reading, 403 for pages of accounts; else the usual answer."""
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or request.path_info == METRICS:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            response = _refused(405, "A token only reads: use GET or HEAD.")
            response["Allow"] = "GET, HEAD"
        elif (token := Token.objects.of(secret.strip(), Token.Purpose.READING)) is None:
            response = _refused(
                401, "No such token: it is mistyped, was revoked, or its owner may no longer sign in."
            )
            response["WWW-Authenticate"] = f'{BEARER}, error="invalid_token"'
        elif request.path_info.startswith(CLOSED_TO_TOKENS):
            response = _refused(403, "A token opens no page of accounts, tokens or the admin: sign in.")
        else:
            token.used()
            request.user = token.owner
            response = self.get_response(request)
        # A program keeps no cookies: the next request brings the token again.
        request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", None)
        return response


class SignedIn(LoginRequiredMiddleware):
    """Django's redirect to the sign-in page; programs that ask for a file get 401 instead, as do parts of pages."""

    def handle_no_permission(self, request, view_func):
        """A redirect; 401 for the address of a file, unless a browser asks that would rather have a page.

        A form that was opened before the session ended is answered with the sign-in page, which keeps what was typed.
        A page that asks for itself again is left for the sign-in page; what another page asks for leaves that as it is.
        """
        if request.htmx:
            current = (request.htmx.current_url_abs_path or "").partition("?")[0]
            if request.method == "GET" and current == request.path:
                return HttpResponseClientRedirect(
                    super().handle_no_permission(request, view_func)["Location"]
                )
            return _refused(401, "Sign in again.")
        if request.method == "POST" and (sent := Posted.of(request)).may_be_kept:
            return not_saved(request, sent)
        is_file = "." in request.path_info.rpartition("/")[2]
        if not is_file or "text/html" in request.headers.get("Accept", ""):
            return super().handle_no_permission(request, view_func)
        response = _refused(
            401, "Send a token along, as Authorization: Bearer and the token; /tokens/ makes them."
        )
        response["WWW-Authenticate"] = BEARER
        return response


def _refused(status: int, reason: str) -> HttpResponse:
    response = HttpResponse(f"{reason}\n", content_type="text/plain; charset=utf-8", status=status)
    response["Cache-Control"] = "no-store, private"
    return response


class HostChecked(CommonMiddleware):
    """Refuses requests for other hosts, except for PROBES, which are often sent to an IP address."""

    def process_request(self, request):
        """400, by DisallowedHost, for a host that is not in ALLOWED_HOSTS; None for the usual answer."""
        return None if request.path_info in PROBES else super().process_request(request)


class CompressedPages(GZipMiddleware):
    """Compresses pages for browsers that take it, and leaves files as they are.

    Tokens of forms are masked anew in each answer, and the length is blurred, so that the size of a page does not give
    away what stands beside words of the reader (BREACH).
    """

    def process_response(self, request, response):
        """The `response`, compressed if it is a page."""
        is_page = response.get("Content-Type", "").startswith("text/html")
        return super().process_response(request, response) if is_page else response


def refuse_large(get_response):
    """Middleware: 413 for a request that says it is too large, before anything of it is read.

    Only those who may import may send more than a form holds, and only there.
    """

    def answer(request):
        length = _length(request)
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if (
            length > most
            and request.path_info in UPLOADS
            and request.user.is_authenticated
            and request.user.records
        ):
            most = (settings.IMPORT_LIMIT_MB + 1) * MEGABYTE
        if length <= most:
            return get_response(request)
        context = {"sent": round(length / MEGABYTE), "most": most // MEGABYTE}
        return render(request, "413.html", context, status=413)

    return answer


def _length(request) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def refuse_null_bytes(get_response):
    """Middleware: 400 for a null character in the query string, which no text of the record holds."""

    def answer(request):
        if any("\x00" in text for name, texts in request.GET.lists() for text in (name, *texts)):
            reason = "The address holds a null character, which no text of the record does."
            return render(request, "400.html", {"reason": reason}, status=400)
        return get_response(request)

    return answer


def keep_pages_private(get_response):
    """Middleware: no page is kept unless its view says so, and signing out empties the cache of the browser.

    So does signing in as another account, which signs the first one out.
    """

    def answer(request):
        before = request.user.pk
        response = get_response(request)
        # Otherwise whoever presses Back after somebody has signed out could read on.
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"
        if before is not None and request.user.pk != before:
            # The pages with forms are kept while one works, for what was typed into them.
            response["Clear-Site-Data"] = '"cache"'
        return response

    return answer


class LockedOut:
    """Answers a view that could not write because others hold a lock; every other error goes its usual way."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, error):
        """503 for an `error` that is a lock; None for any other."""
        return locked_out(request) if is_locked_out(error) else None
