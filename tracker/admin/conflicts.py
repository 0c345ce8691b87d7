"""Edit conflicts in the admin: changes by others are shown before anything is overwritten."""

from dataclasses import dataclass

from django import forms
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import ValidationError
from django.urls import reverse

from tracker import recording
from tracker.forms.composite import without_keys
from tracker.forms.merge import Conflict
from tracker.forms.opened import FIELD, Opened
from tracker.models import Record
from tracker.queries.history import changes_since

CONFLICT = 409


@dataclass(frozen=True)
class AdminForms:
    """The form of a record with its inlines by prefix, as an `OpenedForm` of `tracker.forms.opened`."""

    record: Record
    form: forms.ModelForm
    parts: dict[str, forms.BaseInlineFormSet]

    @property
    def data(self):
        """The posted data."""
        return self.form.data

    @property
    def versions(self) -> dict[str, int]:
        """The versions of the record, which comes first, and of its parts."""
        rows = [row for part in self.parts.values() for row in part.get_queryset()]
        return {row.ref: row.version for row in (self.record, *rows)}


class OpenedAdmin:
    """Admin mixin: the form carries the values it was opened with, and an outdated one is shown again."""

    def current(self, record: Record) -> Record | None:
        """The stored record that an edit of `record` replaces."""
        return record

    def entries_since(self, request, ref, before, now) -> list:
        """The history entries of `ref` between the versions `before` and `now`, newest first."""
        return changes_since(request.user, ref, before, now)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """The form of a record; if others changed it meanwhile, their changes are shown and nothing is written."""
        request.versions = {}
        if request.method == "POST" and object_id is not None and "_saveasnew" not in request.POST:
            object_id, form_url = self._put_together(request, object_id, form_url)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except recording.Outdated:
            return self.changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """The page, with the signed copy of the opened values, and the changes of others, if any."""
        form, conflict = context["adminform"].form, getattr(request, "conflict", None)
        if obj is not None and self.has_change_permission(request, obj):
            inlines = [inline.formset for inline in context["inline_admin_formsets"]]
            filled = AdminForms(obj, form, {formset.prefix: formset for formset in inlines})
            context[FIELD] = request.POST.get(FIELD, "") if form.is_bound else Opened.of(filled).signed
        response = super().render_change_form(
            request, context | {"conflict": conflict}, add, change, form_url, obj
        )
        if conflict:
            response.status_code = CONFLICT
        return response

    def _put_together(self, request, object_id, form_url) -> tuple:
        """Merge the posted data with the changes of others; return the id of the record to edit, and its URL."""
        record, opened = (
            self.get_object(request, unquote(object_id)),
            Opened.read(request.POST.get(FIELD, "")),
        )
        if record is None:
            return self._as_new(request, opened) or (object_id, form_url)
        if not self.has_change_permission(request, record):
            return object_id, form_url
        if opened and opened.ref != record.ref:
            opened = None
        current = self.current(record)
        if current is None:
            before = opened.versions if opened else {record.ref: record.version}
            self._refuse(
                request, Conflict(None, None, None, self.entries_since(request, record.ref, before, {}))
            )
            return object_id, form_url
        theirs = self._filled(request, current)
        request.versions = theirs.versions
        if opened and opened.versions == theirs.versions:
            return object_id, form_url
        opened = opened or Opened.of(theirs)
        entries = self.entries_since(request, record.subject_ref, opened.versions, theirs.versions)
        conflict = Conflict(opened, theirs, self._filled(request, record, request.POST), entries)
        request.POST = conflict.put_together()
        if not (conflict.is_settled or conflict.is_own(request.user)):
            self._refuse(request, conflict)
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return str(current.pk), self._url("change", current.pk) + query

    def _as_new(self, request, opened: Opened | None) -> tuple | None:
        """If the record was deleted meanwhile, turn the posted data into a form for a new one; else return None."""
        if (
            not opened
            or not opened.ref.startswith(f"{self.model.prefix}-")
            or not self.has_add_permission(request)
        ):
            return None
        entries = self.entries_since(request, opened.ref, opened.versions, {})
        if not entries:
            return None
        formsets = [formset for formset, _ in self.get_formsets_with_inlines(request)]
        request.POST = without_keys(
            request.POST, {formset.get_default_prefix(): formset.fk.name for formset in formsets}
        )
        self._refuse(request, Conflict(None, None, None, entries))
        return None, self._url("add")

    def _refuse(self, request, conflict: Conflict) -> None:
        request.conflict = conflict
        request.refusal = ValidationError(
            "Nothing has been saved yet: others have changed this record, see above."
        )

    def _filled(self, request, record: Record, data=None) -> AdminForms:
        """Django's form of `record` with its inlines, bound to `data` if given."""
        fields = flatten_fieldsets(self.get_fieldsets(request, record))
        form = self.get_form(request, record, change=True, fields=fields)(data, instance=record)
        parts = {}
        for formset, inline in self.get_formsets_with_inlines(request, record):
            prefix = formset.get_default_prefix()
            rows = inline.get_queryset(request)
            parts[prefix] = formset(data, instance=record, prefix=prefix, queryset=rows)
        return AdminForms(record, form, parts)

    def _url(self, page: str, *args) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)
