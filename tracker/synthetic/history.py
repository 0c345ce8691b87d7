"""The developments of one synthetic process."""

import datetime as dt
from dataclasses import dataclass
from random import Random

from tracker.models import Demand, FollowUp, Principle, Process, Talk, User
from tracker.models.dates import Span
from tracker.models.vocabularies import (
    Basis,
    Capacity,
    CorrectionReason,
    Credibility,
    DatePrecision,
    DevelopmentKind,
    EndedAs,
    ItemKind,
    SpeechAct,
    Strength,
    TableRole,
)
from tracker.synthetic.items import MIXTURE, Course, details, moving, raising, reread, title
from tracker.synthetic.names import PLACES, paragraph, sentence
from tracker.synthetic.world import BEGINS, ENDS, World

KINDS = [DevelopmentKind.STATEMENT.value] * 8 + DevelopmentKind.values
PRECISIONS = (
    [DatePrecision.DAY] * 85
    + [DatePrecision.MONTH] * 8
    + [DatePrecision.YEAR] * 3
    + [DatePrecision.BEFORE] * 4
)
PREFIXES = {model.kind_code.value: model.prefix for model in (Talk, Principle, Demand, FollowUp)}
LATE, CORRECTED, WITHDRAWN = 0.06, 0.03, 0.01
RAISED_BY = 0.7
"""The part of a process by whose end all of its items have been raised."""


@dataclass(frozen=True)
class Shape:
    """How large a process is; in an `even` one each item has about as many developments as any other."""

    developments: int
    items: int
    even: bool = False


