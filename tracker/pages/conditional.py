"""Conditional GET for files that programs poll."""

import datetime as dt
import hashlib
from abc import abstractmethod

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from tracker.domain.deadlines import today
from tracker.models import Change, Process
from tracker.pages.base import PageView
from tracker.pages.refusals import refused_plainly
from tracker.register.filters import RecordFilters


class ConditionalFile(PageView):
    """A filtered file with ETag and Last-Modified. Subclasses define `content` and the attributes below."""

    edition: int
    """The version of the file's layout; a new number makes all clients fetch it again."""
    parameters: tuple[str, ...]
    """Its query-string parameters."""
    content_type: str
    file_name: str

    def get(self, request, *args, **kwargs):
        """The file, or 304 if nothing has been written since the last request; 400 for an invalid filter."""
        self.require_known()
        filters = self.bound(request.GET)
        filters.require_valid()
        etag, self.modified = self.state()
        response = get_conditional_response(request, etag=etag, last_modified=int(self.modified.timestamp()))
        if response is None:
            response = HttpResponse(self.content(filters), content_type=self.content_type)
            response["Content-Disposition"] = f'attachment; filename="{self.file_name}"'
        response["ETag"] = etag
        response["Last-Modified"] = http_date(int(self.modified.timestamp()))
        # It may be cached, but must be revalidated each time.
        response["Cache-Control"] = "private, no-cache"
        return response

    def refuse(self, messages):
        """Respond 400 with `messages` as plain text."""
        return refused_plainly(messages)

    @abstractmethod
    def bound(self, query) -> RecordFilters:
        """The filters over the rows that the reader may see, bound to `query`."""

    @abstractmethod
    def content(self, filters: RecordFilters) -> bytes:
        """The bytes of the file, for the rows that match the valid `filters`."""

    def state(self) -> tuple[str, dt.datetime]:
        """The ETag, and the time of the last write. Two queries.

        Every recording updates the instant of its process, and every other write adds an audit entry.
        """
        user = self.request.user
        processes = Process.objects.visible_to(user).order_by("pk").values_list("pk", "last_recorded_at")
        instants = dict(processes)
        changes = Change.objects.visible_to(user).order_by("-at", "-pk").values_list("pk", "at")
        change, changed_at = changes.first() or (0, None)
        request_key = (self.request.build_absolute_uri(), sorted(self.request.GET.lists()))
        state = (self.edition, request_key, user.pk, today(self.clocks), instants, change)
        mark = hashlib.sha256(repr(state).encode()).hexdigest()[:32]
        written = [instant for instant in (*instants.values(), changed_at) if instant]
        return f'W/"{mark}"', max(written, default=dt.datetime.fromtimestamp(0, dt.UTC))
