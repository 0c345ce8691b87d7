"""Forms that merge a record into another one, and that undo it."""

from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError

from tracker.forms.record_fields import Offer, RelationField
from tracker.queries.merging import Question

OWN, OTHER = "own", "other"
"""The answers to a question: what the survivor's part says stays, or what the merged record's says."""
FEW, SHOWN = 5, 100
NOT_CHOSEN = "Choose which one is kept."

LONGEST_REASON = 2_000
"""So many characters at most: each development that gets a new version keeps them, and there may be 100,000."""


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
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": "Say why.",
            "max_length": f"Say it in {LONGEST_REASON:,} characters: it is kept with each record that changes.",
        },
        help_text="Kept in the history of both.",
    )

    def __init__(self, *args, **options):
        super().__init__(*args, label_suffix="", **options)


class MergeForm(ReasonForm):
    """The confirmation of a merge, with an answer to each of `questions`; `seen` are the versions that were shown.

    Where there are more than FEW, one answer may do for all that have none of their own; at most SHOWN are asked one by
    one.
    """

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, questions: Sequence[Question], *args, **options):
        super().__init__(*args, **options)
        self.questions = questions
        self.has_rest = len(questions) > FEW
        if self.has_rest:
            self.fields["rest"] = forms.ChoiceField(
                label="All that you do not choose below",
                widget=forms.RadioSelect,
                required=len(questions) > SHOWN,
                choices=[(OWN, "The record that stays is right"), (OTHER, "The merged record is right")],
                error_messages={"required": NOT_CHOSEN},
            )
        for question in questions[:SHOWN]:
            self.fields[question.key] = forms.ChoiceField(
                label=question.title,
                widget=forms.RadioSelect,
                required=not self.has_rest,
                choices=[(OWN, question.own), (OTHER, question.other)],
                error_messages={"required": NOT_CHOSEN},
            )
        self.order_fields(["rest", *(question.key for question in questions), "note"])

    def clean(self):
        """Require an answer to each question that the one for the rest leaves open."""
        cleaned = super().clean()
        if self.has_rest and not cleaned.get("rest"):
            for question in self.questions[:SHOWN]:
                if not cleaned.get(question.key) and question.key not in self.errors:
                    self.add_error(question.key, NOT_CHOSEN)
        return cleaned

    @property
    def choices(self) -> dict[str, bool]:
        """{reference of a part of the merged record: whether what it says is kept}, once valid."""
        rest = self.cleaned_data.get("rest")
        return {
            question.key: (self.cleaned_data.get(question.key) or rest) == OTHER
            for question in self.questions
        }

    @property
    def asked(self) -> list:
        """The fields of the questions."""
        keys = [question.key for question in self.questions[:SHOWN]]
        return [self[name] for name in (["rest"] if self.has_rest else []) + keys]

    @property
    def unshown(self) -> int:
        """How many questions only the answer for the rest decides."""
        return max(len(self.questions) - SHOWN, 0)
