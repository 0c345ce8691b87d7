"""Pages that correct a development, and that add an update to an item."""

from django.http import Http404
from django.utils.decorators import method_decorator
from django.views.decorators.vary import vary_on_headers

from tracker.clocks import PRESENT
from tracker.forms.development_forms import CorrectionWithParts, next_development
from tracker.models import Development
from tracker.pages.create import CreatePage
from tracker.pages.edit import EditPage
from tracker.pages.item import breadcrumbs_of
from tracker.queries.history import development_history


@method_decorator(vary_on_headers("HX-Request"), name="dispatch")
class UpdateItem(CreatePage):
    """The short form for an update of an item: a page, or, for htmx, only the form."""

    template_name = "item/update.html"

    def get(self, request, **kwargs):
        """The empty form."""
        if request.htmx:
            self.template_name = "development/_next_form.html"
        return super().get(request, **kwargs)

    def make_form(self, data=None, quiet=False):
        """The short form, empty or bound to `data`."""
        self.item = self.record(self.kwargs["ref"])
        return next_development(self.item, self.request.user, data, quiet)

    def texts(self):
        url = self.item.get_absolute_url()
        last = [{"label": self.item.title, "url": url}, {"label": "Add an update"}]
        return {
            "title": f"Add an update: {self.item.title}",
            "breadcrumbs": [*breadcrumbs_of(self.item, PRESENT)[:-1], *last],
            "cancel_url": url,
        }

    def saved(self, saved):
        return self.done(f"“{saved}” is on record.", self.item.get_absolute_url())


class CorrectDevelopment(EditPage):
    """A page that corrects a development: a new version replaces the current one, which is kept."""

    template_name = "development/correct.html"
    verb = "Correct"

    def make_form(self, data=None, quiet=False):
        """The form with the latest version, or bound to `data`."""
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
        breadcrumbs = [self.list_breadcrumb, {"label": self.old.headline, "url": url}, {"label": "Correct"}]
        return {
            "title": f"Correct: {self.old.headline}",
            "breadcrumbs": breadcrumbs,
            "cancel_url": self.next_url or url,
        }

    def saved(self, saved):
        if saved.pk == self.old.pk:
            return self.done("Nothing differed, so nothing was recorded.", saved.get_absolute_url())
        return self.done(f"“{saved}” was corrected; the version before is kept.", saved.get_absolute_url())
