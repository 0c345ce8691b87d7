"""Base class of all list filters, and filters for references, codes and conditions."""

import copy
from abc import abstractmethod
from collections.abc import Callable, Collection, Mapping
from functools import reduce
from operator import or_
from typing import Any, Self

import django_filters
from django import forms
from django.core.validators import EMPTY_VALUES
from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from tracker.clocks import PRESENT, BadQuery, Clocks
from tracker.forms.record_fields import list_id, suggesting
from tracker.models import Record, User
from tracker.models.dates import Span
from tracker.models.fields import having
from tracker.models.vocabularies import Vocabulary
from tracker.queries.record_lookup import find
from tracker.register.columns import flag
from tracker.register.types import Column
from tracker.text.dates import HINT
from tracker.text.folding import nearest_hint, visible

MAY_BE_OUTSIDE = flag("may_be_outside", "May be outside these dates")
"""What files have after all other columns where they are filtered by days."""


class ReferenceField(forms.CharField):
    """The name or id of one record; cleans to the record, or None if empty."""

    rows: Callable[[], QuerySet]
    """The records to search."""

    def clean(self, value: str | None) -> Record | None:
        """The named record; raises ValidationError like `find`."""
        text = super().clean(value)
        return find(self.rows(), text) if text and visible(text) else None


class RecordFilter(django_filters.Filter):
    """A filter of a list. The filters of each request are copies of those of the class, and share their choices."""

    def __deepcopy__(self, memo: dict) -> Self:
        # To copy every choice would take a twelfth of the time of a list page.
        return copy.copy(self)


class ReferenceFilter(RecordFilter):
    """Rows that refer to one record, given by the id, name or alias of a record that the reader may see."""

    field_class = ReferenceField

    def __init__(self, model: type[Record], field_name: str, label: str, many: bool = False, by: str = "pk"):
        """`many`: a row may refer to the record more than once, so rows are made distinct; `by`: the referenced key."""
        super().__init__(field_name=field_name, label=label, widget=forms.TextInput(suggesting(model)))
        self.model_referred = model
        self.datalist = list_id(model)
        self.many = many
        self.by = by

    @property
    def field(self) -> ReferenceField:
        """The form field, which looks names up in `referred`."""
        field = super().field
        field.rows = self.referred
        return field

    def referred(self) -> QuerySet:
        """The records that the reader may see."""
        return self.model_referred.objects.visible_to(self.parent.user)

    def filter(self, rows: QuerySet, value: Record) -> QuerySet:
        referring = {self.field_name: getattr(value, self.by)}
        if self.many:
            referring = {"pk__in": rows.model.objects.filter(**referring).order_by().values("pk")}
        return rows.filter(**referring)


class PeriodField(forms.CharField):
    """A day, month, year or other period; cleans to a Span, or None if empty."""

    def clean(self, value: str | None) -> Span | None:
        """The Span; raises ValidationError with a hint."""
        text = super().clean(value)
        try:
            return Span.parse(text) if text and visible(text) else None
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


class DateFilter(RecordFilter):
    """Rows whose dates can be as asked for."""

    field_class = PeriodField

    def __init__(self, field_name: str, label: str):
        super().__init__(field_name=field_name, label=label, help_text=HINT)

    @abstractmethod
    def outside(self, rows: QuerySet, value: Span) -> Q:
        """The condition that a row whose dates can be as `value` asks can also be otherwise; empty where none can."""


