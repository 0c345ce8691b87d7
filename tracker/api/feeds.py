"""Feeds: timelines (Atom) and calendars, with a secret token in the URL."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic import View

from tracker.api.atom import feed
from tracker.api.calendar import CalendarFeed
from tracker.api.feed_entries import newest, standing_news, withdrawn_news
from tracker.clocks import PRESENT
from tracker.models import Record, Token
from tracker.pages.conditional import ConditionalFile
from tracker.pages.refusals import refused_plainly
from tracker.register.development import TimelineFilters
from tracker.reports.timeline.queries import item_developments

MOST = 50
"""The number of developments in a feed."""


class TimelineFeed(ConditionalFile):
    """The latest recordings, corrections and withdrawals that the reader may see and that match the filters."""

    edition = 1
    parameters = tuple(TimelineFilters.base_filters)
    content_type = "application/atom+xml; charset=utf-8"
    file_name = "timeline.atom"

    def bound(self, query):
        """The filters of the developments in force, bound to `query`."""
        return self.filters_of(query, standing_news(self.request.user))

    def filters_of(self, query, rows):
        """The filters of `rows`, bound to `query`."""
        return TimelineFilters(query, queryset=rows, user=self.request.user, clocks=self.clocks)

    def content(self, filters):
        withdrawn = self.filters_of(self.request.GET, withdrawn_news(self.request.user))
        entries = item_developments(newest(filters.qs, withdrawn.qs, MOST), PRESENT)
        title = title_of(filters)
        about = f"The {MOST} that were recorded, corrected or withdrawn last."
        query = self.request.GET.urlencode()
        page = self.request.build_absolute_uri(f"{reverse('timeline')}{'?' if query else ''}{query}")
        return feed(entries, title, about, f"timeline?{query}", page, self.modified, self.page_of)

    def page_of(self, record) -> str:
        """The absolute URL of the page of `record`."""
        return self.request.build_absolute_uri(record.get_absolute_url())


FEEDS = {view.file_name: view for view in (TimelineFeed, CalendarFeed)}
"""{last part of the URL: view}"""


def title_of(filters) -> str:
    """The title of a feed with the valid `filters`."""
    title = "Timeline" if isinstance(filters, TimelineFilters) else "Calendar"
    summary = "; ".join(f"{label}: {words}" for label, words in filters.summary())
    return f"{title} · {summary}" if summary else title


@method_decorator(login_not_required, name="dispatch")
class FeedByToken(View):
    """One feed, with what the owner of the token in the URL may read now."""

    http_method_names = ("get", "head")

    def get(self, request, secret, name):
        """The token's feed; 404 for any other, and if the token is revoked or its owner deactivated."""
        token = Token.objects.of(secret, Token.Purpose.FEED)
        path, _, query = token.path.partition("?") if token else ("", "", "")
        if token is None or path != name:
            response = HttpResponse(
                "There is no such feed: it was revoked, or its owner may no longer sign in.\n",
                content_type="text/plain; charset=utf-8", status=404,
            )  # fmt: skip
        elif request.GET:
            response = refused_plainly(
                [
                    "What a feed follows is fixed when it is created, and it takes no parameters: create another."
                ]
            )
        else:
            token.used()
            request.user, request.GET = token.owner, QueryDict(query)
            response = FEEDS[name].as_view()(request)
        # Linked sites must not learn the secret URL.
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response


def feed_path(name: str, filters) -> str:
    """The path of a token: the feed `name` with the valid `filters`."""
    given = []
    for key, value in filters.form.cleaned_data.items():
        # Use the id of a related record, since its name may change.
        texts = [value.ref] if isinstance(value, Record) else filters.data.getlist(key)
        given += [(key, text) for text in texts if text and value not in (None, "", [])]
    query = urlencode(sorted(given))
    return f"{name}?{query}" if query else name
