"""Pages that record a development and correct one."""

from django.shortcuts import get_object_or_404

from tracker import recording
from tracker.forms.entries import CorrectionSheet, DevelopmentSheet
from tracker.forms.fields import whole_number
from tracker.models import Development
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
    """A page that puts a development right: the version in view is kept, the new one takes its place."""

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
        try:
            return super().post(request, **kwargs)
        except recording.Outdated as outdated:
            data = request.POST.copy()
            if outdated.current is not None:
                data["version"] = str(outdated.current.version)
            sheet = self.make_sheet(data)
            sheet.outdated_by = outdated.current
            sheet.withdrawn = outdated.current is None
            return self.show(sheet, CONFLICT)

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
