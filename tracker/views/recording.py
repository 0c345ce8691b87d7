"""Pages that record a development and correct one."""

from django.shortcuts import get_object_or_404

from tracker import recording
from tracker.clocks import PRESENT
from tracker.forms.conflicts import Conflict
from tracker.forms.entries import CorrectionSheet, DevelopmentSheet
from tracker.forms.fields import whole_number
from tracker.models import Development
from tracker.queries.versions import events, versions_of
from tracker.views.editing import CONFLICT, SheetPage, prefilled


class RecordDevelopment(SheetPage):
    """A page for a new development with its effects and citations."""

    verb = "Record"
    has_next = True

    def make_sheet(self, data=None, quiet=False):
        """An empty sheet, or one with `data`."""
        return DevelopmentSheet(self.request.user, data, prefilled(self.request), quiet)

    def texts(self):
        crumbs = [self.list_crumb, {"label": "New"}]
        return {
            "title": "Record a development",
            "crumbs": crumbs,
            "cancel_url": self.next_url or self.list_url,
        }

    def saved(self, saved):
        return self.done(f"“{saved}” is on record.", saved.get_absolute_url())


class CorrectDevelopment(SheetPage):
    """A page that puts a development right: the version in view is kept, the new one takes its place.

    Where another took its place meanwhile the page shows both texts, and what was typed; nothing is recorded until
    somebody who has seen them says so. The version that one began from goes along with the form as `began`.
    """

    template_name = "development/correct.html"
    action = "change"
    verb = "Correct"

    def make_sheet(self, data=None, quiet=False):
        """The sheet of the version in view, filled in, or with `data`."""
        versions = Development.objects.visible_to(self.request.user).filter(ref=self.kwargs["ref"])
        self.current = versions.filter(ended_at__isnull=True).first()
        version = whole_number(data.get("version", "")) if data is not None else None
        seen = {"ended_at__isnull": True} if version is None else {"version": version}
        self.old = get_object_or_404(versions.select_related("process"), **seen)
        return CorrectionSheet(self.request.user, self.old, data, quiet)

    def post(self, request, **kwargs):
        """Correct the version in view; where another took its place, say so and keep what was typed."""
        if "together" in request.POST:
            sheet = self.make_sheet(request.POST, quiet=True)
            conflict = self.conflict(sheet)
            return self.show(self.make_sheet(conflict.together(), quiet=True) if conflict else sheet)
        try:
            return super().post(request, **kwargs)
        except recording.Outdated:
            return self.show(self.make_sheet(request.POST), CONFLICT)

    def show(self, sheet, status=200):
        """The page with `sheet`, and with what others recorded since it was begun."""
        sheet.conflict = self.conflict(sheet)
        if sheet.conflict:
            self.verb = "Record as a new development" if sheet.conflict.is_withdrawn else "Correct again"
        return super().show(sheet, status)

    def conflict(self, sheet) -> Conflict | None:
        """What was typed beside what others recorded since; None where nobody did."""
        if sheet.data is None:
            return None
        began = whole_number(sheet.data.get("began", "")) or self.old.version
        if self.current is not None and self.current.version <= began:
            return None
        versions = versions_of(self.request.user, self.old.ref, PRESENT)
        rows = {version.development.version: version.development for version in versions}
        return Conflict(sheet, rows.get(began, self.old), versions[0].development, events(versions))

    def texts(self):
        url = self.old.get_absolute_url()
        crumbs = [self.list_crumb, {"label": self.old.headline, "url": url}, {"label": "Correct"}]
        return {
            "title": f"Correct: {self.old.headline}",
            "crumbs": crumbs,
            "cancel_url": self.next_url or url,
        }

    def saved(self, saved):
        if saved.pk == self.old.pk:
            return self.done("Nothing differed, so nothing was recorded.", saved.get_absolute_url())
        return self.done(f"“{saved}” was corrected; the version before is kept.", saved.get_absolute_url())
