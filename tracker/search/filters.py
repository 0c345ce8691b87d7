"""What a search can be narrowed by: kinds of record, a process, a party, days."""

from django.db.models import Q

from tracker.models import Party, Process
from tracker.models.dates import PartialDate, last_key
from tracker.models.vocabularies import DatePrecision
from tracker.register.filters import CodeFilter, RecordFilters, ReferenceFilter, since, until
from tracker.search.fields import SEARCHED, Searched


class Kinds:
    """The kinds of record that are searched, as a vocabulary has its codes."""

    choices = [
        (one.model.url_name or code, str(one.model._meta.verbose_name).capitalize())
        for code, one in SEARCHED.items()
        if not one.whole
    ]


class SearchFilters(RecordFilters):
    """The filters of a search; what they leave of one kind is told by `narrowed`."""

    kind = CodeFilter(Kinds, "Type")
    process = ReferenceFilter(Process, "process", "Process")
    party = ReferenceFilter(Party, "party", "Party")
    since = since(label="From")
    until = until(label="To")

    def narrowed(self, one: Searched) -> Q | None:
        """The condition on records of the type `one`; None where none of them can fit. Of valid filters only."""
        asked = self.form.cleaned_data
        if asked["kind"] and (one.model.url_name or one.code) not in asked["kind"]:
            return None
        condition = Q()
        if asked["process"]:
            if one.model.process_path is None:
                return None
            condition &= Q(**{one.model.process_path or "pk": asked["process"].pk})
        if asked["party"]:
            if not one.parties:
                return None
            condition &= Q(*((path, asked["party"].pk) for path in one.parties), _connector=Q.OR)
        for name, side in (("since", "gte"), ("until", "lte")):
            if date := asked[name]:
                if not one.day:
                    return None
                day = date.first if name == "since" else date.last
                if one.day.endswith("_key"):
                    is_since = name == "since"
                    day = PartialDate(day, DatePrecision.BEFORE).key if is_since else last_key(day)
                condition &= Q(**{f"{one.day}__{side}": day})
        return condition
