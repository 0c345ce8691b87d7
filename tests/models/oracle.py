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
