"""Base of the pages with a composite form, and the page that edits a record."""

from abc import ABC, abstractmethod
from urllib.parse import urlencode

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control

from tracker import recording
from tracker.forms.base import RecordForm
from tracker.forms.composite import RecordWithParts, rows_wanted, without_keys
from tracker.forms.merge import Conflict
from tracker.forms.once import KeyUsed
from tracker.forms.opened import Opened
from tracker.models import Change
from tracker.pages.base import CONFLICT, UNPROCESSABLE, WriteMixin
from tracker.queries.history import HistoryEntry, Versions, changes_since
from tracker.queries.unfound import warnings_for


# Browsers give back what was typed, when one goes back, only on pages that they may keep.
@method_decorator(cache_control(private=True, no_cache=True), name="dispatch")
class CompositeFormPage(WriteMixin, ABC):
    """Base of the pages with a composite form."""

    template_name = "records/form.html"
    form_class: type[RecordForm] = RecordForm
    verb = "Save"
    has_next = False
    """Whether it offers "Save and add another"."""
    is_gone = False
    """Whether the record was deleted or withdrawn while its form was open."""

    @abstractmethod
    def make_form(self, data=None, quiet=False):
        """The composite form, bound to `data` if given; raises Http404 for a record that the user may not see."""

    @abstractmethod
    def texts(self) -> dict:
        """`title` of the page, `cancel_url`, and `breadcrumbs`."""

    def get(self, request, **kwargs):
        """The form, empty or with the recorded values."""
        return self.show(self.make_form())

    def post(self, request, **kwargs):
        """Save the form, or show it again with errors, with the changes of others, or with another row."""
        if "add" in request.POST:
            name = request.POST["add"]
            composite = self.make_form(rows_wanted(request.POST, name), quiet=True)
            if name in composite.parts and not request.htmx:
                composite.parts[name].focus_on_last()
            return self.show(composite)
        return self.save(request.POST)

    def save(self, data):
        """Save `data`, or return the response that prevents it."""
        composite = self.make_form(data)
        if answer := self.early_response(composite):
            return answer
        try:
            saved = self.write(composite) if composite.is_valid() else None
        except (recording.Outdated, KeyUsed):
            return self.save(data)
        except IntegrityError:
            return self.show(self.judged_again(), CONFLICT)
        if saved is None:
            # The error may be that the same form created the record a moment ago.
            return self.early_response(composite) or self.show(composite, UNPROCESSABLE)
        response = self.redirect_to_next(saved, composite.carried) if "another" in data else self.saved(saved)
        for warning in warnings_for(saved, self.request.user, is_new=self.action == "add"):
            messages.warning(self.request, warning)
        return response

    def write(self, composite):
        """Save a valid form; return the saved record, or None after adding errors to the form."""
        return composite.save(self.request.user)

    def early_response(self, composite):
        """The response to a form that must not be saved, for example because of an edit conflict; else None."""
        if (conflict := self.conflict(composite)) is None:
            return None
        data = conflict.put_together()
        if conflict.is_settled or conflict.is_own(self.request.user):
            return self.save(data)
        return self.show(self.make_form(data), CONFLICT, conflict)

    def conflict(self, composite) -> Conflict | None:
        """The conflict with changes that others saved since the form was opened; None if there are none."""
        ref = self.kwargs.get("ref")
        if ref is None:
            return None
        opened = Opened.read(composite.opened)
        if opened and opened.ref != ref:
            opened = None
        if self.is_gone:
            return Conflict(
                None, None, composite, self.entries_since(opened.versions if opened else {ref: 1}, {})
            )
        if opened and opened.versions == composite.versions:
            return None
        theirs = self.make_form()
        opened = opened or Opened.of(theirs)
        return Conflict(opened, theirs, composite, self.entries_since(opened.versions, theirs.versions))

    def entries_since(self, before: Versions, now: Versions) -> list[HistoryEntry]:
        """The history entries between the versions `before` and `now` of the record and its parts, newest first."""
        return changes_since(self.request.user, self.kwargs["ref"], before, now)

    def judged_again(self):
        """The posted form, validated again: a name was taken or a reference deleted after the first time."""
        composite = self.make_form(self.request.POST)
        if composite.is_valid():
            composite.form.add_error(
                None, "Somebody else wrote at the same moment. Nothing was saved: try once more."
            )
        return composite

    def show(self, composite, status: int = 200, conflict: Conflict | None = None, made=None):
        """The page with `composite`, and with the changes of others if there is a `conflict`.

        `made`: the record that the same form has already created.
        """
        context = {
            "composite": composite,
            "conflict": conflict,
            "made": made,
            "next": self.next_url,
            "verb": self.verb,
            "has_next": self.has_next,
            "record_type": self.record_type,
        }
        return render(self.request, self.template_name, context | self.texts(), status=status)

    def redirect_to_next(self, saved, carried: dict[str, str]):
        """Redirect to an empty form for the next record, prefilled with `carried`."""
        query = carried | ({"next": self.next_url} if self.next_url else {})
        messages.success(self.request, f"“{saved}” is on record. Now the next one:")
        return HttpResponseRedirect(f"{self.request.path}?{urlencode(query)}")

    def saved(self, saved):
        """Redirect to the saved record."""
        return self.done(f"“{saved}” was saved.", saved.get_absolute_url())

    @property
    def list_url(self) -> str:
        """The URL of the type's list."""
        return f"/{self.record_type.path}/"

    @property
    def list_breadcrumb(self) -> dict:
        """The breadcrumb of the type's list."""
        return {"label": self.record_type.label_plural.capitalize(), "url": self.list_url}


class EditRecord(CompositeFormPage):
    """A page that edits a record. The standing of an item is only changed by developments."""

    action = "change"

    def make_form(self, data=None, quiet=False):
        """The form with the recorded values, or bound to `data`; for a new record if it was deleted meanwhile."""
        user, ref = self.request.user, self.kwargs["ref"]
        instance = self.record_type.model.objects.visible_to(user).filter(ref=ref).first()
        self.is_gone = instance is None
        if self.is_gone:
            entries = Change.objects.visible_to(user).filter(record_ref=ref)
            deleted = get_object_or_404(entries, action=Change.Action.DELETED)
            if data is None:
                raise Http404
            self.verb, self.name = f"Record as a new {self.record_type.label}", deleted.record_name
            self.url = self.list_url
            data = without_keys(data, {part.name: part.fk.name for part in self.form_class.parts})
        else:
            self.permitted(instance)
            self.name, self.url = str(instance), instance.get_absolute_url()
        return RecordWithParts(user, self.form_class, data, instance=instance, quiet=quiet)

    def texts(self):
        breadcrumbs = [self.list_breadcrumb, {"label": self.name, "url": self.url}, {"label": "Edit"}]
        return {
            "title": f"Edit {self.name}",
            "breadcrumbs": breadcrumbs,
            "cancel_url": self.next_url or self.url,
        }
