"""Error pages for an invalid query string, and for a record that did not exist yet, no longer does, or was merged."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.defaults import page_not_found

from tracker.clocks import PRESENT, Clocks, parse_known
from tracker.domain.deadlines import today
from tracker.models.dates import Span
from tracker.models.mergeable import led_on
from tracker.models.past import reading
from tracker.queries.beginnings import beginning
from tracker.queries.deletions import deletion
from tracker.queries.departures import departure
from tracker.register.display import day_text, instant_text

PLAIN = "text/plain; charset=utf-8"


def refused(page, messages: list[str]) -> HttpResponse:
    """400 with `messages`, as a page that keeps the clocks as typed; `page` is a PageView."""
    return _whole_page(page, "400.html", page.clock_form | {"reason": " ".join(messages)}, status=400)


def refused_plainly(messages: list[str]) -> HttpResponse:
    """400 with `messages` as plain text, for a requested file."""
    return HttpResponse("\n".join(messages) + "\n", content_type=PLAIN, status=400)


def not_yet(page) -> HttpResponse | None:
    """404 that says when the record of `page`, a PageView, began, with a link; None if that is not the reason.

    Also None if the user may not see the record in the present, so that it cannot be told from a missing one.
    """
    ref = page.kwargs.get("ref")
    first = (
        page.record_type and ref and beginning(page.record_type.model, ref, page.request.user, page.clocks)
    )
    if not first:
        return None
    day = today(page.clocks)
    others = {"happened": Clocks(on=day), "public": Clocks(public=day)} if first.recorded_at else {}
    context = {
        "beginning": first,
        "recorded": instant_text(first.recorded_at) if first.recorded_at else "",
        "requested": moment_text(page.clocks),
        "day": str(Span(day)),
        "public_day": str(Span(first.public)) if first.public else "",
        "others": {name: page.at_clocks(clocks) for name, clocks in others.items()},
        "first_url": "" if first.clocks.is_present else page.at_clocks(first.clocks),
        "present_url": page.at_clocks(PRESENT),
    } | page.clock_form
    if page.file_format:
        words = render_to_string("not_yet.txt", context).strip()
        return HttpResponse(f"{words}\n", content_type=PLAIN, status=404)
    return _whole_page(page, "not_yet.html", context, status=404)


def deleted(page) -> HttpResponse | None:
    """410 that says when and why the record of `page`, a PageView, was deleted, with a link to how it last was.

    404 where it was recorded, and deleted, after the instant that is read. None if it was not deleted, or if the user
    may not read it.
    """
    ref = page.kwargs.get("ref")
    gone = (
        page.record_type
        and ref
        and deletion(page.record_type.model, ref, page.request.user, page.clocks.known)
    )
    if not gone:
        return None
    status = 404 if gone.is_later else 410
    context = {
        "deletion": gone,
        "status": status,
        "requested": moment_text(page.clocks),
        "when": instant_text(gone.at),
        "last_url": page.at_clocks(gone.before),
        "history_url": f"/{page.record_type.path}/{ref}/history/",
    } | page.clock_form
    if page.file_format:
        words = render_to_string("deleted.txt", context).strip()
        return HttpResponse(f"{words}\n", content_type=PLAIN, status=status)
    return _whole_page(page, "deleted.html", context, status=status)


def moved(page) -> HttpResponse | None:
    """410 that says when the record of `page`, a PageView, was moved out of the user's sight; None if it was not."""
    ref = page.kwargs.get("ref")
    with reading(page.clocks.known):
        model = page.record_type and page.record_type.model
        gone = model and ref and departure(model, ref, page.request.user, page.clocks.known)
    if not gone:
        return None
    context = {
        "departure": gone,
        "when": instant_text(gone.at),
        "last_url": page.at_clocks(gone.before),
        "history_url": f"/{page.record_type.path}/{ref}/history/",
    } | page.clock_form
    if page.file_format:
        words = render_to_string("moved.txt", context).strip()
        return HttpResponse(f"{words}\n", content_type=PLAIN, status=410)
    return _whole_page(page, "moved.html", context, status=410)


def not_found(request, exception) -> HttpResponse:
    """404; or, at the address of a record that was merged into another one, a redirect to that address of the other."""
    match = request.resolver_match
    # The page that undoes a merge is about the merged record itself.
    leads_on = match and match.url_name != "unmerge" and request.user.is_authenticated
    address = leads_on and _led_on(request, match)
    if not address:
        return page_not_found(request, exception)
    if request.method in ("GET", "HEAD"):
        return HttpResponsePermanentRedirect(address)
    messages.warning(request, "It has become this record in the meantime, so nothing was saved.")
    return HttpResponseRedirect(address)


def _led_on(request, match) -> str:
    """The address of `request` with the reference that its own leads to at the clocks; empty if it leads nowhere."""
    ref = match.kwargs.get("ref", "")
    record_type = (
        match.func.view_initkwargs.get("record_type") if hasattr(match.func, "view_initkwargs") else None
    )
    if not ref or record_type is None:
        return ""
    known = request.GET.get("known", "").strip()
    with reading(parse_known(known)["known"] if known else None):
        leads = led_on(record_type.model, [ref])
        rows = record_type.model.objects.visible_to(request.user)
        survivor = leads and rows.filter(pk=leads[ref]).first()
    return request.get_full_path().replace(f"/{ref}", f"/{survivor.ref}", 1) if survivor else ""


def moment_text(clocks: Clocks) -> str:
    """The moment of `clocks` in words, to end a sentence with."""
    day = f"on {day_text(clocks)}" if clocks.on else ""
    public = f"what was public by {Span(clocks.public)}" if clocks.public else ""
    known = f"with what we knew on {instant_text(clocks.known)}" if clocks.known else ""
    return ", ".join(filter(None, [day, public, known]))


def _whole_page(page, template: str, context: dict, status: int) -> HttpResponse:
    response = render(page.request, template, context, status=status)
    if page.request.htmx:
        # A whole page must not be swapped into a part of another one, so make the browser navigate.
        response["HX-Redirect"] = page.request.get_full_path()
    return response
