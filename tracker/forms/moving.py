"""Forms that move an item to another process."""

from django import forms

from tracker.forms.merged_records import ReasonForm
from tracker.forms.record_fields import Offer, RelationField


class ProcessForm(forms.Form):
    """Which process an item is moved to; `queryset` has those that it may be."""

    def __init__(self, queryset, *args, **options):
        super().__init__(*args, label_suffix="", **options)
        self.offer = Offer(queryset)
        field = RelationField(queryset, label="Move to", error_messages={"required": "Name the process."})
        field.help_text = "The process that it belongs to, by title or id."
        field.widget.offer = self.offer
        field.widget.attrs["dir"] = "auto"
        self.fields["to"] = field


class MoveForm(ReasonForm):
    """The confirmation of a move; `seen` is what was shown, empty if nothing was."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["note"].help_text = "Only those who may see the process that it is moved to can read it."
