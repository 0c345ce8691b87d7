"""The response to a wrong CSRF token, for example after another sign-in."""

from django.shortcuts import render

from tracker.pages.posted import SEALED, Posted
from tracker.pages.signing_in import not_saved


def refused(request, reason=""):
    """403; if the request came from our own origin, what it sent is given back to the account that opened the form.

    `reason` is Django's text.
    """
    if is_ours(request, reason):
        sent = Posted.unsealed(request.POST.get(SEALED, "")) or Posted.of(request)
        if sent.may_be_kept:
            return not_saved(request, sent)
    return render(request, "403_csrf.html", status=403)


def is_ours(request, reason: str) -> bool:
    """Whether a browser says that a page of this site sent `request`, which Django refused for `reason`.

    Django checks `Origin` first, or over https without it `Referer`: any other reason means that these are ours.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    if "Origin" in request.headers:
        return not reason.startswith("Origin")
    if request.is_secure():
        return not reason.startswith("Referer")
    return "Sec-Fetch-Site" in request.headers
