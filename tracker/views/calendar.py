"""The calendar: dues and planned talks as an iCalendar feed, which programs ask for again and again."""

import datetime as dt
import hashlib

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.generic import View

from tracker.exchange.ics import feed
from tracker.filters.calendar import CalendarFilters
from tracker.models import Change, Item, Process
from tracker.models.dates import PartialDate
from tracker.queries.dues import today
from tracker.queries.occasions import Occasion, occasions
from tracker.templatetags.reading import at
from tracker.views.reading import Reading, refused_plainly, require_valid

MOST = 2_000
"""How many events a calendar holds at most."""

EDITION = 1
"""What the feed is made like; another number makes every program fetch it anew."""


class CalendarFeed(Reading, View):
    """Dues and planned talks of all that the reader may see, of one `process`, or of what concerns one `party`."""

    def get(self, request, *args, **kwargs):
        """The feed, or 304 where nothing has been written since it was last fetched. 400 for a filter that is wrong."""
        self.require_known(["process", "party", "on", "known"])
        rows = Item.objects.visible_to(request.user)
        filters = CalendarFilters(request.GET, queryset=rows, user=request.user, clocks=self.clocks)
        require_valid(filters)
        etag, modified = self.state()
        response = get_conditional_response(request, etag=etag, last_modified=int(modified.timestamp()))
        if response is None:
            response = HttpResponse(self.content(filters), content_type="text/calendar; charset=utf-8")
            response["Content-Disposition"] = 'attachment; filename="calendar.ics"'
        response["ETag"] = etag
        response["Last-Modified"] = http_date(int(modified.timestamp()))
        # It may be kept, and is asked for again each time.
        response["Cache-Control"] = "private, no-cache"
        return response

    def refuse(self, request, messages):
        """Answer 400 with `messages` as plain text."""
        return refused_plainly(messages)

    def state(self) -> tuple[str, dt.datetime]:
        """A mark that differs whenever the feed may, and when anything was last written. Two queries.

        Every recording moves the instant of its process on, and every other write leaves a change in the trail.
        """
        user = self.request.user
        processes = Process.objects.visible_to(user).order_by("pk").values_list("pk", "last_recorded_at")
        instants = dict(processes)
        changes = Change.objects.visible_to(user).order_by("-pk").values_list("pk", "at")
        change, changed_at = changes.first() or (0, None)
        told = (EDITION, self.request.build_absolute_uri(), user.pk, today(self.clocks), instants, change)
        mark = hashlib.sha256(repr(told).encode()).hexdigest()[:32]
        written = [instant for instant in (*instants.values(), changed_at) if instant]
        return f'W/"{mark}"', max(written, default=dt.datetime.fromtimestamp(0, dt.UTC))

    def content(self, filters) -> bytes:
        """The feed of the items that the valid `filters` leave."""
        process, party = (filters.form.cleaned_data[name] for name in ("process", "party"))
        found, has_more = occasions(filters.qs, self.clocks, MOST)
        name = ": ".join(str(part) for part in ("Negotiations", process, party) if part)
        note = "When what is owed is due, when talks are planned, and when to look at a phrase again."
        if has_more:
            day = PartialDate(today(self.clocks))
            note += f" Only the {MOST:,} nearest to {day} are here; ask for one process or party."
        return feed(found, name, note, self.page_of)

    def page_of(self, occasion: Occasion) -> str:
        """The whole address of the page of the item, read by the same clocks."""
        return self.request.build_absolute_uri(at(occasion.item, self.clocks))
