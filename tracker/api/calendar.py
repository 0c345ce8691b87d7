"""The iCalendar feed of due dates and planned talks."""

from tracker.api.calendar_events import Occasion, occasions
from tracker.api.calendar_filters import CalendarFilters
from tracker.api.icalendar import feed
from tracker.domain.deadlines import today
from tracker.models import Item
from tracker.models.dates import Span
from tracker.pages.conditional import ConditionalFile
from tracker.templatetags.reading import at

MOST = 2_000
"""The maximum number of events in a calendar."""


class CalendarFeed(ConditionalFile):
    """Due dates and planned talks that the reader may see, optionally of one `process` or `party`."""

    edition = 1
    parameters = ("process", "party")
    content_type = "text/calendar; charset=utf-8"
    file_name = "calendar.ics"

    def bound(self, query):
        """The filters of the items, bound to `query`."""
        rows = Item.objects.visible_to(self.request.user)
        return CalendarFilters(query, queryset=rows, user=self.request.user, clocks=self.clocks)

    def content(self, filters) -> bytes:
        """The calendar of the items that match the valid `filters`."""
        process, party = (filters.form.cleaned_data[name] for name in ("process", "party"))
        events, has_more = occasions(filters.qs, self.clocks, MOST)
        name = ": ".join(str(part) for part in ("Negotiations", process, party) if part)
        note = "Due dates, planned talks, and the days on which to review a phrase."
        if has_more:
            day = Span(today(self.clocks))
            note += f" Only the {MOST:,} nearest to {day} are here; ask for one process or party."
        return feed(events, name, note, self.page_of)

    def page_of(self, occasion: Occasion) -> str:
        """The absolute URL of the item's page, at the same clocks."""
        return self.request.build_absolute_uri(at(occasion.item, self.clocks))
