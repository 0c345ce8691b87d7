"""Deletion in the admin, which is refused if the record has changed since the page was opened."""

from django.contrib import messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.http import QueryDict

from tracker import recording
from tracker.forms.fields import whole_number
from tracker.queries.history import changes_to, latest_changes
from tracker.recording.timestamps import one_instant

SEEN = "seen"
"""The name of the input with the number of changes to the records when the page was opened."""


class DeletionAdmin:
    """Admin mixin: both deletion pages carry the number of changes that the user has seen."""

    def delete_view(self, request, object_id, extra_context=None):
        """The page that deletes a record."""
        key = whole_number(unquote(object_id))
        records = self.get_queryset(request).filter(pk=-1 if key is None else key)
        show = super().delete_view
        return self._confirm(request, records, lambda: show(request, object_id, extra_context))

    def get_actions(self, request):
        """Django's actions, with the same check when deleting selected records."""
        actions = super().get_actions(request)
        if "delete_selected" in actions:
            _, name, label = actions["delete_selected"]
            actions["delete_selected"] = (_delete_selected, name, label)
        return actions

    def delete_all(self, request, queryset):
        """Delete the selected records, or say what has changed since."""
        return self._confirm(request, queryset, lambda: delete_selected(self, request, queryset))

    def delete_model(self, request, obj):
        """Delete through `tracker.recording`, unless the record has changed since the request began."""
        recording.delete(request.user, obj, version=request.versions.get(obj.ref))

    def delete_queryset(self, request, queryset):
        """Delete all records, or none, as in `delete_model`."""
        with one_instant():
            for record in queryset:
                self.delete_model(request, record)

    def _confirm(self, request, records, answer):
        """`answer()`, or the page again with a message if `records` have changed since it was opened."""
        request.versions = {record.ref: record.version for record in records}
        seen, now = request.POST.get(SEEN, ""), changes_to(*records)
        if "post" in request.POST and seen != str(now):
            changed = self._changed_since(request, records, seen, now)
            response = self._confirm_again(request, changed, answer, 409)
        else:
            try:
                response = answer()
            except recording.Outdated:
                return self._confirm(request, records.all(), answer)
            except ValidationError as error:
                response = self._confirm_again(request, " ".join(error.messages), answer, 422)
        if hasattr(response, "context_data"):
            response.context_data[SEEN] = now
        return response

    def _confirm_again(self, request, why: str, answer, status: int):
        """The page that asks whether to delete, with the message `why` nothing was deleted."""
        self.message_user(request, why, messages.WARNING)
        kept = request.POST.copy()
        del kept["post"]
        request.POST = kept if "action" in kept else QueryDict()
        response = answer()
        response.status_code = status
        return response

    def _changed_since(self, request, records, seen: str, now: int) -> str:
        """A message about the changes after the first `seen` ones."""
        number = max(0, now - (whole_number(seen) or now))
        sentences = ["Nothing was deleted: it has been changed since this page was opened."]
        for entry in latest_changes(request.user, records, number):
            words = (
                f"{edit['label']}: {edit['old'] or '–'} → {edit['new'] or '–'}" for edit in entry.changes
            )
            sentences.append(f"{entry.by}: {entry.done}. {'; '.join(words)}")
        return " ".join(sentences)


def _delete_selected(model_admin, request, queryset):
    return model_admin.delete_all(request, queryset)
