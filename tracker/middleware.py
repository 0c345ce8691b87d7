"""What every request must be before a view is asked, and what every answer says before it leaves."""

from django.shortcuts import render


def plain_and_private(get_response):
    """Middleware: no null characters in a query string, and no page that is kept where others could read it."""

    def answer(request):
        signed_in = request.user.is_authenticated
        if any("\x00" in text for name, texts in request.GET.lists() for text in (name, *texts)):
            reason = "The address holds a null character, which no text of the record does."
            response = render(request, "400.html", {"reason": reason}, status=400)
        else:
            response = get_response(request)
        # Else whoever presses Back after somebody has signed out reads on.
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"
        if signed_in and not request.user.is_authenticated:
            # The pages with forms are kept while one works, for what was typed into them.
            response["Clear-Site-Data"] = '"cache"'
        return response

    return answer
