"""Matches the rows of a new MEND release to earlier ones by content, since ids are not stable."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property

from tracker.loaders.countries import usual_name
from tracker.loaders.events import fold
from tracker.loaders.mend.parties import names_in
from tracker.loaders.mend.reading import countries_in
from tracker.loaders.rows import DatasetRow
from tracker.models import Claim

ID = "med_event_ID"
ENOUGH = 0.5
"""How much of the words (or, without words, of the parties) two rows must share to speak of one event."""
NEARLY_ALL = 0.8
"""How much of the parties they must share where nothing else tells."""


class ComparedRow:
    """The values of a row that identify its event."""

    def __init__(self, upstream_id: str, cells: Mapping[str, str]):
        self.id = upstream_id.strip()
        self.cells = {name: text for name, text in cells.items() if text and name != ID}
        self.countries = countries_in(cells.get("conflict_country", ""))
        self.month = (cells.get("Year", ""), cells.get("Month", ""))
        self.day = cells.get("Day", "")
        self.summary = " ".join(cells.get("Summary", "").casefold().split())

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the summary, folded."""
        return frozenset(re.findall(r"\w+", self.summary))

    @cached_property
    def urls(self) -> frozenset[str]:
        """The addresses of the row's sources."""
        return frozenset(re.findall(r"https?://[^\s;]+", self.cells.get("source_urls", "")))

    @cached_property
    def parties(self) -> frozenset[str]:
        """All parties named in the row; different names of a state count as one."""
        columns = ("third_party", "local_parties", "individual_med_named")
        return frozenset(
            fold(usual_name(name)) for column in columns for name in names_in(self.cells.get(column, ""))
        )


def likeness(old: ComparedRow, new: ComparedRow) -> float:
    """A score of how likely two rows are about the same event, from 0 (not at all) upwards.

    The summaries decide, whatever the ids; dates, parties and ids break ties. If a summary is missing, the rows must
    have the same day, and either the same parties, or some of them and the same id or source.
    """
    if old.cells == new.cells:
        return 10 + (old.id == new.id)
    same_day = old.month == new.month and old.day == new.day
    parties, same_id = _share(old.parties, new.parties), old.id == new.id
    words = _share(old.words, new.words)
    if old.summary and new.summary:
        if words < ENOUGH or not (same_day or same_id or parties >= ENOUGH):
            return 0
    elif not same_day or parties < (ENOUGH if same_id or old.urls & new.urls else NEARLY_ALL):
        return 0
    return 4 * words + same_day + 2 * parties + same_id / 2


def match(rows: Sequence[DatasetRow], claims: Sequence[Claim]) -> dict[int, Claim]:
    """{row number: claim about the same event}, best matches first, each claim at most once.

    Only rows with a common country, and a common month, id or summary, are compared.
    """
    olds = [(ComparedRow(claim.upstream_id, claim.cells), claim) for claim in claims]
    near = defaultdict(list)
    for place, (old, _) in enumerate(olds):
        for key in _keys(old):
            near[key].append(place)
    pairs = []
    for row in rows:
        new = ComparedRow(row.cells.get(ID, ""), row.cells)
        for place in {place for key in _keys(new) for place in near[key]}:
            if sure := likeness(olds[place][0], new):
                pairs.append((-sure, row.number, place))
    matches, taken = {}, set()
    for _, number, place in sorted(pairs):
        if number not in matches and place not in taken:
            taken.add(place)
            matches[number] = olds[place][1]
    return matches


def _keys(row: ComparedRow) -> list[tuple]:
    kinds = [row.month, row.id, *([row.summary] if row.summary else [])]
    return [(country, kind) for country in row.countries for kind in kinds]


def _share(own: frozenset, other: frozenset) -> float:
    """The Jaccard index of two sets; 1 if both are empty."""
    return len(own & other) / len(own | other) if own or other else 1.0
