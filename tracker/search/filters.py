"""The filters of a search: record types, a process, a party, days."""

from django.db.models import Q

from tracker.models import Party, Process
from tracker.models.dates import precision_beside
from tracker.register.day_filters import since, since_condition, until, until_condition
from tracker.register.filters import CodeFilter, RecordFilters, ReferenceFilter
from tracker.search.fields import SEARCHED, Searched


class Kinds:
    """The kinds of record that are searched, as a vocabulary has its codes."""

    choices = [
        (entry_type.model.url_name or code, str(entry_type.model._meta.verbose_name).capitalize())
        for code, entry_type in SEARCHED.items()
        if not entry_type.is_whole
    ]


class SearchFilters(RecordFilters):
    """The filters of a search; what they leave of one kind is told by `narrowed`."""

    kind = CodeFilter(Kinds, "Type")
    process = ReferenceFilter(Process, "process", "Process")
    party = ReferenceFilter(Party, "party", "Party")
    since = since(label="From")
    until = until(label="To")

    def narrowed(self, searched: Searched) -> Q | None:
        """The condition on records of the type `searched`; None where none can match. The filters must be valid."""
        cleaned = self.form.cleaned_data
        if cleaned["kind"] and (searched.model.url_name or searched.code) not in cleaned["kind"]:
            return None
        condition = Q()
        if cleaned["process"]:
            if searched.model.process_path is None:
                return None
            condition &= Q(**{searched.model.process_path or "pk": cleaned["process"].pk})
        if cleaned["party"]:
            if not searched.parties:
                return None
            condition &= Q(*((path, cleaned["party"].pk) for path in searched.parties), _connector=Q.OR)
        if (cleaned["since"] or cleaned["until"]) and not searched.day:
            return None
        if cleaned["since"]:
            precision = precision_beside(searched.day)
            condition &= since_condition(cleaned["since"], searched.day, precision, searched.ends)
        if cleaned["until"]:
            condition &= until_condition(cleaned["until"], searched.day, precision_beside(searched.day))
        return condition