class History:
    """Writes one process into `tables` (by model name), item by item and development by development."""

    def __init__(self, random: Random, world: World, tables: dict, by: User):
        self.random, self.world, self.tables, self.by = random, world, tables, by

    def write(self, process: Process, shape: Shape) -> dt.datetime:
        """Write `process` as one of `shape`, and return the instant (UTC) at which the last of it was recorded."""
        random = self.random
        self.process_id, self.mark = process.pk, process.ref.partition("-")[2]
        self.parties = [party.pk for party in random.sample(self.world.parties, random.randint(2, 12))]
        self.people = [person for party in self.parties for person in self.world.people[party]]
        self.issues = random.sample(self.world.issues, random.randint(3, len(self.world.issues)))
        self.courses: list[Course] = []
        self.talks: list[Course] = []
        self.took_stance: set[tuple[int, int]] = set()
        years = dt.timedelta(days=365 * random.randint(3, 12))
        begins, ends = (dt.datetime.combine(day, dt.time(8)) for day in (BEGINS, ENDS))
        self.now = self.last = begins + (ends - years - begins) * random.random()
        pace = years / shape.developments
        for number in range(shape.developments):
            self.now += pace * random.random() * 1.9 + dt.timedelta(microseconds=1)
            self._develop(number, shape, ends)
        for item_id, party_id in sorted(self.took_stance):
            self.tables["ItemStance"].add({"item_id": item_id, "party_id": party_id})
        return self.last.replace(tzinfo=dt.UTC)

    def _develop(self, number, shape, ends):
        random = self.random
        day, precision = self._happened()
        party_id = random.choice(self.parties)
        if (
            len(self.courses) < shape.items
            and number * shape.items >= len(self.courses) * shape.developments * RAISED_BY
        ):
            course = self._raise(party_id)
            effects = raising(random, course, day)
        else:
            place = (
                number % len(self.courses) if shape.even else int(len(self.courses) * random.random() ** 2)
            )
            course = self.courses[place]
            effects = moving(random, course, self.parties, party_id, day)
        if random.random() < 0.15:
            other = random.choice(self.courses)
            if other is not course:
                effects += moving(random, other, self.parties, party_id, day)
        kind = random.choice(KINDS)
        speaker = random.choice(self.people)
        speech = kind in {"statement", "readout", "reaction"}
        talk = random.choice(self.talks).key if random.random() < 0.35 else None
        row = {
            "ref": f"dev-{self.mark}-{number}", "process_id": self.process_id, "kind": kind,
            "occurred_on": str(day), "occurred_precision": precision, "occurred_inferred": random.random() < 0.05,
            "happened_key": Span(day, precision).key,
            "headline": sentence(random, speaker.name),
            "detail": paragraph(random, "it") if random.random() < 0.5 else "",
            "talk_id": talk, "party_id": None if talk and random.random() < 0.2 else party_id,
            "speaker_id": speaker.pk if speech else None,
            "speech_act": random.choice(SpeechAct.values) if speech else "",
            "strength": random.choice(Strength.values) if speech else "", "basis": random.choice(Basis.values),
            "first_recorded_at": self.now.isoformat(" "), "placed_at": self.now.isoformat(" "),
            "recorded_by_id": self.by.pk,
            "sourced": random.random() < 0.96,
        }  # fmt: skip
        self._versions(row, day, effects, ends)

    def _happened(self):
        """The day of what is recorded now and how precisely it is known: mostly of late, sometimes long ago."""
        random, recorded = self.random, self.now.date()
        late = random.random() < LATE
        day = recorded - dt.timedelta(
            days=random.randint(30, 900) if late else random.choice((0, 0, 0, 0, 1, 1, 2, 5))
        )
        precision = random.choice(PRECISIONS).value
        if precision == DatePrecision.MONTH:
            day = day.replace(day=1)
        elif precision == DatePrecision.YEAR:
            day = day.replace(month=1, day=1)
        return day, precision

    def _raise(self, party_id):
        """A new item, with what its kind needs; the first of a process is a talk."""
        random, number = self.random, len(self.courses)
        kind = random.choice(MIXTURE).value if number else ItemKind.TALK.value
        course = Course(self.tables["Item"].next_key(), kind, title(random, number), party_id)
        talk = random.choice(self.talks).key if self.talks else None
        ref = f"{PREFIXES[kind]}-{self.mark}-{number}"
        self.tables["Item"].add(
            {"id": course.key, "ref": ref, "recorded_at": self.now.isoformat(" "), "process_id": self.process_id,
             "item_kind": kind, "title": course.title}
        )  # fmt: skip
        self.tables[kind].add({"item_id": course.key} | details(random, course, self.parties, talk))
        for issue in random.sample(self.issues, random.choice((1, 1, 1, 2))):
            self.tables["item issues"].add({"item_id": course.key, "issue_id": issue.pk})
        others = random.sample(self.parties, min(len(self.parties), 2))
        if kind == ItemKind.PRINCIPLE:
            for party in others:
                self.tables["principle parties"].add({"principle_id": course.key, "party_id": party})
        elif kind == ItemKind.DEMAND:
            for party in others[:1]:
                self.tables["demand addressed_to"].add({"demand_id": course.key, "party_id": party})
        elif kind == ItemKind.FOLLOW_UP:
            for party in [party for party in others if party != party_id][:1]:
                self.tables["follow-up promised_to"].add({"followup_id": course.key, "party_id": party})
        elif kind == ItemKind.TALK:
            self._seat(course)
            self.talks.append(course)
        self.courses.append(course)
        return course

    def _seat(self, course):
        random = self.random
        for place, party_id in enumerate(
            random.sample(self.parties, random.randint(2, min(6, len(self.parties))))
        ):
            delegation, mark = (
                self.tables["Delegation"].next_key(),
                f"{self.mark}-{len(self.courses)}-{place}",
            )
            role = TableRole.PRINCIPAL if place < 2 else random.choice(list(TableRole))
            self.tables["Delegation"].add(
                {"id": delegation, "ref": f"dlg-{mark}", "recorded_at": self.now.isoformat(" "),
                 "talk_id": course.key, "party_id": party_id, "role": role.value}
            )  # fmt: skip
            for seat, person in enumerate(random.sample(self.world.people[party_id], random.randint(1, 4))):
                capacity = Capacity.HEAD if seat == 0 else random.choice((Capacity.MEMBER, Capacity.ADVISER))
                self.tables["Delegate"].add(
                    {"ref": f"dgt-{mark}-{seat}", "recorded_at": self.now.isoformat(" "),
                     "delegation_id": delegation, "person_id": person.pk, "capacity": capacity.value,
                     "office_id": self.world.offices[person.pk][0].pk}
                )  # fmt: skip

    def _versions(self, row, day, effects, ends):
        """The row as first recorded, then each correction of it, then its withdrawal, where it had any."""
        random, recorded, version = self.random, self.now, 1
        while True:
            self.last = max(self.last, recorded)
            until = recorded + dt.timedelta(days=random.randint(1, 200), microseconds=1)
            chance = random.random() if until < ends else 1
            end = {}
            if chance < WITHDRAWN + CORRECTED:
                as_what = EndedAs.WITHDRAWN if chance < WITHDRAWN else EndedAs.CORRECTED
                reason = random.choice(CorrectionReason.values) if as_what == EndedAs.CORRECTED else ""
                end = {"ended_at": until.isoformat(" "), "ended_by_id": self.by.pk, "ended_as": as_what.value,
                       "ended_reason": reason, "ended_note": "As the source now has it."}  # fmt: skip
                self.last = max(self.last, until)
            self._insert(row | end, version, recorded, day, effects)
            if not end or end["ended_as"] == EndedAs.WITHDRAWN:
                return
            effects, recorded, version = reread(random, effects), until, version + 1
            row["headline"] = sentence(random, "the speaker")

    def _insert(self, row, version, recorded, day, effects):
        random, key = self.random, self.tables["Development"].next_key()
        mark, instant = f"{row['ref'].partition('-')[2]}-v{version}", recorded.isoformat(" ")
        self.tables["Development"].add(
            row | {"id": key, "version": version, "recorded_at": instant, "recorded_on": str(recorded.date())}
        )
        times = {
            name: row[name] for name in ("occurred_on", "occurred_precision", "happened_key", "placed_at")
        }
        occurred = Span(dt.date.fromisoformat(row["occurred_on"]), row["occurred_precision"])
        times |= {
            "earliest_on": occurred.earliest and str(occurred.earliest),
            "latest_on": str(min(occurred.latest, recorded.date())),
        }
        times |= {"development_id": key, "recorded_at": instant, "ended_at": row.get("ended_at")}
        for number, effect in enumerate(effects):
            if "stance" in effect:
                self.took_stance.add((effect["item_id"], effect["party_id"]))
            self.tables["Effect"].add(effect | times | {"ref": f"eff-{mark}-{number}"})
        for number in range(random.choice((1, 1, 1, 1, 1, 2)) if row["sourced"] else 0):
            self.tables["Citation"].add(
                {"ref": f"cit-{mark}-{number}", "recorded_at": instant, "development_id": key,
                 "source_id": self.world.source_of(random, day), "quote": paragraph(random, "we"),
                 "place": random.choice(PLACES), "credibility": random.choice(Credibility.values)}
            )  # fmt: skip
