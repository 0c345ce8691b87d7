"""Composite forms: a form and the formsets of its parts, validated and saved together."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.forms.utils import ErrorList
from django.utils.functional import cached_property

from tracker import recording
from tracker.forms.fields import codebook_of, whole_number
from tracker.forms.once import key_sent
from tracker.forms.opened import FIELD, Opened
from tracker.forms.questions import Questions, add_errors
from tracker.forms.record_fields import Offers, find_typed
from tracker.models import Process, Record
from tracker.recording.timestamps import one_instant

MOST_ROWS = 50
CARRIED = ("process", "talk", "occurred_on", "occurred_inferred", "made_on", "source")
"""The fields that records from the same report share."""


@dataclass(frozen=True)
class Problem:
    """An error of a composite form: the field (label and id of its input; empty for none) and the message."""

    label: str
    input_id: str
    message: str


def codebook_of_form(form) -> list:
    """The distinct vocabularies of the fields of `form`, for `forms/_codebook.html`."""
    widgets = [field.widget for field in form.fields.values()]
    return codebook_of(
        dict.fromkeys(vocabulary for widget in widgets for vocabulary in getattr(widget, "vocabularies", ()))
    )


class Parts:
    """Mixin for the formsets of a composite form: their nouns, and rows shown without validation."""

    name = ""
    """The prefix of the formset, and the name of the button that adds a row."""
    heading = ""
    noun = ""
    new_url = ""
    """Where to enter a record that a row may name; empty if there is no such link."""
    quiet = False

    @property
    def typed(self) -> list:
        """The valid rows that are neither empty nor to be removed."""
        return [row for row in self.forms if row.has_changed() and row not in self.deleted_forms]

    @property
    def codebook(self) -> list:
        """The distinct vocabularies of the fields, explained above the rows rather than in each."""
        return codebook_of_form(self.empty_form)

    def add_fields(self, form, index):
        """Add Django's own fields; remove the codebook from the row's fields."""
        super().add_fields(form, index)
        form.quiet = self.quiet
        for field in form.fields.values():
            field.widget.codebook = False

    def non_form_errors(self):
        """The errors of the formset as a whole; empty while it is quiet."""
        return ErrorList() if self.quiet else super().non_form_errors()

    def focus_on_last(self):
        """Let the focus be in the first field of the last row, where a page is loaded with another one."""
        for row in self.forms[-1:]:
            row.visible_fields()[0].field.widget.attrs["autofocus"] = True

    @property
    def more_label(self) -> str:
        """The label of the button that adds a row."""
        return f"Add another {self.noun.lower()}"


class InlineParts(Parts, forms.BaseInlineFormSet):
    """Rows that are records of their own, saved one by one after their parent."""


def rows_wanted(data, name: str):
    """A copy of the posted `data` with another row in the formset `name`, if there is one."""
    data = data.copy()
    total = whole_number(data.get(f"{name}-TOTAL_FORMS", ""))
    if total is not None:
        data[f"{name}-TOTAL_FORMS"] = str(min(total + 1, MOST_ROWS))
    return data


def without_keys(data, parts: Mapping[str, str]):
    """A copy of the posted `data` without primary keys, so that every row is new and belongs to a new record.

    `parts`: {prefix of a formset: its field that refers to the parent}.
    """
    data = data.copy()
    for prefix, whole in parts.items():
        data[f"{prefix}-INITIAL_FORMS"] = "0"
        for key in [key for key in data if re.fullmatch(rf"{prefix}-\d+-(id|{whole})", key)]:
            del data[key]
    return data


class CompositeForm(ABC):
    """A main form, other forms, and formsets by name, which subclasses set up in `fill`."""

    def __init__(self, user, data=None, initial=None, quiet=False):
        """`initial`: values by name, with records for relations; `quiet`: show the input without validating it."""
        self.user = user
        self.data = data
        self.initial = initial or {}
        self.quiet = quiet
        self.offers = Offers(user, self.process())
        self.others: list[forms.BaseForm] = []
        self.parts: dict[str, Parts] = {}
        self.fill()
        for form in (self.form, *self.others):
            form.quiet = quiet
        for part in self.parts.values():
            part.quiet = quiet

    @abstractmethod
    def fill(self) -> None:
        """Set `form`, and if needed `others` and `parts`."""

    @property
    def versions(self) -> dict[str, int]:
        """The versions of the edited record, which comes first, and of its parts; empty for a new one."""
        return {}

    @property
    def model(self) -> type[Record]:
        """The model of the new record."""
        return self.form._meta.model

    @cached_property
    def key(self) -> str:
        """The one-time key of a form for a new record: the posted one, or a new one."""
        return key_sent(self.data or {}, self.user, self.model)

    @property
    def opened(self) -> str:
        """The signed copy of the values that the form was opened with; empty for a new record."""
        if self.data is not None:
            return self.data.get(FIELD, "")
        return Opened.of(self).signed if self.versions else ""

    def process(self) -> Process | None:
        """The process of the form, if it is known before validation."""
        if self.data is None or "process" not in self.data:
            known = self.initial.get("process")
            return known if isinstance(known, Process) else None
        try:
            return find_typed(Process.objects.visible_to(self.user), self.data["process"])
        except ValidationError:
            return None

    def is_valid(self) -> bool:
        """Validate every form and row, so that all errors are shown at once."""
        judged = [form.is_valid() for form in (self.form, *self.others)]
        judged += [part.is_valid() for part in self.parts.values()]
        return all(judged) and not add_errors(self.questions)

    @cached_property
    def questions(self) -> list[Questions]:
        """What is asked about this valid form."""
        rows = (row for part in self.parts.values() for row in part.typed)
        return Questions.about((self.form, *self.others, *rows), self.data, self.user)

    @property
    def carried(self) -> dict[str, str]:
        """{query parameter: value} of this valid form that the next record probably shares.

        The speaker is left out: a forgotten name would attribute words to the wrong person.
        """
        values = {}
        for form in (self.form, *self.others, *(row for part in self.parts.values() for row in part.forms)):
            for name in CARRIED:
                if value := form.cleaned_data.get(name):
                    values.setdefault(name, value.ref if isinstance(value, Record) else form[name].value())
        return values

    @property
    def problems(self) -> list[Problem]:
        """All errors, in the order of the page."""
        if self.quiet or self.data is None:
            return []
        result = [problem for form in (self.form, *self.others) for problem in _problems(form)]
        for part in self.parts.values():
            result += [Problem("", "", message) for message in part.non_form_errors()]
            for number, row in enumerate(part.forms, start=1):
                result += _problems(row, f"{part.noun} {number}")
        return result


def _problems(form, row: str = "") -> list[Problem]:
    result = []
    shown = [field.name for _, fields in getattr(form, "grouped", ()) for field in fields]
    # Non-field errors come first.
    for name in sorted(form.errors, key=lambda name: shown.index(name) if name in shown else -1):
        errors = form.errors[name]
        field = form[name] if name in form.fields else None
        label = ", ".join(filter(None, [row, str(field.label) if field else ""]))
        result += [Problem(label, field.id_for_label if field else "", message) for message in errors]
    return result


class RecordWithParts(CompositeForm):
    """A record and its parts, created or changed."""

    def __init__(self, user, form_class, data=None, initial=None, instance=None, quiet=False):
        self.form_class = form_class
        self.instance = instance
        super().__init__(user, data, initial, quiet)

    def process(self):
        """The process of the edited record, or the one entered."""
        return self.instance.of_process if self.instance else super().process()

    def fill(self):
        """Set up the form of the record type and the formsets of its parts."""
        self.form = self.form_class(
            self.data, initial=self.initial, instance=self.instance, offers=self.offers
        )
        for rows in self.form_class.parts:
            self.parts[rows.name] = rows(
                self.data,
                instance=self.form.instance,
                prefix=rows.name,
                queryset=rows.model.objects.visible_to(self.user),
                form_kwargs={"offers": self.offers},
            )

    @cached_property
    def versions(self):
        """The versions of the record and of its existing parts, before `save` raises those of the instances."""
        if self.instance is None:
            return {}
        rows = [row for part in self.parts.values() for row in part.get_queryset()]
        return {record.ref: record.version for record in (self.instance, *rows)}

    def save(self, by):
        """Save the record and its parts in one transaction; return the record, or None after adding errors.

        Raises Outdated when any of them has changed since the form was created.
        """
        form = self.form
        try:
            with one_instant():
                recording.save(by, form.instance, form.related, version=form.instance.version)
                for part in self.parts.values():
                    for form in part.deleted_forms:
                        if form.instance.pk:
                            recording.delete(by, form.instance, version=form.instance.version)
                    for form in part.typed:
                        setattr(form.instance, part.fk.name, self.form.instance)
                        recording.save(by, form.instance, form.related, version=form.instance.version)
                form = self.form  # what is refused at the end is about the whole
        except ValidationError as error:
            form.take(error)
            return None
        except ProtectedError as error:
            form.add_error(
                None,
                f"“{form.instance}” is referred to by “{next(iter(error.protected_objects))}” and stays.",
            )
            return None
        return self.form.instance
