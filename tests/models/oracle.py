"""A slow and obvious reading of the record, which shares no code with the rule that it is held against.

A history is a list of versions in the order of their recording, each a dict: `development` (a number, in the order of
first recording), `day`, `precision` and `last` (as they are stored), `time`, `zone`, `follows` (a number or None),
`recorded` (an instant), `ended` (an instant or None), `place` (set by `put`) and `effects`, a list of dicts of `item`,
`party`, `stance`, and what is set of the item: `status`, `firmness`, `outcome`, `due`, and `wording`, pairs of language
and words, in the order in which they are shown.
"""

import datetime as dt
import math
from fractions import Fraction

ONCE = ("status", "firmness", "outcome", "wording", "due")


def is_known(version, known):
    """Whether a version was recorded by the instant `known`, and not ended by then."""
    if known is None:
        return version["ended"] is None
    return version["recorded"] <= known and (version["ended"] is None or version["ended"] > known)


def has_happened(version, on):
    """Whether a version counts by the end of the day `on`."""
    if on is None:
        return True
    if version["precision"] == "before":
        return version["day"] <= on + dt.timedelta(days=1)
    return version["day"] <= on


HOURS = {"": 0, "Asia/Tokyo": 9, "America/New_York": -5}
"""By how many hours the clocks of a zone are ahead in winter."""


def hours(version):
    """When it happened in the clocks of the installation, from the midnight that its day begins with."""
    return version["time"].hour + version["time"].minute / 60 - HOURS[version["zone"]]


def comes_after(later, earlier):
    """Whether it is told of two versions, of one whole day, that one comes after the other; others aside."""
    days = [(version["day"], version["precision"]) for version in (later, earlier)]
    if days[0] != days[1] or days[0][1] != "day":
        return False
    if later["follows"] == earlier["development"]:
        return True
    return bool(later["time"] and earlier["time"]) and hours(later) > hours(earlier)


def put(history, version, old=None):
    """Set the `place` of a new version, which may replace `old`; return whether it can have one.

    Places are numbers: what is told by nothing has that of its first recording.
    """
    version["place"] = Fraction(2 * version["development"] + 1, 2)
    told_by = ("day", "precision", "time", "zone", "follows")
    if old and all(version[name] == old[name] for name in told_by):
        version["place"] = old["place"]
        return True

    def shelf(other):
        return other["precision"] == "before", other["day"]

    others = [other for other in history if other["ended"] is None and shelf(other) == shelf(version)]
    others.sort(key=lambda other: other["place"])
    chain = [other for other in others if other["development"] == version["follows"]]
    if version["follows"] is not None and not (chain and comes_after(version, chain[0])):
        return False
    gaps = [
        gap
        for gap in range(len(others) + 1)
        if not any(comes_after(other, version) for other in others[:gap])
        and not any(comes_after(version, other) for other in others[gap:])
    ]
    if not gaps:
        return False
    if chain:
        for one in chain:
            chain += [o for o in others if o["follows"] == one["development"] and o not in chain]
        gap = min(gaps)
        while gap + 1 in gaps and any(other in chain for other in others[gap : max(gaps)]):
            gap += 1
    else:
        natural = sum(other["place"] < version["place"] for other in others)
        gap = min(gaps, key=lambda gap: abs(gap - natural))
        if gap == natural:
            return True
    version["place"] = between(others[:gap][-1:], others[gap:][:1])
    return True


def between(left, right):
    """A place behind that of `left`, or where there is none, ahead of that of `right`: lists of one version or none."""
    beside = (left or right)[0]["place"]
    number = math.floor(beside)
    marks = [number, number + Fraction(1, 2), number + 1, *(version["place"] for version in left + right)]
    if left:
        return (beside + min(mark for mark in marks if mark > beside)) / 2
    return (beside + max(mark for mark in marks if mark < beside)) / 2


