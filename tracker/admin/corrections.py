"""Corrections in the admin of developments: the reason, and copies of the rows for the new version."""

import copy

from django import forms

from tracker.clocks import PRESENT
from tracker.forms.developments import DevelopmentForm
from tracker.forms.fields import CodeField
from tracker.models import Development
from tracker.models.vocabularies import CorrectionReason
from tracker.recording.prepare import copied


class CorrectedForm(DevelopmentForm):
    """The form of a development with the reason of the correction."""

    reason = CodeField(
        required=False,
        choices=[("", "---------"), *CorrectionReason.choices],
        help_text="Needed for any edit. If the world changed, record that as a new development.",
    )
    note = forms.CharField(
        label="In your words",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["reason"].widget.vocabularies = (CorrectionReason,)
        if follows := self.fields.get("follows"):
            follows.queryset = follows.queryset.filter(process=self.instance.process_id)


def with_predecessors(form_class: type[DevelopmentForm], user) -> type[DevelopmentForm]:
    """`form_class`, made for one request, with the developments that `user` may name as predecessors."""
    if field := form_class.base_fields.get("follows"):
        field = copy.deepcopy(field)
        field.queryset = Development.objects.visible_to(user).at(PRESENT)
        form_class.base_fields["follows"] = field
    return form_class


def unsaved(formset) -> list:
    """The rows of a valid formset as unsaved copies, without empty and deleted ones."""
    formset.save(commit=False)  # sets new_objects, changed_objects and deleted_objects for the log
    kept = [form for form in formset.forms if form.instance.pk or form.has_changed()]
    return [copied(form.instance) for form in kept if form not in formset.deleted_forms]
