"""Three-way merge of a record and its rows, on plain mappings of field names to texts.

The versions are `began`, when the form was opened; `theirs`, as others have saved it since; and `mine`, the input.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Values = Mapping[str, str]


def changed_by(began: str, theirs: str, mine: str) -> Literal["", "them", "me", "alike", "both"]:
    """Who changed a text: nobody (""), one side, both in the same way ("alike"), or each differently ("both")."""
    if theirs == mine:
        return "alike" if mine != began else ""
    if theirs == began:
        return "me"
    return "them" if mine == began else "both"


@dataclass(frozen=True)
class Merge:
    """The three versions of a record's fields, or of a row; None for a version without the row.

    `names` are the fields that people fill in; all others are keys, which only `theirs` can provide.
    """

    names: Collection[str]
    began: Values | None
    theirs: Values | None
    mine: Values | None

    def texts(self, name: str) -> tuple[str, str, str]:
        """The field `name` in the three versions; empty if the version lacks the row."""
        began, theirs, mine = (
            (values or {}).get(name, "") for values in (self.began, self.theirs, self.mine)
        )
        return began, theirs, mine

    @property
    def newest(self) -> Values:
        """The first that exists of `mine`, `theirs` and `began`."""
        return next(filter(None, (self.mine, self.theirs, self.began)))

    def changed(self, *by: str) -> set[str]:
        """The fields changed by one of `by`."""
        return {name for name in self.names if changed_by(*self.texts(name)) in by}

    @property
    def is_settled(self) -> bool:
        """Whether the input is already stored."""
        if self.mine is None:
            return self.theirs is None or self.began is None
        if self.theirs is None:
            # The row is gone, so an emptied field has nothing to be equal to.
            return self.began is not None and not self.changed("me", "alike", "both")
        return not self.changed("me", "both")

    @property
    def taken(self) -> set[str]:
        """The fields whose result is the stored value; the others have the input."""
        if self.theirs is None:
            return set()
        if self.mine is None:
            return {*self.theirs}
        return self.changed("them") | (self.theirs.keys() - self.names)

    @property
    def result(self) -> Values | None:
        """The stored values updated with the input; None if the row is removed.

        A row that others removed is kept as a new one if the user edited it. A row that the user removed is removed,
        even if others edited it.
        """
        if self.mine is None:
            return self.theirs if self.began is None else None
        if self.theirs is None:
            return None if self.is_settled else {name: self.mine[name] for name in self.names}
        return {**self.mine, **{name: self.theirs[name] for name in self.taken}}


@dataclass(frozen=True)
class RowMerge(Merge):
    """A row with its index among the stored rows and among the typed ones; None if it is not there."""

    theirs_at: int | None
    mine_at: int | None


def merge_rows(
    names: Sequence[str],
    alike: Sequence[Sequence[str]],
    began: Sequence[Values],
    theirs: Sequence[Values],
    mine: Sequence[Values | None],
) -> list[RowMerge]:
    """The typed rows, each with its stored match, followed by rows that are only stored.

    `mine` starts with the rows of `began`, None for one to be removed, followed by added rows, None for an empty one.
    Rows match by id, or else by all `names`, or else by the first possible set of fields in `alike`.
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
    """{index in `typed`: index of the matching row in `theirs`}"""
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
    """The texts of the fields `names`; None if all are empty."""
    key = tuple(values.get(name, "") for name in names)
    return key if any(key) else None
