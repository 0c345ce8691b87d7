"""What a correction adds to the form of a development, and how rows on a page become a new version's."""

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst

from tracker import recording
from tracker.clocks import PRESENT
from tracker.drafts import copied
from tracker.forms.developments import DevelopmentForm
from tracker.forms.fields import CodeField
from tracker.models import Development, User
from tracker.models.vocabularies import CorrectionReason
from tracker.queries.versions import events, versions_of


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

    instead_of = forms.IntegerField(required=False, widget=forms.HiddenInput)
    """The key of the version whose place it is to take, once one was told that it is not the one in view."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["reason"].widget.vocabularies = (CorrectionReason,)


class Overtaken:
    """A form that holds what was typed while others wrote: sent again, it takes the place of what they recorded."""

    current: Development | None
    """The version now in force; None where it was withdrawn."""

    @property
    def is_withdrawn(self) -> bool:
        """Whether there is nothing whose place it could take."""
        return self.current is None

    def __init__(self, data=None, *args, **options):
        if data is not None and self.current is not None:
            data = data.copy()
            data["instead_of"] = str(self.current.pk)
        super().__init__(data, *args, **options)


def unsaved(formset) -> list:
    """The rows of a valid formset as unsaved copies, without those left empty or taken out."""
    formset.save(commit=False)  # tells the log what was added, changed and taken out
    kept = [form for form in formset.forms if form.instance.pk or form.has_changed()]
    return [copied(form.instance) for form in kept if form not in formset.deleted_forms]


def outdated(error: recording.Outdated, seen: Development, reader: User) -> list:
    """What to say when others were quicker: where to see it, and all that was done since the version `seen`."""
    history = events(versions_of(reader, seen.ref, PRESENT))
    since = [event for event in history if event.at > seen.recorded_at]
    if error.current is None:
        said = [f"{error} What you typed is still here, and can be recorded as a new development."]
    else:
        url = reverse("admin:tracker_development_change", args=[error.current.pk])
        said = [
            format_html(
                '{} <a href="{}">See the version now in force</a>; what you typed is still here. If you correct again, '
                "it takes the place of that version, which is kept.",
                error,
                url,
            )
        ]
    for event in since:
        said.append(" · ".join(filter(None, [f"{event.by}: {event.done}", event.reason, event.note])))
        said += [
            f"{capfirst(change['label'])}: {change['old'] or 'empty'} → {change['new'] or 'empty'}"
            for change in event.rewordings + event.resettings
        ]
    return said
