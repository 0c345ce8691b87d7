"""Asks in a form about dates that are unlikely; a box to tick says that they are right."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django import forms

from tracker.models import Development
from tracker.queries.unlikely_dates import Question, UnlikelyDates, date_fields

FIELD = "dates_are_right"
"""The name of the box, whose value has the keys of the questions that it answers."""


@dataclass(frozen=True)
class DateQuestions:
    """The questions about the dates typed into the forms of a page, and which of them were answered."""

    asked: list[tuple[forms.ModelForm, Question]]
    answered: frozenset[str]

    @classmethod
    def about(cls, shown: Iterable[forms.ModelForm], data) -> "DateQuestions":
        """The questions about what was changed in the valid forms `shown`, posted as `data`. At most two queries."""
        shown = [form for form in shown if isinstance(form, forms.ModelForm)]
        dated = [(form, names) for form in shown if (names := _typed_dates(form))]
        if not dated:
            return cls([], frozenset())
        process = next(filter(None, (getattr(form.instance, "process_id", None) for form in shown)), None)
        development = next((form.instance for form in shown if isinstance(form.instance, Development)), None)
        happened = development.occurred if development else None
        unlikely = UnlikelyDates([development.ref] if development else ())
        asked = [
            (form, question)
            for form, names in dated
            for question in unlikely.questions(form.instance, names, process, happened)
        ]
        return cls(asked, frozenset(data.get(FIELD, "").split()))

    @property
    def open(self) -> list[tuple[forms.ModelForm, Question]]:
        """Those that nobody has answered yet."""
        return [(form, question) for form, question in self.asked if question.key not in self.answered]

    @property
    def value(self) -> str:
        """The value of the box."""
        return " ".join(question.key for _, question in self.asked)

    def add_errors(self) -> bool:
        """Show each open question at its field; return whether there is one."""
        unanswered = self.open
        for form, question in unanswered:
            form.add_error(question.field, hinted(question))
        return bool(unanswered)


def hinted(question: Question) -> str:
    """The question as an error of a form."""
    return f"{question.text} If it is right, tick “These dates are right”."


def _typed_dates(form: forms.ModelForm) -> Collection[str]:
    """The dates of a form that differ from what it was opened with, in the order of its fields."""
    dates = date_fields(form._meta.model)
    return [name for name in form.fields if name in dates and name in form.changed_data]
