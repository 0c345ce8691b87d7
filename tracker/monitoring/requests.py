"""A line of the log, and a measurement, for each request."""

import logging
import re
import secrets
import time

from tracker.logs import REQUEST
from tracker.monitoring.metrics import measured

logger = logging.getLogger(__name__)
GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")
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
        about = {"request_id": given if GIVEN.fullmatch(given) else secrets.token_hex(8)}
        token, begun = REQUEST.set(about), time.monotonic()
        try:
            response = self.get_response(request)
            seconds = time.monotonic() - begun
            route = f"/{request.resolver_match.route}" if request.resolver_match else "(none)"
            user = getattr(request, "user", None)
            if user is not None and user.is_authenticated:
                about["user_id"] = user.pk
            line = {"method": request.method, "route": route, "status": response.status_code}
            logger.info("%s %s %s", *line.values(), extra=line | {"milliseconds": round(seconds * 1000)})
            measured(request.method, route, response.status_code, seconds)
            response["X-Request-ID"] = about["request_id"]
            return response
        finally:
            REQUEST.reset(token)
