"""Forms that ask for the reason of a correction, a withdrawal or a deletion."""

from django import forms

from tracker.forms.fields import CodeField
from tracker.models.vocabularies import CorrectionReason


class CorrectionForm(forms.Form):
    """Why a development is corrected."""

    quiet = False
    reason = CodeField(choices=[("", "Choose"), *CorrectionReason.choices])
    note = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Kept in the history.",
    )

    def __init__(self, *args, **options):
        super().__init__(*args, label_suffix="", **options)
        self.fields["reason"].widget.vocabularies = (CorrectionReason,)

    @property
    def errors(self):
        """The errors; empty while the form is quiet."""
        return {} if self.quiet else super().errors


class VersionForm(forms.Form):
    """The version that the user has seen."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args, **options):
        super().__init__(*args, label_suffix="", **options)


class WithdrawalForm(VersionForm):
    """Why a development is withdrawn."""

    note = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why it is withdrawn."},
    )


class DeletionForm(VersionForm):
    """Why a record is deleted (optional); `version` is the number of changes to it and its parts."""

    note = forms.CharField(label="Why", required=False, widget=forms.Textarea(attrs={"rows": 2}))
