"""Asks in a form about what is unlikely, a date or a name used twice; boxes to tick say that it is right."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache

from django import forms
from django.http import QueryDict

from tracker.models import Development, Record, User
from tracker.models.names import NAMING
from tracker.queries.namesakes import named, namesakes
from tracker.queries.unlikely_dates import Question, UnlikelyDates, date_fields


@dataclass(frozen=True)
class Box:
    """A box to tick, whose value has the keys of the questions that it answers."""

    name: str
    label: str
    hint: str


DATES = Box("dates_are_right", "These dates are right", "If it is right, tick “These dates are right”.")
ANOTHER = Box("is_another", "It is another one", "If it is another one, tick “It is another one”.")

Asked = list[tuple[forms.ModelForm, Question]]


@dataclass(frozen=True)
class Questions:
    """The questions of one box about what was typed into the forms of a page, and which of them were answered."""

    box: Box
    asked: Asked
    answered: frozenset[str]

    @classmethod
    def about(cls, shown: Iterable[forms.BaseForm], data: QueryDict, user: User) -> list["Questions"]:
        """The questions about what was changed in the valid forms `shown`, posted as `data` by `user`."""
        changed = [form for form in shown if isinstance(form, forms.ModelForm) and form.has_changed()]
        found = {DATES: _about_dates(changed), ANOTHER: _about_names(changed, user)}
        return [cls(box, asked, frozenset(data.get(box.name, "").split())) for box, asked in found.items()]

    @property
    def open(self) -> Asked:
        """Those that nobody has answered yet."""
        return [(form, question) for form, question in self.asked if question.key not in self.answered]

    @property
    def value(self) -> str:
        """The value of the box."""
        return " ".join(question.key for _, question in self.asked)

    def hinted(self, question: Question) -> str:
        """The question as an error of a form."""
        return f"{question.text} {self.box.hint}"


def add_errors(questions: Iterable[Questions]) -> bool:
    """Show each open question at its field; return whether there is one."""
    unanswered = [(each, form, question) for each in questions for form, question in each.open]
    for each, form, question in unanswered:
        form.add_error(question.field, each.hinted(question))
    return bool(unanswered)


def _about_dates(shown: Collection[forms.ModelForm]) -> Asked:
    """At most two queries."""
    dated = [(form, names) for form in shown if (names := _typed_dates(form))]
    if not dated:
        return []
    process = next(filter(None, (getattr(form.instance, "process_id", None) for form in shown)), None)
    development = next((form.instance for form in shown if isinstance(form.instance, Development)), None)
    happened = development.occurred if development else None
    unlikely = UnlikelyDates([development.ref] if development else ())
    return [
        (form, question)
        for form, names in dated
        for question in unlikely.questions(form.instance, names, process, happened)
    ]


def _typed_dates(form: forms.ModelForm) -> Collection[str]:
    """The dates of a form that differ from what it was opened with, in the order of its fields."""
    dates = date_fields(form._meta.model)
    return [name for name in form.fields if name in dates and name in form.changed_data]


def _about_names(shown: Iterable[forms.ModelForm], user: User) -> Asked:
    """At most four queries for each form that names a record."""
    asked = []
    for form in shown:
        model = form._meta.model
        fields = _named_by(model)
        typed = [name for name in form.fields if name in fields and name in form.changed_data]
        if typed and (others := namesakes([form.instance], user)[0]):
            asked.append((form, Question(typed[0], f"On record already: {named(others)}.")))
    return asked


@cache
def _named_by(model: type[Record]) -> frozenset[str]:
    """The fields by which records of `model` may be the same as others; none of those that repeat each other often."""
    if not model.name_fields or issubclass(model, Development):
        return frozenset()
    names = {*model.name_fields, *NAMING, "url", "text"} - {"publisher"}
    return frozenset(names & {field.name for field in model._meta.get_fields()})
