"""Pages that change what is on record: what they do when others have changed it meanwhile, and the page of a record."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from tracker.forms.composite import RecordWithParts, without_keys
from tracker.forms.merge import Conflict
from tracker.forms.opened import Opened
from tracker.models import Change
from tracker.pages.base import CONFLICT
from tracker.pages.create import CompositeFormPage
from tracker.queries.history import HistoryEntry, Versions, changes_since


class EditPage(CompositeFormPage):
    """Base of pages that change what is on record, and put it together with what others have changed meanwhile."""

    action = "change"
    is_gone = False
    """Whether the record was deleted or withdrawn while its form was open."""

    def early_response(self, composite):
        """The response to a form with an edit conflict that the user has to decide; else None."""
        if (conflict := self.conflict(composite)) is None:
            return None
        data = conflict.put_together()
        if conflict.is_settled or conflict.is_own(self.request.user):
            return self.save(data)
        return self.show(self.make_form(data), CONFLICT, conflict)

    def conflict(self, composite) -> Conflict | None:
        """The conflict with changes that others saved since the form was opened; None if there are none."""
        ref = self.kwargs["ref"]
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


class EditRecord(EditPage):
    """A page that edits a record. The standing of an item is only changed by developments."""

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
