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
    """A file of what the valid filters leave. A subclass says how it is made, and the names below."""

    edition: int
    """What the file is made like; another number makes every program fetch it anew."""
    parameters: tuple[str, ...]
    """What its query string may hold."""
    content_type: str
    file_name: str

    def get(self, request, *args, **kwargs):
        """The file, or 304 where nothing has been written since it was last fetched. 400 for a filter that is wrong."""
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
        # It may be kept, and is asked for again each time.
        response["Cache-Control"] = "private, no-cache"
        return response

    def refuse(self, messages):
        """Answer 400 with `messages` as plain text."""
        return refused_plainly(messages)

    @abstractmethod
    def bound(self, query) -> RecordFilters:
        """The filters of what the reader may see, bound to the query string `query`."""

    @abstractmethod
    def content(self, filters: RecordFilters) -> bytes:
        """The file of what the valid `filters` leave."""

    def state(self) -> tuple[str, dt.datetime]:
        """A mark that differs whenever the file may, and when anything was last written. Two queries.

        Every recording moves the instant of its process on, and every other write leaves a change in the trail.
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
