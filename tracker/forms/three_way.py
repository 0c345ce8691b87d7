"""Three-way merge of a record and its rows, on plain mappings of field names to texts.

The versions are `began`, as it was when the form was opened; `theirs`, as others have recorded it since; and `mine`,
as it was typed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Values = Mapping[str, str]
ChangedBy = Literal["", "them", "me", "alike", "both"]


def changed_by(began: str, theirs: str, mine: str) -> ChangedBy:
    """Who changed a text: nobody (""), one side, both in the same way ("alike"), or each differently ("both")."""
    if theirs == mine:
        return "alike" if mine != began else ""
    if theirs == began:
        return "me"
    return "them" if mine == began else "both"


@dataclass(frozen=True)
class Merge:
    """Fields of a record, or a row of it; None for a version that does not have the row.

    `names` are the fields that people fill in. Any other value is a key, which only the record can say.
    """

    names: Collection[str]
    began: Values | None
    theirs: Values | None
    mine: Values | None

    def texts(self, name: str) -> tuple[str, str, str]:
        """The field `name` in the three versions; empty in a row that is not there."""
        began, theirs, mine = (
            (values or {}).get(name, "") for values in (self.began, self.theirs, self.mine)
        )
        return began, theirs, mine

    @property
    def newest(self) -> Values:
        """What was typed, else what is on record, else what was there."""
        return self.mine or self.theirs or self.began or {}

    def changed(self, *by: ChangedBy) -> set[str]:
        """The fields changed by one of `by`."""
        return {name for name in self.names if changed_by(*self.texts(name)) in by}

    @property
    def is_settled(self) -> bool:
        """Whether everything that was typed is on record already."""
        if self.mine is None:
            return self.theirs is None or self.began is None
        if self.theirs is None:
            # There is nothing on record that an emptied field could be like.
            return self.began is not None and not self.changed("me", "alike", "both")
        return not self.changed("me", "both")

    @property
    def taken(self) -> set[str]:
        """The fields of the result that hold what is on record; the others hold what was typed."""
        if self.theirs is None:
            return set()
        if self.mine is None:
            return {*self.theirs}
        return self.changed("them") | (self.theirs.keys() - self.names)

    @property
    def result(self) -> Values | None:
        """What was typed on top of what is on record; None where no row is left.

        A row that they removed stays as a new one if it was edited. One that was removed here goes, even if they edited
        it.
        """
        if self.mine is None:
            return self.theirs if self.began is None else None
        if self.theirs is None:
            return None if self.is_settled else {name: self.mine[name] for name in self.names}
        return {**self.mine, **{name: self.theirs[name] for name in self.taken}}


@dataclass(frozen=True)
class RowMerge(Merge):
    """A row with its place among those on record and among those typed; None where it is not among them."""

    theirs_at: int | None
    mine_at: int | None


def merge_rows(
    names: Sequence[str],
    alike: Sequence[Sequence[str]],
    began: Sequence[Values],
    theirs: Sequence[Values],
    mine: Sequence[Values | None],
) -> list[RowMerge]:
    """The rows that were typed, each with its match on record, and then those that are only on record.

    `mine` has the rows of `began` at their places, None for one that is to be removed; what follows was added, None for
    a blank one. Rows match by id, else by all `names`, else by the fields of one of `alike`, the surest first.
    """
    opened = [began[place] if place < len(began) else None for place in range(len(mine))]
    typed = {place: values for place in range(len(mine)) if (values := opened[place] or mine[place])}
    matches = _matches([("id",), names, *alike], typed, theirs)
    rows = []
    for place in typed:
        match = matches.get(place)
        stored = None if match is None else theirs[match]
        rows.append(RowMerge(names, opened[place], stored, mine[place], match, place))
    unmatched = sorted(set(range(len(theirs))) - {*matches.values()})
    return rows + [RowMerge(names, None, theirs[place], None, place, None) for place in unmatched]


def _matches(
    keys: Sequence[Sequence[str]], typed: Mapping[int, Values], theirs: Sequence[Values]
) -> dict[int, int]:
    """The place in `theirs` of each row of `typed` that is there."""
    matches: dict[int, int] = {}
    for names in keys:
        for place, values in typed.items():
            key = _key(values, names)
            if key is None or place in matches:
                continue
            for other, stored in enumerate(theirs):
                if other not in matches.values() and _key(stored, names) == key:
                    matches[place] = other
                    break
    return matches


def _key(values: Values, names: Sequence[str]) -> tuple[str, ...] | None:
    """The texts of the fields `names`; None where all are empty."""
    key = tuple(values.get(name, "") for name in names)
    return key if any(key) else None
