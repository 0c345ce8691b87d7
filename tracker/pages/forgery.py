"""The response to a wrong CSRF token, for example after another sign-in."""

from django.shortcuts import render

from tracker.pages.posted import posted


def refused(request, reason=""):
    """403; if the request came from our own origin, with a form to send the posted data again.

    `reason` is Django's text. Django checks `Origin` first, so any other reason means that the origin is ours.
    """
    is_ours = "Origin" in request.headers and not reason.startswith("Origin")
    context = posted(request) if is_ours and request.user.is_authenticated else {}
    return render(request, "403_csrf.html", context, status=403)
