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
from tracker.register.filters import CodeFilter, RecordFilters, ReferenceFilter
from tracker.reports.path_filters import TouchingFilter
from tracker.reports.positions.previous_values import moved_items


class PairInput(RelationsInput):
    """Two text inputs of one name, or as many as were filled in."""

    template_name = "forms/pair.html"
    suggestions = suggesting(Party)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        return context | {"inputs": context["inputs"][: max(2, len(context["inputs"]) - SPARE)]}


class BothField(forms.Field):
    """Texts that each mean one record; cleans to the records, each once."""

    widget = PairInput
    rows: Callable[[], QuerySet]
    """What it looks among."""

    def clean(self, value):
        """The records meant; raises ValidationError as `find` does."""
        return list(dict.fromkeys(find_typed(self.rows(), text) for text in value if text.strip()))


class BothFilter(ReferenceFilter):
    """Items that each of the parties named demands, owes, or has taken a stance on."""

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
        """Those of `rows` that concern every one of the parties in `value`."""
        for party in value:
            rows = concerning(rows, party, self.parent.clocks)
        return rows


class MomentFilter(django_filters.CharFilter):
    """A moment that movements are told from; it takes no row away."""

    def filter(self, rows, value):
        """All of `rows`."""
        return rows


class MovedFilter(django_filters.ChoiceFilter):
    """Items on which something moved: since the moment asked for, or with the last step."""

    def __init__(self, label: str):
        super().__init__(label=label, choices=[("true", "Only what moved")], empty_label="All")

    def filter(self, rows, value):
        """Those of `rows` that moved; for the party asked for, where there is one."""
        filters = self.parent
        party = filters.form.cleaned_data.get("party")
        moved = moved_items(rows, filters.clocks, filters.since, party)
        # Found once, and then given by key: the rows are asked for more than once.
        return rows.filter(pk__in=Keys(moved.order_by().values_list("pk", flat=True)))


class PositionFilters(RecordFilters):
    """Filters of the position matrix; `since` is the moment that its movements are told from, if one was asked for."""

    moved = MovedFilter("Movement")
    since = MomentFilter(
        label="Moved since", help_text="Write 18 Feb 2025 or 2025-02-18, or before 18 Feb 2025."
    )
    since_known = MomentFilter(label="With what we knew on", help_text="A day, or an instant with zone.")
    kind = CodeFilter(ItemKind, "Type", "item_kind")
    issue = ReferenceFilter(Issue, "issues", "Issue")
    party = TouchingFilter(Party, "party", "Party")
    both = BothFilter("Where both speak")

    def __init__(self, data=None, queryset=None, *, since: Clocks | None, **options):
        self.since = since
        super().__init__(data, queryset, **options)
