"""The versions of a development: what each said, who recorded it, and why it gave way to the next."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Prefetch

from tracker.clocks import Clocks
from tracker.models import Citation, Development, Effect
from tracker.models.changes import snapshot
from tracker.models.dates import last_key


@dataclass(frozen=True)
class Version:
    """One version, as much of it as was known at the clocks."""

    development: Development
    changes: list[dict]
    """What differs from the version before, as `label`, `old` and `new` in words; empty for the first."""
    ended_at: dt.datetime | None
    """When it gave way or was taken back, if that had happened by then."""

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken back, with nothing in its place."""
        return self.ended_at is not None and self.development.ended_as == "withdrawn"


def versions_of(user, ref: str, clocks: Clocks) -> list[Version]:
    """The versions of the development `ref` that `user` may see and that were recorded by `clocks`, newest first.

    Empty where there are none, or where what the latest tells of had not happened by `clocks`. Four queries.
    """
    rows = list(
        Development.objects.visible_to(user)
        .filter(ref=ref, **({"recorded_at__lte": clocks.known} if clocks.known else {}))
        .select_related("process", "party", "speaker", "talk", "recorded_by", "ended_by")
        .prefetch_related(
            Prefetch("effects", Effect.objects.select_related("item", "party").order_by("pk")),
            Prefetch("citations", Citation.objects.select_related("source").order_by("pk")),
            "speaker__offices",
        )
        .order_by("version")
    )
    if not rows or (clocks.on and rows[-1].happened_key > last_key(clocks.on, clocks.before)):
        return []
    versions, before = [], None
    for row in rows:
        said = _words(row)
        ended = (
            row.ended_at if row.ended_at and (clocks.known is None or row.ended_at <= clocks.known) else None
        )
        versions.append(Version(row, _differences(before, said) if before is not None else [], ended))
        before = said
    return versions[::-1]


def _words(row: Development) -> dict[str, tuple[str, str]]:
    """What a version says, in words, by a key that the next version shares where it says the like."""
    words = {name: said for name, said in snapshot(row).items() if name != "occurred_precision"}
    words["occurred_on"] = ("occurred on", str(row.occurred))
    for effect in row.effects.all():
        said = ", ".join(filter(None, _effect_words(effect)))
        words[f"effect {effect.item_id} {effect.party_id}"] = (f"effect on “{effect.item}”", said)
    for number, citation in enumerate(row.citations.all(), start=1):
        quote = f"“{citation.quote}”" if citation.quote else ""
        said = [str(citation), quote, f"credibility {citation.credibility}"]
        words[f"citation {number}"] = (f"citation {number}", ", ".join(filter(None, said)))
    return words


def _effect_words(effect: Effect) -> list[str]:
    """What `effect` sets, each part in words, empty where it sets none."""
    stance = f"{effect.party}: {effect.get_stance_display()}" if effect.stance else ""
    due = " · ".join(filter(None, [effect.due_phrase, str(effect.due or "")]))
    return [
        effect.status_label,
        stance,
        effect.get_firmness_display() or "",
        effect.get_outcome_display() or "",
        f"due {due}" if due else "",
        f"“{effect.wording}”" if effect.wording else "",
    ]


def _differences(before: dict, after: dict) -> list[dict]:
    changes = []
    for name in dict.fromkeys([*after, *before]):
        label, new = after.get(name, (before.get(name, ("",))[0], ""))
        old = before.get(name, ("", ""))[1]
        if old != new:
            changes.append({"label": label, "old": old, "new": new})
    return changes
