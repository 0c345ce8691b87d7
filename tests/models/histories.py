"""Random histories: drawn as plain steps, then recorded."""

import datetime as dt

from django.core.exceptions import ValidationError
from hypothesis import strategies as st

from tests.models.oracle import put
from tracker import recording
from tracker.models import Demand, Development, Effect, FollowUp, Principle, Talk
from tracker.recording.timestamps import PENDING, one_instant

PARTIES = (0, 1, 2)
KINDS = (Demand, Talk, FollowUp, Principle)
STATUSES = {
    Demand: ("open", "rejected", "met"),
    Talk: ("proposed", "held"),
    FollowUp: ("promised", "done"),
    Principle: ("claimed", "agreed"),
}
OWN = {
    Demand: {"firmness": ("stated", "red_line")},
    Talk: {
        "outcome": ("to_continue", "walk_out"),
        "due": (
            (dt.date(2025, 3, 1), "month", None, ""),
            (dt.date(2025, 3, 4), "lasted", dt.date(2025, 3, 6), ""),
        ),
    },
    FollowUp: {
        "due": (
            (dt.date(2025, 3, 1), "day", None, ""),
            (None, "", None, "as soon as possible"),
            (dt.date(2026, 1, 1), "year", None, "next year"),
            (dt.date(2025, 3, 1), "after", None, ""),
            (None, "", None, "none"),
        )
    },
    Principle: {},
}
WORDINGS = (
    (("", "As it was."),),
    (("", "As it is."),),
    (("fa", "چنین است"), ("en", "As it is.")),
    (("en", "As it is."), ("", "As it was.")),
)
"""The texts of wordings with their languages, as they are recorded."""
REST = {
    Demand: {"kind": "demand"},
    Talk: {"form": "call", "level": "leader"},
    FollowUp: {"kind": "other"},
    Principle: {},
}
DAYS = st.sampled_from(
    [(dt.date(2024, 12, 31), "day", None)]
    + [(dt.date(2025, 1, 1), known, None) for known in ("before", "year", "about_year", "month", "day")]
    + [(dt.date(2025, 2, 1), known, None) for known in ("before", "month", "about_month", "day")]
    + [(dt.date(2025, 2, 18), known, None) for known in ("before", "after", "about_day", "day", "day")]
    + [
        (dt.date(2025, 2, 11), "between", dt.date(2025, 2, 20)),
        (dt.date(2025, 2, 1), "lasted", dt.date(2025, 2, 2)),
    ]
)
# What is told of the order within the day of one whole day: a time of day, a zone, and which development it follows.
TIMES = st.tuples(
    st.sampled_from([None, None, dt.time(0, 0), dt.time(9, 30), dt.time(12, 0), dt.time(23, 59)]),
    st.sampled_from(["", "Asia/Tokyo", "America/New_York"]),
    st.sampled_from([None, None, 0, 1, 2, 3]),
)


@st.composite
def touches(draw):
    """What one development does: {item: (what it sets of it, {party: stance, None where it is only named})}."""
    done = {}
    for item in draw(st.lists(st.sampled_from(range(len(KINDS))), min_size=1, max_size=2, unique=True)):
        kind = KINDS[item]
        choices = {"status": STATUSES[kind], "wording": WORDINGS} | OWN[kind]
        given = {name: draw(st.sampled_from([None, *values])) for name, values in choices.items()}
        stances = draw(
            st.dictionaries(
                st.sampled_from(PARTIES),
                st.sampled_from([None, "affirms", "silent", "rejects", "retracted"]),
                max_size=2,
            )
        )
        given = {name: value for name, value in given.items() if value is not None}
        if not given and (not stances or None in stances.values()):
            given = {"status": STATUSES[kind][0]}
        done[item] = (given, stances)
    return done


ONE_DAY = st.just((dt.date(2025, 2, 18), "day", None))
RECORD = st.tuples(st.just("record"), st.just(0), DAYS, touches(), TIMES)
CORRECT = st.tuples(st.just("correct"), st.integers(0, 5), DAYS, touches(), TIMES)
WITHDRAW = st.tuples(st.just("withdraw"), st.integers(0, 5), st.none(), st.none(), st.none())
STEPS = st.tuples(
    RECORD, st.lists(st.one_of(RECORD, CORRECT, CORRECT, WITHDRAW), min_size=1, max_size=5)
).map(lambda drawn: [drawn[0], *drawn[1]])
RECORD_IN_A_DAY = st.tuples(st.just("record"), st.just(0), ONE_DAY, touches(), TIMES)
CORRECT_IN_A_DAY = st.tuples(st.just("correct"), st.integers(0, 5), ONE_DAY, touches(), TIMES)
STEPS_OF_A_DAY = st.lists(
    st.one_of(RECORD_IN_A_DAY, RECORD_IN_A_DAY, CORRECT_IN_A_DAY, CORRECT, WITHDRAW), min_size=3, max_size=7
)
"""Most of what is recorded is of one day, so that there is something to put in order."""


