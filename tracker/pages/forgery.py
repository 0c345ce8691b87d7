"""The response to a wrong CSRF token, for example after another sign-in."""

from django.shortcuts import render

from tracker.pages.posted import posted


def refused(request, reason=""):
    """403; with what was sent, to be sent again, where the browser says that a page of this installation sent it.

    `reason`: Django's, in words. Django looks at `Origin` first, so that any other reason means that it is ours.
    """
    is_ours = "Origin" in request.headers and not reason.startswith("Origin")
    context = posted(request) if is_ours and request.user.is_authenticated else {}
    return render(request, "403_csrf.html", context, status=403)
