"""What synthetic processes share: parties, people, issues and sources."""

import datetime as dt
from dataclasses import dataclass
from random import Random

from tracker.models import Issue, Office, Party, Person, Source
from tracker.models.vocabularies import PartyKind, Reliability, SourceKind
from tracker.synthetic.names import SUBJECTS, countries, person, sentence

BEGINS = dt.date(2005, 1, 1)
ENDS = dt.date(2024, 12, 31)
"""The days between which everything happens and is recorded, so that a seed gives the same record on any day."""

PARTY_KINDS = [PartyKind.STATE] * 6 + list(PartyKind)
OFFICES = (
    "Foreign Minister",
    "Special Envoy",
    "Adviser to the President",
    "Ambassador",
    "Head of Government",
)


@dataclass(frozen=True)
class World:
    """The shared records; `people` by the primary key of their party, `offices` by that of their person."""

    parties: list[Party]
    people: dict[int, list[Person]]
    offices: dict[int, list[Office]]
    issues: list[Issue]
    sources: list[int]

    def source_of(self, random: Random, day: dt.date) -> int:
        """The primary key of a source from about `day`."""
        place = (day - BEGINS) / (ENDS - BEGINS) + random.gauss(0, 0.002)
        return self.sources[min(max(int(place * len(self.sources)), 0), len(self.sources) - 1)]


def make_world(random: Random, developments: int, seed: int) -> World:
    """Write and return what a record of so many `developments` shares; `seed` is in every name and reference."""
    recorded = dt.datetime.combine(BEGINS, dt.time(), tzinfo=dt.UTC)
    parties = Party.objects.bulk_create(
        Party(
            ref=f"pty-s{seed}-{number}", recorded_at=recorded, name=f"{name} (synthetic {seed})", short_name=name,
            kind=random.choice(PARTY_KINDS),
            aliases=[f"Republic of {name}", f"{name[:3].upper()}; {number}"][: number % 3],
        )
        for number, name in enumerate(countries(random, min(40 + developments // 5_000, 240)))
    )  # fmt: skip
    speakers = Person.objects.bulk_create(
        Person(
            ref=f"per-s{seed}-{number}",
            recorded_at=recorded,
            name=person(random),
            party=parties[number % len(parties)],
        )
        for number in range(8 * len(parties))
    )
    offices = Office.objects.bulk_create(
        _office(random, number, who, seed) for number, who in enumerate(speakers + speakers[::2])
    )
    issues = Issue.objects.bulk_create(
        Issue(
            ref=f"iss-s{seed}-{number}",
            recorded_at=recorded,
            name=f"{subject.capitalize()} (synthetic {seed})",
        )
        for number, subject in enumerate(SUBJECTS)
    )
    number = max(developments // 20, 10)
    sources = Source.objects.bulk_create(
        (_source(random, place, number, seed) for place in range(number)), batch_size=5_000
    )
    return World(
        parties,
        _by(speakers, "party_id"),
        _by(offices, "person_id"),
        issues,
        [source.pk for source in sources],
    )


def _by(rows, name):
    groups = {}
    for row in rows:
        groups.setdefault(getattr(row, name), []).append(row)
    return groups


def _office(random, number, who, seed):
    return Office(
        ref=f"off-s{seed}-{number}", recorded_at=who.recorded_at, person=who, party_id=who.party_id,
        title=random.choice(OFFICES), held_from=dt.date(random.randint(1999, 2015), 1, 1), held_from_precision="year",
    )  # fmt: skip


def _source(random, place, number, seed):
    day = BEGINS + (ENDS - BEGINS) * place / number
    recorded = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
    return Source(
        ref=f"src-s{seed}-{place}", recorded_at=recorded, publisher=f"Synthetic Wire {place % 40}",
        title=sentence(random, "a correspondent"), published_on=day, published_precision="day",
        url=f"https://example.org/{seed}/{place}", kind=random.choice(SourceKind.values),
        reliability=random.choice(Reliability.values), language=random.choice(("en", "en", "fr", "ru")),
    )  # fmt: skip
