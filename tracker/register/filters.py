"""What the filters of all lists share: relations by id or name, dates as typed, the choice told in words."""

import django_filters
from django import forms
from django.db.models import Model, Q, QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from tracker.clocks import PRESENT, Clocks
from tracker.forms.record_fields import Offers, RelationInput
from tracker.forms.record_lookup import ReferenceField
from tracker.models.dates import PartialDate, last_key
from tracker.models.vocabularies import DatePrecision
from tracker.text.dates import HINT
from tracker.text.folding import nearest_code
from tracker.text.names import visible


class ReferenceFilter(django_filters.Filter):
    """Rows that refer to one record, given by id, name or alias among those that the reader may see."""

    field_class = ReferenceField

    def __init__(self, model: type[Model], field_name: str, label: str, many: bool = False, by: str = "pk"):
        """`many`: a row may refer to the record more than once, and is listed once; `by`: the key it refers by."""
        super().__init__(field_name=field_name, label=label, queryset=None, widget=RelationInput)
        self.model_referred = model
        self.many = many
        self.by = by

    @property
    def field(self):
        """The form field, which looks among the records that the reader may see and that were there by then."""
        field = super().field
        known, rows = self.parent.clocks.known, self.model_referred.objects.visible_to(self.parent.user)
        field.queryset = rows.filter(recorded_at__lte=known) if known else rows
        field.widget.offer = self.parent.offers.of(self.model_referred)
        return field

    def filter(self, rows, value):
        """The rows of `rows` that refer to the record `value`."""
        if value is None:
            return rows
        referring = {self.field_name: getattr(value, self.by)}
        if self.many:
            referring = {"pk__in": rows.model.objects.filter(**referring).order_by().values("pk")}
        return rows.filter(**referring)


class PeriodEndField(forms.CharField):
    """An end of a period: a day, month or year; cleans to a PartialDate, or None where it is empty."""

    def clean(self, value):
        """The date meant; raises ValidationError with a hint."""
        text = super().clean(value)
        try:
            return PartialDate.parse(text) if visible(text) else None
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


class SinceFilter(django_filters.Filter):
    """Rows whose date lies on or after the first day that is meant."""

    field_class = PeriodEndField

    def filter(self, rows, value):
        """The rows of `rows` from `value` (PartialDate or None) on."""
        if value is None:
            return rows
        first = PartialDate(value.first, DatePrecision.BEFORE).key if _is_key(self) else value.first
        return rows.filter(**{f"{self.field_name}__gte": first})


class UntilFilter(django_filters.Filter):
    """Rows whose date lies on or before the last day that is meant."""

    field_class = PeriodEndField

    def filter(self, rows, value):
        """The rows of `rows` up to `value` (PartialDate or None)."""
        if value is None:
            return rows
        last = last_key(value.last) if _is_key(self) else value.last
        return rows.filter(**{f"{self.field_name}__lte": last})


def _is_key(dates: SinceFilter | UntilFilter) -> bool:
    """Whether the dates are held as `PartialDate.key`, by which lists are sorted: an index then leads to the first."""
    return dates.field_name.endswith("_key")


_UNTOUCHED: dict[tuple[type, str], str] = {}
"""The HTML of fields in which nothing is chosen: to write them all takes as long as all the rest of a list."""


class RecordFilters(django_filters.FilterSet):
    """The filters of one list, for one reader at some clocks."""

    def __init__(self, data=None, queryset=None, *, user, clocks: Clocks = PRESENT, **options):
        self.user = user
        self.clocks = clocks
        self.offers = Offers(user)
        super().__init__(data, queryset, **options)
        self.form.label_suffix = ""
        self.form.order_fields(sorted(self.form.fields, key=self._rank))
        # A list is read more often than filtered: its inputs look up what they offer when somebody types.
        self.offers.search_all()

    @property
    def html(self) -> SafeString:
        """The fields of the form; one in which nothing is chosen is the same for every reader, and written once."""
        return mark_safe("".join(map(self._written, self.form.fields)))

    def _written(self, name: str) -> str:
        chosen = self.form[name].data
        if any(chosen) if isinstance(chosen, list) else chosen:
            return render_to_string("forms/_unit.html", {"field": self.form[name]})
        if (type(self), name) not in _UNTOUCHED:
            _UNTOUCHED[type(self), name] = render_to_string("forms/_unit.html", {"field": self.form[name]})
        return _UNTOUCHED[type(self), name]

    def _rank(self, name: str) -> int:
        """The process comes first, then what is chosen from few, then relations, then dates."""
        return (
            -1
            if name == "process"
            else next(rank for rank, kind in enumerate(_RANKS) if isinstance(self.filters[name], kind))
        )

    def without(self, name: str) -> QuerySet:
        """The rows that all filters leave but the one called `name`; call it on valid filters only."""
        rows = self.queryset
        for other, value in self.form.cleaned_data.items():
            if other != name:
                rows = self.filters[other].filter(rows, value)
        return rows

    def described(self) -> list[tuple[str, str]]:
        """The choice made, as pairs of label and words; call it on valid filters only."""
        words = []
        for name, value in self.form.cleaned_data.items():
            if value in (None, "", []):
                continue
            field = self.form.fields[name]
            labels = dict(getattr(field, "choices", ()) or ())
            values = value if isinstance(value, list) else [value]
            said = ", ".join(str(labels.get(one, labels.get(str(one).lower(), one))) for one in values)
            words.append((str(field.label), said))
        return words


def since(field_name: str = "changed_on", label: str = "From") -> SinceFilter:
    """A filter for a first day."""
    return SinceFilter(field_name=field_name, label=label, help_text=HINT)


def until(field_name: str = "changed_on", label: str = "To") -> UntilFilter:
    """A filter for a last day."""
    return UntilFilter(field_name=field_name, label=label, help_text=HINT)


class CodesField(forms.MultipleChoiceField):
    """Codes of a vocabulary; one that is none of them is answered with the nearest."""

    widget = forms.CheckboxSelectMultiple

    def validate(self, value):
        """Raise ValidationError, naming the nearest code, for what is not a code."""
        codes = [str(code) for code, _ in self.choices]
        for code in value:
            if code not in codes:
                near = nearest_code(code, codes)
                hint = f" Nearest: {near}." if near else ""
                raise forms.ValidationError(f"“{code}” is not one of {', '.join(codes)}.{hint}")


class CodeFilter(django_filters.Filter):
    """Rows with one of the chosen codes of a vocabulary."""

    field_class = CodesField

    def __init__(self, vocabulary, label: str, field_name: str | None = None):
        super().__init__(field_name=field_name, label=label, choices=vocabulary.choices)

    def filter(self, rows, value):
        """The rows of `rows` whose code is among `value`; all where it is empty."""
        return rows.filter(**{f"{self.field_name}__in": value}) if value else rows


class YesNoFilter(django_filters.ChoiceFilter):
    """Rows of which a condition holds, or does not."""

    def __init__(self, label: str, condition: Q):
        super().__init__(label=label, choices=[("true", "Yes"), ("false", "No")], empty_label="Any")
        self.condition = condition

    def filter(self, rows, value):
        """The rows of `rows` of which the condition holds for "true", and the others for "false"."""
        if value not in ("true", "false"):
            return rows
        return rows.filter(self.condition) if value == "true" else rows.exclude(self.condition)


_RANKS = (CodeFilter, ReferenceFilter, SinceFilter, UntilFilter, django_filters.Filter)
