"""A slow and obvious reading of the record, which shares no code with the rule that it is held against.

A history is a list of versions in the order of their recording, each a dict: `development` (a name), `day`,
`precision` and `last` (as they are stored), `recorded` (an instant), `ended` (an instant or None) and `effects`, a list
of dicts of `item`, `party`, `stance`, and what is set of the item: `status`, `firmness`, `outcome`, `wording`, `due`.
"""

import datetime as dt

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


def read(history, on=None, known=None):
    """How every item stands by the end of the day `on`, as known at `known`, None being now."""
    first_recorded = {}
    for version in history:
        # Those recorded at one instant keep their order.
        first_recorded.setdefault(version["development"], (version["recorded"], len(first_recorded)))

    believed = [version for version in history if is_known(version, known) and has_happened(version, on)]
    believed.sort(
        key=lambda version: (
            # Whatever has no known first day is older than whatever has one.
            "a" if version["precision"] == "before" else "b",
            version["day"],
            first_recorded[version["development"]],
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
    """What `values` has of an aspect; a deadline without its day of review, which is no value of its own."""
    value = values.get(name)
    return value[:4] if name == "due" and value is not None else value


def in_place(value):
    """What stands by `value`: nothing, by a stance taken back or a due date given up."""
    return None if value == "retracted" or value == (None, "", None, "none") else value


def doubts(history, on=None, known=None):
    """{item: {aspect or party: values}}: what another choice of days makes the latest, None where it may be unset."""
    standing, told = read(history, on, known), {}
    for version in history:
        if is_known(version, known) and has_happened(version, on):
            days = days_of(version)
            for effect in version["effects"]:
                set_by = {name: value_in(effect, name) for name in ONCE}
                set_by[effect["party"]] = effect.get("stance")
                for place, value in set_by.items():
                    if value is not None:
                        told.setdefault((effect["item"], place), []).append((value, days))
    found = {}
    for (item, place), values in told.items():
        stands = value_in(standing[item], place) if place in ONCE else standing[item]["stances"][place]
        possible = {in_place(value) for value, days in values if can_be_last(days, values, on)}
        if all(on is not None and max(days) > on for _, days in values):
            possible.add(None)
        others = possible - {in_place(stands)}
        if others:
            found.setdefault(item, {})[place] = others
    return found


def can_be_last(days, values, on):
    """Whether there is a day of `days` by which none of `values` need have come later."""
    return any(
        all(min(others) <= day or (on is not None and max(others) > on) for _, others in values)
        for day in days
        if on is None or day <= on
    )
