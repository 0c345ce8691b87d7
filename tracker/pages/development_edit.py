"""Pages that record a development and correct one."""

from django.http import Http404

from tracker.forms.development_forms import CorrectionWithParts, DevelopmentWithParts
from tracker.models import Development
from tracker.pages.create import CreatePage, prefilled
from tracker.pages.edit import CompositeFormPage
from tracker.queries.history import development_history


class RecordDevelopment(CreatePage):
    """A page for a new development with its effects and citations."""

    def make_sheet(self, data=None, quiet=False):
        """An empty sheet, or one with `data`."""
        return DevelopmentWithParts(self.request.user, data, prefilled(self.request), quiet)

    def texts(self):
        crumbs = [self.list_crumb, {"label": "New"}]
        return {
            "title": "Record a development",
            "crumbs": crumbs,
            "cancel_url": self.next_url or self.list_url,
        }

    def saved(self, saved):
        return self.done(f"“{saved}” is on record.", saved.get_absolute_url())


class CorrectDevelopment(CompositeFormPage):
    """A page that puts a development right: the version in force is kept, and the new one takes its place."""

    template_name = "development/correct.html"
    action = "change"
    verb = "Correct"

    def make_sheet(self, data=None, quiet=False):
        """The sheet of the latest version, filled in, or with `data`."""
        versions = Development.objects.visible_to(self.request.user).filter(ref=self.kwargs["ref"])
        self.old = versions.select_related("process").order_by("-version").first()
        self.is_gone = self.old is not None and not self.old.is_current
        if self.old is None or (self.is_gone and data is None):
            raise Http404
        if self.is_gone:
            self.verb = "Record as a new development"
        return CorrectionWithParts(self.request.user, self.old, data, quiet)

    def entries_since(self, before, now):
        return development_history(self.request.user, self.old.ref)[: -before[self.old.ref]]

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
