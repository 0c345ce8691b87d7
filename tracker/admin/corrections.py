"""What a correction adds to the form of a development, and how rows on a page become a new version's."""

from django import forms
from django.urls import reverse
from django.utils.html import format_html

from tracker import recording
from tracker.forms.developments import DevelopmentForm
from tracker.forms.fields import CodeField
from tracker.models.vocabularies import CorrectionReason


class CorrectedForm(DevelopmentForm):
    """A development's form with why it is corrected."""

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


def copied(row):
    """An unsaved row of the same content as `row`."""
    return type(row)(**{name: getattr(row, name) for name in row.CONTENT})


def unsaved(formset) -> list:
    """The rows of a valid formset as unsaved copies, without those left empty or taken out."""
    formset.save(commit=False)  # tells the log what was added, changed and taken out
    kept = [form for form in formset.forms if form.instance.pk or form.has_changed()]
    return [copied(form.instance) for form in kept if form not in formset.deleted_forms]


def outdated(error: recording.Outdated) -> str:
    """What to say when somebody was quicker, with the way to what is now in force."""
    if error.current is None:
        return str(error)
    url = reverse("admin:tracker_development_change", args=[error.current.pk])
    return format_html("{} <a href=\"{}\">See the version now in force</a>; what you typed is still here.", error, url)
