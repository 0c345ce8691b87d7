"""Matches the rows of a new PA-X release to earlier ones by AgtId and name."""

import re
from collections.abc import Mapping, Sequence

from tracker.loaders.rows import DatasetRow
from tracker.models import Claim

ALIKE = 0.5
"""How much of the words of two names must be the same for them to be one name."""


def match(rows: Sequence[DatasetRow], claims: Sequence[Claim]) -> dict[int, Claim]:
    """{row number: claim about the same agreement}, each claim at most once."""
    by_id = {claim.upstream_id: claim for claim in claims}
    matches = {}
    for row in rows:
        claim = by_id.get(row.cells.get("AgtId", "").strip())
        if claim is not None and same_agreement(claim.cells, row.cells):
            matches[row.number] = by_id.pop(claim.upstream_id)
    return matches


def same_agreement(old: Mapping[str, str], new: Mapping[str, str]) -> bool:
    """Whether two rows with the same AgtId agree in two of three: name, day, and process or countries.

    Single fields are corrected between releases; if an id was reused, more than one of them differs.
    """
    words, other = (frozenset(re.findall(r"\w+", cells.get("Agt", "").casefold())) for cells in (old, new))
    same_name = len(words & other) >= ALIKE * len(words | other)
    same_day = old.get("Dat", "") == new.get("Dat", "")
    same_process = any(old.get(name, "") == new.get(name, "") for name in ("PP", "Con"))
    return same_name + same_day + same_process >= 2
