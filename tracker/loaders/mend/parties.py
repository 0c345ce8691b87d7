"""The parties of MEND rows; names with the same id anywhere in the file are one party."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from tracker.loaders.countries import iso_code
from tracker.loaders.events import EventParty, Unusable, fold
from tracker.loaders.rows import DatasetRow
from tracker.models import Party, Person
from tracker.models.vocabularies import PartyKind

KINDS = {"CON": PartyKind.STATE, "IGO": PartyKind.ORGANISATION, "NGO": PartyKind.ORGANISATION}
"""The kind of a third party by the letters of its id; other letters do not say."""
LONGEST_NAME = min(Party._meta.get_field("name").max_length, Person._meta.get_field("name").max_length)

BOTH = "a party is named as third and as local party; it was seated as a local one"
ONE_ID = "two names in the row stand for one party, by its id or its country; it was seated once"

_ID = re.compile(r"[A-Z]{3}_\d+")


def names_in(cell: str) -> list[str]:
    """The distinct names in a cell, separated by semicolons, in order."""
    names = (" ".join(name.split()) for name in cell.split(";"))
    return list({fold(name): name for name in reversed([*filter(None, names)])}.values())[::-1]


class Parties:
    """The parties of one file, by all their names."""

    def __init__(self, rows: Sequence[DatasetRow]):
        ids = defaultdict(Counter)
        spellings = {}
        for row in rows:
            for name, upstream_id in _paired(row.cells):
                ids[fold(name)][upstream_id] += 1
                spellings.setdefault(fold(name), name)
        self.ids = {key: names.most_common(1)[0][0] for key, names in ids.items()}
        self.names = defaultdict(list)
        """All names under an id, the longest, which is the one in full, first."""
        for key in sorted(self.ids, key=lambda key: (-len(key), key)):
            self.names[self.ids[key]].append(spellings[key])

    def party(self, name: str) -> EventParty:
        """The party called `name`; a state is recognised by name, such as “Libya (2021-) National Unity”, or id."""
        upstream_id = self.ids.get(fold(name), "")
        full, *others = self.names.get(upstream_id) or [name]
        if len(full) > LONGEST_NAME:
            raise Unusable(f"a party's name is longer than {LONGEST_NAME} characters", full)
        if code := next(filter(None, map(iso_code, (full, *others))), ""):
            return EventParty(full, PartyKind.STATE, code, tuple(others))
        government = re.match(r"(.+?) \(\d{4}", full)
        if government and iso_code(government[1]):
            return EventParty(full, PartyKind.STATE)
        return EventParty(full, KINDS.get(upstream_id[:3], PartyKind.OTHER), "", tuple(others))

    def of(self, cells: Mapping[str, str], notes: list) -> tuple[list[EventParty], list[EventParty]]:
        """(third parties, local parties) of a row; a party named as both is local."""
        thirds = self._once(names_in(cells.get("third_party", "")), notes)
        locals_ = self._once(names_in(cells.get("local_parties", "")), notes)
        for key in thirds:
            if key in locals_:
                notes.append((BOTH, _seated(thirds[key][0], locals_[key][0], locals_[key][1])))
        only_thirds = [party for key, (_, party) in thirds.items() if key not in locals_]
        return only_thirds, [party for _, party in locals_.values()]

    def _once(self, names: Iterable[str], notes: list) -> dict[str, tuple[str, EventParty]]:
        """{party key: (first of `names`, party)}"""
        parties = {}
        for name in names:
            party = self.party(name)
            if party.key in parties:
                notes.append((ONE_ID, _seated(parties[party.key][0], name, party)))
            parties.setdefault(party.key, (name, party))
        return parties


def _seated(first: str, second: str, party: EventParty) -> str:
    """The distinct names of a party: two in the row, and its recorded one."""
    names = " and ".join(dict.fromkeys((first, second)))
    return names if names == party.name else f"{names}: {party.name}"


def _paired(cells: Mapping[str, str]) -> list[tuple[str, str]]:
    """(name, id) of the third parties, if the row has as many ids as names."""
    names = [" ".join(name.split()) for name in cells.get("third_party", "").split(";")]
    for column, text in cells.items():
        ids = [party_id.strip() for party_id in text.split(";")]
        if not column.startswith("third_party_id") or len(ids) != len(names):
            continue
        if pairs := [
            (name, party_id)
            for name, party_id in zip(names, ids, strict=True)
            if name and _ID.fullmatch(party_id)
        ]:
            return pairs
    return []
