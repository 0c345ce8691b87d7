"""The items of one synthetic process, and how each moves."""

import datetime as dt
from dataclasses import dataclass
from random import Random

from tracker.models.vocabularies import (
    LADDERS,
    DemandKind,
    Firmness,
    FollowUpKind,
    ItemKind,
    Stance,
    TalkFormat,
    TalkLevel,
    TalkOutcome,
)
from tracker.synthetic.names import SUBJECTS, sentence

MIXTURE = (
    [ItemKind.DEMAND] * 50 + [ItemKind.FOLLOW_UP] * 20 + [ItemKind.PRINCIPLE] * 18 + [ItemKind.TALK] * 12
)
DUE_PHRASES = ("as soon as possible", "in the coming weeks", "at some point", "once the teams are named")


@dataclass
class Course:
    """One item on its way: where on its ladder it stands, and whose it is."""

    key: int
    kind: str
    title: str
    party_id: int
    step: int = 0


def details(random: Random, course: Course, parties: list[int], talk: int | None) -> dict:
    """The columns of the item's own kind."""
    match course.kind:
        case ItemKind.TALK:
            return {
                "form": random.choice(TalkFormat.values), "level": random.choice(TalkLevel.values),
                "place": "Hall of Mirrors, somewhere", "host_id": random.choice(parties), "predecessor_id": talk,
            }  # fmt: skip
        case ItemKind.PRINCIPLE:
            return {"talk_id": talk, "number": random.randint(1, 12)}
        case ItemKind.DEMAND:
            return {"talk_id": talk, "kind": random.choice(DemandKind.values), "party_id": course.party_id}
    kind = random.choice(FollowUpKind.values)
    office = "Special Envoy" if kind == FollowUpKind.APPOINTMENT else ""
    return {"talk_id": talk, "kind": kind, "office": office, "owner_id": course.party_id}


def raising(random: Random, course: Course, day: dt.date) -> list[dict]:
    """The effects of the development that first raised the item."""
    effect = {"item_id": course.key, "item_kind": course.kind, "status": _status(course)}
    if course.kind == ItemKind.DEMAND:
        effect["firmness"] = random.choice(Firmness.values)
    elif course.kind == ItemKind.FOLLOW_UP:
        effect |= _due(random, day)
    if random.random() < 0.3:
        effect["wording"] = sentence(random, "the text")
    if course.kind in {ItemKind.DEMAND, ItemKind.PRINCIPLE}:
        effect |= {"party_id": course.party_id, "stance": Stance.AFFIRMS.value}
    return [effect]


def moving(random: Random, course: Course, parties: list[int], party_id: int, day: dt.date) -> list[dict]:
    """The effects of a later development on the item: a step on its ladder, stances of one or many, a slip, a word."""
    base = {"item_id": course.key, "item_kind": course.kind}
    chance = random.random()
    if chance < 0.06:
        some = random.sample(parties, random.randint(2, len(parties)))
        return [base | {"party_id": party, "stance": _stance(random)} for party in some]
    if chance < 0.45:
        return [base | {"party_id": party_id, "stance": _stance(random)}]
    if chance < 0.55:
        return [base | {"wording": sentence(random, "the text")}]
    if chance < 0.70 and course.kind == ItemKind.DEMAND:
        return [base | {"firmness": random.choice(Firmness.values)}]
    if chance < 0.75 and course.kind in {ItemKind.FOLLOW_UP, ItemKind.TALK}:
        return [base | _due(random, day)]
    ladder = LADDERS[course.kind].values
    course.step = min(max(course.step + random.choice((1, 1, 1, 0, -1)), 0), len(ladder) - 1)
    effect = base | {"status": _status(course)}
    if course.kind == ItemKind.TALK and effect["status"] == "held":
        effect["outcome"] = random.choice(TalkOutcome.values)
    return [effect]


def reread(random: Random, effects: list[dict]) -> list[dict]:
    """The effects as the correction of a development has them: a stance or a status read otherwise."""
    corrected = []
    for effect in effects:
        changed = dict(effect)
        if "stance" in effect:
            changed["stance"] = _stance(random)
        elif "status" in effect:
            changed["status"] = random.choice(LADDERS[effect["item_kind"]].values)
        corrected.append(changed)
    return corrected


def title(random: Random, number: int) -> str:
    """A short name of an item, no two alike within a process."""
    return f"{random.choice(SUBJECTS).capitalize()}, point {number}"


def _status(course):
    return LADDERS[course.kind].values[course.step]


def _stance(random):
    return random.choice(Stance.values)


def _due(random, day):
    if random.random() < 0.3:
        return {"due_phrase": random.choice(DUE_PHRASES), "review_on": str(day + dt.timedelta(days=30))}
    due = day + dt.timedelta(days=random.randint(3, 200))
    if random.random() < 0.3:
        return {"due_on": str(due.replace(day=1)), "due_precision": "month"}
    return {"due_on": str(due), "due_precision": "day"}
