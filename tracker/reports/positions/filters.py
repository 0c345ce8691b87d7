"""The filters of the position matrix."""

from collections.abc import Callable

import django_filters
from django import forms
from django.db.models import QuerySet

from tracker.charts.item_paths import concerning
from tracker.clocks import Clocks
from tracker.forms.record_fields import SPARE, RelationsInput, find_typed, suggesting
from tracker.models import Issue, Party
from tracker.models.vocabularies import ItemKind
from tracker.queries.sql import Keys
from tracker.register.display import day_text, instant_text
from tracker.register.filters import ChoiceFilter, CodeFilter, RecordFilters, ReferenceFilter
from tracker.reports.path_filters import TouchingFilter
from tracker.reports.positions.previous_values import moved_items


class PairInput(RelationsInput):
    """Two text inputs with the same name, or more if more were filled in."""

    template_name = "forms/pair.html"
    suggestions = suggesting(Party)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        return context | {"inputs": context["inputs"][: max(2, len(context["inputs"]) - SPARE)]}


class BothField(forms.Field):
    """Names or ids of records; cleans to a list of distinct records."""

    widget = PairInput
    rows: Callable[[], QuerySet]
    """The records to search."""

    def clean(self, value):
        """The named records; raises ValidationError like `find`."""
        return list(dict.fromkeys(find_typed(self.rows(), text) for text in value if text.strip()))


class BothFilter(ReferenceFilter):
    """Items that each of the given parties demands, owes, or has taken a stance on."""

    field_class = BothField

    def __init__(self, label: str):
        super().__init__(Party, "both", label)
        self.extra["widget"] = PairInput

    @property
    def field(self):
        field = super().field
        field.widget.label = self.label
        return field

    def filter(self, rows, value):
        for party in value:
            rows = concerning(rows, party, self.parent.clocks)
        return rows


class MomentFilter(django_filters.CharFilter):
    """The moment that changes are shown since; leaves the rows unchanged."""

    def filter(self, rows, value):
        return rows


class MovedFilter(ChoiceFilter):
    """Items that changed since the given moment, or, without one, with the last statement."""

    def __init__(self, label: str):
        super().__init__(label=label, choices=[("true", "Only what moved")], empty_label="All")

    def filter(self, rows, value):
        """The `rows` that changed; if a party is selected, for that party."""
        filters = self.parent
        party = filters.form.cleaned_data.get("party")
        moved = moved_items(rows, filters.clocks, filters.since, party)
        # Evaluate once and filter by primary key, since the rows are used in several queries.
        return rows.filter(pk__in=Keys(moved.order_by().values_list("pk", flat=True)))


class PositionFilters(RecordFilters):
    """Filters of the position matrix; `since` is the moment that changes are shown since, or None."""

    moved = MovedFilter("Movement")
    since = MomentFilter(
        label="Changed since", help_text="Write 18 Feb 2025 or 2025-02-18, or before 18 Feb 2025."
    )
    since_known = MomentFilter(label="With what we knew on", help_text="A day, or an instant with zone.")
    kind = CodeFilter(ItemKind, "Type", "item_kind")
    issue = ReferenceFilter(Issue, "issues", "Issue")
    party = TouchingFilter(Party, "party", "Party")
    both = BothFilter("Where both speak")

    def __init__(self, data=None, queryset=None, *, since: Clocks | None, **options):
        self.since = since
        super().__init__(data, queryset, **options)

    def summary(self) -> list[tuple[str, str]]:
        """Pairs of label and text for the active filters, with moments in words."""
        moments = {}
        if self.since:
            known = instant_text(self.since.known) if self.since.known else ""
            moments = {"since": day_text(self.since), "since_known": known}
        labels = {str(self.form.fields[name].label): words for name, words in moments.items() if words}
        return [(label, labels.get(label, text)) for label, text in super().summary()]