class RecordFilters(django_filters.FilterSet):
    """The filters of one list, for one reader and clocks."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        queryset: QuerySet | None = None,
        *,
        user: User,
        clocks: Clocks = PRESENT,
        **options: Any,
    ):
        self.user = user
        self.clocks = clocks
        super().__init__(data, queryset, **options)
        self.form.label_suffix = ""
        self.form.order_fields(sorted(self.form.fields, key=self._rank))

    @property
    def datalists(self) -> list[str]:
        """The ids of the datalists that the inputs use."""
        referring = [each for each in self.filters.values() if isinstance(each, ReferenceFilter)]
        return list(dict.fromkeys(each.datalist for each in referring))

    def _rank(self, name: str) -> int:
        """A sort key: the process, then choices, then relations, then dates."""
        if name == "process":
            return -1
        return next(rank for rank, kind in enumerate(_RANKS) if isinstance(self.filters[name], kind))

    def is_valid(self) -> bool:
        """Whether all values are understood, and no last day asked for lies before the first."""
        if not super().is_valid():
            return False
        days = self._days()
        for name, until in days.items():
            since = days.get(f"{name.removesuffix('until')}since") if name.endswith("until") else None
            if since and (since.first or since.day) > until.last_known:
                self.form.add_error(name, f"“{until}” lies before “{since}”, the first day asked for.")
        return self.form.is_valid()

    def require_valid(self) -> None:
        """Raise BadQuery with a message for each invalid value."""
        if not self.is_valid():
            raise BadQuery([f"{name}: {' '.join(errors)}" for name, errors in self.errors.items()])

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """The rows of `queryset` that match all active filters. The filters must be valid."""
        return self._filtered(queryset, set(self.form.cleaned_data))

    @property
    def marks(self) -> tuple[Column, ...]:
        """The columns of `marked` rows that the record type does not have. Filters must be valid."""
        return (MAY_BE_OUTSIDE,) if self._days() else ()

    def marked(self) -> QuerySet:
        """The rows that match, each with whether its date can also lie outside the days asked for."""
        return self.qs.annotate(**{MAY_BE_OUTSIDE.name: self.may_be_outside()}) if self.marks else self.qs

    def may_be_outside(self) -> Combinable:
        """An expression: whether the date of a row can also lie outside the days asked for. Filters must be valid."""
        conditions = Q()
        for name, value in self._days().items():
            conditions |= self.filters[name].outside(self.queryset, value)
        never = Value(False, BooleanField())
        return Case(When(conditions, then=Value(True)), default=never) if conditions else never

    def _days(self) -> dict[str, Any]:
        """{name of a filter: the date asked for}"""
        return {
            name: value
            for name, value in self.form.cleaned_data.items()
            if isinstance(self.filters[name], DateFilter) and value not in EMPTY_VALUES
        }

    def without(self, name: str) -> QuerySet:
        """The rows that match all filters except the one called `name`. The filters must be valid."""
        return self._filtered(self.queryset, set(self.form.cleaned_data) - {name})

    def _filtered(self, rows: QuerySet, names: Collection[str]) -> QuerySet:
        for name, value in self.form.cleaned_data.items():
            if name in names and value not in EMPTY_VALUES:
                rows = self.filters[name].filter(rows, value)
        return rows

    def summary(self) -> list[tuple[str, str]]:
        """Pairs of label and text for the active filters. The filters must be valid."""
        words = []
        for name, value in self.form.cleaned_data.items():
            if value in EMPTY_VALUES:
                continue
            field = self.form.fields[name]
            labels = dict(getattr(field, "choices", ()) or ())
            values = value if isinstance(value, list) else [value]
            text = ", ".join(
                str(labels.get(value, labels.get(str(value).lower(), value))) for value in values
            )
            words.append((str(field.label), text))
        return words


class CodesField(forms.MultipleChoiceField):
    """Codes of a vocabulary; the error for an unknown code suggests the nearest."""

    widget = forms.CheckboxSelectMultiple

    def validate(self, value: list[str]) -> None:
        """Raise ValidationError, with the nearest code, for an unknown one."""
        for code in value:
            _require_choice(code, self.choices)


def _require_choice(code: str, choices: Any) -> None:
    """Raise ValidationError, with the nearest code, unless `code` is one of `choices`, pairs of code and label."""
    codes = [str(choice) for choice, _ in choices if choice]
    if code not in codes:
        hint = nearest_hint(code, codes)
        raise forms.ValidationError(f"“{code}” is not one of {', '.join(codes)}.{hint}")


class CodeFilter(RecordFilter):
    """Rows with one of the chosen codes of a vocabulary."""

    field_class = CodesField

    def __init__(self, vocabulary: type[Vocabulary], label: str, field_name: str | None = None):
        super().__init__(field_name=field_name, label=label, choices=vocabulary.choices)

    def filter(self, rows: QuerySet, value: list[str]) -> QuerySet:
        return rows.filter(**{f"{self.field_name}__in": value})


class CodeListFilter(CodeFilter):
    """Rows with a list of codes that has one of those chosen."""

    def filter(self, rows: QuerySet, value: list[str]) -> QuerySet:
        return rows.filter(reduce(or_, (having(self.field_name, code) for code in value)))


class ChoiceField(django_filters.fields.ChoiceField):
    """One code or none; the error for an unknown code suggests the nearest."""

    def validate(self, value: str) -> None:
        """Raise ValidationError, with the nearest code, for an unknown one."""
        if value:
            _require_choice(value, self.choices)


class ChoiceFilter(RecordFilter, django_filters.ChoiceFilter):
    """Base of filters by one of a few codes that are not of a vocabulary."""

    field_class = ChoiceField


class YesNoFilter(ChoiceFilter):
    """Rows that meet a condition ("true"), or do not ("false")."""

    def __init__(self, label: str, condition: Q | Combinable):
        super().__init__(label=label, choices=[("true", "Yes"), ("false", "No")], empty_label="Any")
        self.condition = condition

    def filter(self, rows: QuerySet, value: str) -> QuerySet:
        return rows.filter(self.condition) if value == "true" else rows.exclude(self.condition)


_RANKS = (CodeFilter, ReferenceFilter, DateFilter, django_filters.Filter)