def read(history, on=None, known=None):
    """How every item stands by the end of the day `on`, as known at `known`, None being now."""
    believed = [version for version in history if is_known(version, known) and has_happened(version, on)]
    believed.sort(
        key=lambda version: (
            # Whatever has no known first day is older than whatever has one.
            "a" if version["precision"] == "before" else "b",
            version["day"],
            version["place"],
        )
    )

    items = {}
    for version in believed:
        happened = (version["day"], version["precision"], version["last"])
        for effect in version["effects"]:
            item = items.setdefault(effect["item"], {"raised": happened, "stances": {}} | dict.fromkeys(ONCE))
            item["changed"] = happened
            for name in ONCE:
                if effect.get(name) is not None:
                    item[name] = effect[name]
            if effect.get("status") is not None:
                item["status_since"] = happened
            if effect.get("stance") is not None:
                item["stances"][effect["party"]] = effect["stance"]
    return items


def days_of(version):
    """Every day on which a version can have happened, an open end cut off ten years before or after."""
    day, last, unit = version["day"], version["last"], version["precision"].removeprefix("about_")
    around = {"day": 1, "month": 31, "year": 366}[unit] if version["precision"].startswith("about_") else 0
    if version["precision"] == "before":
        first, last = day - dt.timedelta(days=3650), day - dt.timedelta(days=1)
    elif version["precision"] == "after":
        first, last = day, day + dt.timedelta(days=3650)
    else:
        first, last = day - dt.timedelta(days=2 * around), last or day + dt.timedelta(days=400 + 2 * around)
    shown = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}.get(unit)
    span = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    if shown:
        # Those of the same day, month or year, and of the ones beside it where it is only about then.
        units = list(dict.fromkeys(each.strftime(shown) for each in span))
        place = units.index(day.strftime(shown))
        near = units[max(0, place - 1) : place + 2] if around else [units[place]]
        span = [each for each in span if each.strftime(shown) in near]
    return [each for each in span if each <= version["recorded"].date()]


def value_in(values, name):
    """What `values` has of an aspect; a deadline without its day of review, which is no value of its own.

    A wording is the same in whatever languages and order its words are.
    """
    value = values.get(name)
    if name == "wording" and value is not None:
        return frozenset(words for _, words in value)
    return value[:4] if name == "due" and value is not None else value


def in_place(value):
    """What stands by `value`: nothing, by a stance taken back or a due date given up."""
    return None if value == "retracted" or value == (None, "", None, "none") else value


def doubts(history, on=None, known=None):
    """{item: {aspect or party: values}}: what another choice of days makes the latest, None where it may be unset."""
    standing, told = read(history, on, known), {}
    believed = [version for version in history if is_known(version, known) and has_happened(version, on)]
    for version in believed:
        days = days_of(version)
        for effect in version["effects"]:
            set_by = {name: value_in(effect, name) for name in ONCE}
            set_by[effect["party"]] = effect.get("stance")
            for place, value in set_by.items():
                if value is not None:
                    told.setdefault((effect["item"], place), []).append((value, days, version))
    found = {}
    for (item, place), values in told.items():
        stands = value_in(standing[item], place) if place in ONCE else standing[item]["stances"][place]
        possible = {
            in_place(value)
            for value, days, version in values
            if can_be_last(days, [days for _, days, _ in values], on)
            and can_end(version, [version for *_, version in values], believed)
        }
        if all(on is not None and max(days) > on for _, days, _ in values):
            possible.add(None)
        others = possible - {in_place(stands)}
        if others:
            found.setdefault(item, {})[place] = others
    return found


def can_be_last(days, values, on):
    """Whether there is a day of `days` by which none of `values`, lists of days, need have come later."""
    return any(
        all(min(others) <= day or (on is not None and max(others) > on) for others in values)
        for day in days
        if on is None or day <= on
    )


def can_end(version, rivals, remaining):
    """Whether `remaining` can be put in an order that agrees with what is told, with `version` behind its `rivals`."""
    for last in remaining:
        if any(comes_after(other, last) for other in remaining):
            continue
        if last is version:
            return True
        if last not in rivals and can_end(
            version, rivals, [other for other in remaining if other is not last]
        ):
            return True
    return False
