"""The versions of a development, with author, and the reason for the next."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Prefetch

from tracker.clocks import Clocks
from tracker.models import Development, Effect, User
from tracker.models.dates import Span
from tracker.models.effects import GIVEN_UP, due_words
from tracker.models.vocabularies import CorrectionReason
from tracker.queries.evidence import with_claims
from tracker.queries.home import CITED
from tracker.recording.audit import snapshot
from tracker.text.languages import language_suffix


@dataclass(frozen=True)
class Version:
    """One version, as much of it as was known at the clocks."""

    development: Development
    ended_at: dt.datetime | None
    """When it gave way or was taken back, if that had happened by then."""

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was withdrawn rather than corrected."""
        return self.ended_at is not None and self.development.ended_as == "withdrawn"

    @property
    def is_moved(self) -> bool:
        """Whether it gave way to a version in another process."""
        return self.ended_at is not None and self.development.ended_reason == CorrectionReason.WRONG_PROCESS


@dataclass(frozen=True)
class VersionEvent:
    """The recording, a correction, or the withdrawal of a development, or its move out of sight."""

    done: str
    version: Version | None
    """What it says since; None once it is withdrawn, or moved to a process that the user may not see."""
    replaced: Version | None
    """What it had said before; None when it was first recorded."""
    at: dt.datetime
    by: User
    reason: str = ""
    """Why, as a code in words, and in somebody's own words."""
    note: str = ""
    rewordings: list[dict] = field(default_factory=list)
    """What differs in its own words, as `label`, `old` and `new`; empty unless it was corrected."""
    resettings: list[dict] = field(default_factory=list)
    """What differs in what it sets of items, likewise."""


def versions_of(user, ref: str, clocks: Clocks) -> list[Version]:
    """The versions of the development `ref` that `user` may see and that were recorded by `clocks`, newest first.

    Empty if there are none, or if the latest had not happened, or was not public, by `clocks`. Four queries.
    """
    rows = list(
        with_claims(Development.objects.visible_to(user), clocks, "development_ref")
        .filter(ref=ref, **({"recorded_at__lte": clocks.known} if clocks.known else {}))
        .select_related("process", "party", "speaker", "talk", "recorded_by", "ended_by")
        .prefetch_related(
            Prefetch("effects", Effect.objects.select_related("item", "party").order_by("pk")),
            CITED,
            "speaker__offices",
        )
        .order_by("-version")
    )
    if not rows or (clocks.on and rows[0].counts_from > clocks.on):
        return []
    if clocks.public and _ended_at(rows[0], clocks):
        return []  # what is in force was not public; what was is no longer said
    return [Version(row, _ended_at(row, clocks)) for row in rows]


def _ended_at(row: Development, clocks: Clocks) -> dt.datetime | None:
    known = row.ended_at is not None and (clocks.known is None or row.ended_at <= clocks.known)
    return row.ended_at if known else None


def events(versions: list[Version]) -> list[VersionEvent]:
    """The recording, corrections and withdrawal of a development, newest first; `versions` come from `versions_of`."""
    version_events, replaced = [], None
    for version in reversed(versions):
        row = version.development
        if replaced is None:
            version_events.append(VersionEvent("recorded", version, None, row.recorded_at, row.recorded_by))
        else:
            old = replaced.development
            version_events.append(
                VersionEvent(
                    "corrected",
                    version,
                    replaced,
                    row.recorded_at,
                    row.recorded_by,
                    old.get_ended_reason_display(),
                    old.ended_note if row.version == old.version + 1 else old.note_of_end,
                    _differences(_words(old), _words(row)),
                    _differences(_settings(old), _settings(row)),
                )
            )
        replaced = version
    if replaced is not None and (replaced.is_withdrawn or replaced.is_moved):
        row, done = replaced.development, "moved to another process" if replaced.is_moved else "withdrawn"
        version_events.append(
            VersionEvent(done, None, replaced, row.ended_at, row.ended_by, note=row.note_of_end)
        )
    return version_events[::-1]


def _words(row: Development) -> dict:
    """{key: (label, text)} of a version's own fields and citations; corresponding fields share a key."""
    words = {
        name: value
        for name, value in snapshot(row).items()
        if name not in ("occurred_precision", "occurred_last")
    }
    words["occurred_on"] = ("occurred on", str(row.occurred))
    cited = Counter()
    for citation in row.citations.all():
        cited[citation.source_id] += 1
        quote = f"“{citation.quote}”" if citation.quote else ""
        label = ", ".join(filter(None, [quote, citation.place, f"credibility {citation.credibility}"]))
        words[citation.source_id, cited[citation.source_id]] = (f"source “{citation.source}”", label)
    return words


def _settings(row: Development) -> dict:
    """{key: (label, text)} of a version's effects."""
    return {
        (effect.item_id, effect.party_id, effect.wording_language): (
            f"effect on “{effect.item}”{language_suffix(effect.wording_language)}",
            ", ".join(filter(None, _effect_words(effect))),
        )
        for effect in row.effects.all()
    }


def _effect_words(effect: Effect) -> list[str]:
    """The aspects that `effect` sets, in words; empty strings for those it does not set."""
    stance = f"{effect.party}: {effect.get_stance_display()}" if effect.stance else ""
    due = due_words(effect.due, effect.due_phrase)
    return [
        effect.status_label,
        stance,
        effect.get_firmness_display() or "",
        effect.get_outcome_display() or "",
        f"due{' date' if effect.due_phrase == GIVEN_UP else ''} {due}" if due else "",
        f"review on {Span(effect.review_on)}" if effect.review_on else "",
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