def play(steps, by, process, parties):
    """Record `steps`, one, two or three in a transaction; return (history for the oracle, {item: row})."""
    history, items = [], {}
    together = 1 + len(steps) % 3
    for start in range(0, len(steps), together):
        with one_instant():
            for number, step in enumerate(steps[start : start + together], start):
                _do(number, step, by, process, parties, history, items)
        for version in history:
            version["recorded"] = version["row"].recorded_at
            if version["ended"] == PENDING:
                version["ended"] = Development.objects.get(pk=version["row"].pk).ended_at
    return history, items


def _do(number, step, by, process, parties, history, items):
    """Do one step, and add to `history` and `items` what came of it."""
    action, which, day, done, told = step
    current = [version for version in history if version["ended"] is None]
    if action != "record" and not current:
        return
    old = current[which % len(current)] if action != "record" else None
    if old:
        old["ended"] = PENDING
    if action == "withdraw":
        recording.withdraw(by, old["row"], "Not so.")
        return
    time, zone, follows = told if day[1] == "day" else (None, "", None)
    named = current[follows % len(current)] if follows is not None and current else None
    new = Development(
        process=process, occurred_on=day[0], occurred_precision=day[1], occurred_last=day[2], occurred_time=time,
        occurred_zone=zone if time else "", follows=named["row"].ref if named else "",
        kind="talks" if day[1] == "lasted" else "report", party=parties[0], headline=f"Step {number}",
        basis="paraphrase",
    )  # fmt: skip
    version = {
        "development": old["development"] if old else number, "day": day[0], "precision": day[1], "last": day[2],
        "time": time, "zone": zone, "follows": named["development"] if named else None, "row": new, "ended": None,
    }  # fmt: skip
    fits = put(history, version, old)
    fresh = {
        item: KINDS[item](process=process, title=f"Item {item}", **REST[KINDS[item]])
        for item in done
        if item not in items
    }
    for item, row in fresh.items():
        if KINDS[item] is Demand:
            row.party = parties[0]
    said = list(effects_of(done, day[0]))
    rows = [effect_row(effect, items | fresh, parties) for effect in said]
    raised = [(row, {"parties": parties} if isinstance(row, Principle) else {}) for row in fresh.values()]
    try:
        if action == "record":
            recording.record(by, new, rows, items=raised)
        else:
            recording.correct(by, old["row"], new, rows, (), "new_information", items=raised)
    except ValidationError as error:
        assert not fits, error
        if old:
            old["ended"] = None
        return
    assert fits, version
    items |= fresh
    history.append(version | {"recorded": new.recorded_at, "effects": said})


def effects_of(done, day):
    """The effects of a development as dicts: one for each party, the first of which sets the rest as well.

    So does that of a party without a stance, which would else say nothing. Further texts of a wording have effects of
    their own.
    """
    for item, (given, stances) in done.items():
        given = dict(given)
        texts = given.get("wording", ())
        if texts:
            # The one without a language is shown first.
            given |= {"wording": tuple(sorted(texts, key=lambda text: bool(text[0]))), "text": texts[0]}
        if "due" in given:
            has_review = given["due"][0] is None and given["due"][3] != "none"
            review = day + dt.timedelta(days=30) if has_review else None
            given["due"] = (*given["due"], review)
        for number, (party, stance) in enumerate([*stances.items()] or [(None, None)]):
            sets_the_rest = number == 0 or stance is None
            yield {"item": item, "party": party, "stance": stance} | (given if sets_the_rest else {})
        for text in texts[1:]:
            yield {"item": item, "party": None, "stance": None, "text": text}


def effect_row(effect, items, parties):
    """The unsaved Effect that says what `effect` does; the development's own party is left to be understood."""
    row = Effect(item=items[effect["item"]], party=parties[effect["party"]] if effect["party"] else None)
    for name in ("stance", "status", "firmness", "outcome"):
        setattr(row, name, effect.get(name))
    row.wording_language, row.wording = effect.get("text", ("", None))
    if "due" in effect:
        row.due_on, row.due_precision, row.due_last, row.due_phrase, _ = effect["due"]
    return row
