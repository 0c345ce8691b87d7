"""A process of which far more is on record than a page can show: many items, each with a stance of every party."""

import datetime as dt
from dataclasses import dataclass, field

from django.db import connection

from tests import factories as make
from tests.trusting import trusting
from tracker.models import Citation, Demand, Development, Effect, FollowUp, Principle, Talk
from tracker.recording.bulk import NewDevelopment, record_all

OF_EACH_KIND = 40
BUSY = 210
"""How many developments move the first talk, the first principle and the first follow-up."""
KINDS = {
    Talk: ("held", {"form": "in_person_bilateral", "level": "minister"}),
    Principle: ("claimed", {}),
    Demand: ("open", {"kind": "demand"}),
    FollowUp: ("promised", {"kind": "drafting"}),
}
STANCES = ("affirms", "rejects", "conditional", "disputes")
BEGINS = dt.date(2020, 1, 1)


@dataclass
class Crowd:
    """The process with its parties, and its items by model."""

    process: object
    parties: list
    issues: list
    source: object
    items: dict = field(default_factory=lambda: {model: [] for model in KINDS})

    def said(self, day, effects, items=(), **values):
        """A statement of the `day`th day, with a quote, and what it sets."""
        development = Development(
            process=self.process, occurred_on=BEGINS + dt.timedelta(days=day), occurred_precision="day",
            kind="statement", speech_act="states", basis="own_words", party=self.parties[day % 12],
            headline=f"On day {day} its minister says at some length what is wrong with the text", **values,
        )  # fmt: skip
        quote = f"as to point {day} we have said what we have said, and go on saying it"
        return NewDevelopment(development, effects, [Citation(source=self.source, quote=quote)], items)

    def stances(self, item, shift):
        """A stance of every party on `item`."""
        return [
            Effect(item=item, party=party, stance=STANCES[(place + shift) % 4])
            for place, party in enumerate(self.parties)
        ]

    def raised(self):
        """What raises the items, in turn one of each kind."""
        for number in range(OF_EACH_KIND * len(KINDS)):
            model = [*KINDS][number % 4]
            status, values = KINDS[model]
            whose = {Demand: "party", FollowUp: "owner"}.get(model)
            if whose:
                values = values | {whose: self.parties[number % 12]}
            item = model(process=self.process, title=f"Point {number} of what lies on the table", **values)
            self.items[model].append(item)
            effects = [Effect(item=item, status=status), *self.stances(item, number)]
            yield self.said(number, effects, [(item, {"issues": [self.issues[number % 6]]})])

    def again(self):
        """What is said of each principle once more, and how the busiest items move and move."""
        day = OF_EACH_KIND * len(KINDS)
        for place, principle in enumerate(self.items[Principle]):
            yield self.said(day + place, self.stances(principle, place + 1))
        talk, principle, _, follow_up = (items[0] for items in self.items.values())
        for number in range(BUSY):
            due = dt.date(2030, 1, 1) + dt.timedelta(days=number)
            yield self.said(
                day + OF_EACH_KIND + number,
                [
                    Effect(item=talk, party=self.parties[number % 12], stance=STANCES[number // 12 % 4]),
                    Effect(item=principle, party=self.parties[number % 12], stance=STANCES[number // 12 % 4]),
                    Effect(item=follow_up, due_on=due, due_precision="day"),
                ],
                talk=talk,
            )


def crowd(by):
    """Record it, and return it."""
    process = make.ProcessFactory()
    parties = [make.PartyFactory(name=f"Country of the {number}th column") for number in range(12)]
    made = Crowd(process, parties, [make.IssueFactory() for _ in range(6)], make.SourceFactory())
    with trusting():
        record_all(by, made.raised())
        record_all(by, made.again())
        talk = made.items[Talk][0]
        for party in parties:
            make.DelegationFactory(talk=talk, party=party)
    # PostgreSQL plans by what it last counted, which may be none of this.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return made
