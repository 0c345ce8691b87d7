"""Forms that merge a record into another one, and that undo it."""

from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError

from tracker.forms.record_fields import Offer, RelationField
from tracker.queries.merging import Question

OWN, OTHER = "own", "other"
"""The answers to a question: what the survivor's part says stays, or what the merged record's says."""


class SurvivorField(RelationField):
    """The record that stays: one of `queryset`, or of `beyond` where it has none, to say why it cannot be that one."""

    def __init__(self, queryset, beyond, **options):
        super().__init__(queryset, **options)
        self.beyond = RelationField(beyond, **options)

    def clean(self, value):
        """The record that is named."""
        try:
            return super().clean(value)
        except ValidationError as error:
            try:
                return self.beyond.clean(value)
            except ValidationError:
                raise error from None


class SurvivorForm(forms.Form):
    """Which record the other one is merged into: one of `queryset`; of `beyond` it may be named but not taken."""

    def __init__(self, queryset, beyond, *args, **options):
        super().__init__(*args, label_suffix="", **options)
        self.offer = Offer(queryset)
        field = SurvivorField(
            queryset, beyond, label="Merge into", error_messages={"required": "Name the record that stays."}
        )
        field.help_text = "The record that stays, by name or id."
        field.widget.offer = self.offer
        field.widget.attrs["dir"] = "auto"
        self.fields["into"] = field


class ReasonForm(forms.Form):
    """Why it is done."""

    note = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why."},
        help_text="Kept in the history of both.",
    )

    def __init__(self, *args, **options):
        super().__init__(*args, label_suffix="", **options)


class MergeForm(ReasonForm):
    """The confirmation of a merge, with an answer to each of `questions`; `seen` are the versions that were shown."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, questions: Sequence[Question], *args, **options):
        super().__init__(*args, **options)
        self.questions = questions
        for question in questions:
            self.fields[question.key] = forms.ChoiceField(
                label=question.title,
                widget=forms.RadioSelect,
                choices=[(OWN, question.own), (OTHER, question.other)],
                error_messages={"required": "Choose which one is kept."},
            )
        self.order_fields([*(question.key for question in questions), "note"])

    @property
    def choices(self) -> dict[str, bool]:
        """{reference of a part of the merged record: whether what it says is kept}, once valid."""
        return {question.key: self.cleaned_data[question.key] == OTHER for question in self.questions}

    @property
    def asked(self) -> list:
        """The fields of the questions."""
        return [self[question.key] for question in self.questions]
