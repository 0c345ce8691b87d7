"""The input rules of correcting and withdrawing a development: which version, and why."""

from django import forms

from tracker.forms.fields import CodeField
from tracker.models.vocabularies import CorrectionReason


class VersionForm(forms.Form):
    """Which version somebody had in view."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    quiet = False

    def __init__(self, *args, **options):
        super().__init__(*args, label_suffix="", **options)


class CorrectionForm(VersionForm):
    """Why a development is corrected, and where others came before, from which version one began."""

    began = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = CodeField(choices=[("", "choose"), *CorrectionReason.choices])
    note = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For those who ask later why it was changed.",
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["reason"].widget.vocabularies = (CorrectionReason,)

    @property
    def errors(self):
        """What is wrong; nothing while the form is quiet."""
        return {} if self.quiet else super().errors


class WithdrawalForm(VersionForm):
    """Why a development is withdrawn."""

    note = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why it is withdrawn."},
    )


class DeletionForm(forms.Form):
    """Why a record is deleted, for those who care to say."""

    note = forms.CharField(label="Why", required=False, widget=forms.Textarea(attrs={"rows": 2}))
