"""What the history pages tell: the audit trail of a record, and the versions of a development with their differences."""

import datetime as dt
from dataclasses import dataclass, field

from tracker.models import Change, Development, User
from tracker.models.changes import snapshot
from tracker.models.vocabularies import EndedAs


@dataclass(frozen=True)
class Entry:
    """One step of a history: when, who, what was done and why, and the words that changed."""

    at: dt.datetime
    by: User
    done: str
    why: str = ""
    changes: list[dict] = field(default_factory=list)
    """Each with `label`, `old` and `new`."""


def changes_of(record) -> list[Entry]:
    """The audit trail of `record` and its parts, newest first."""
    return [
        Entry(
            at=change.at,
            by=change.by,
            done=change.action if change.record_ref == record.ref else f"{change.record_name}: {change.action}",
            why=change.note,
            changes=change.changes,
        )
        for change in Change.objects.of(record)
    ]


def versions_of(development: Development) -> list[Entry]:
    """How `development` came to say what it says: recorded, corrected, withdrawn, newest first."""
    versions = (
        Development.objects.filter(ref=development.ref)
        .select_related("process", "talk", "party", "speaker", "recorded_by", "ended_by")
        .prefetch_related("effects__item", "effects__party", "citations__source")
        .order_by("version")
    )
    entries, before, last = [], {}, None
    for version in versions:
        words = _words(version)
        changes = [
            {"label": label, "old": before.get(label, ""), "new": words.get(label, "")}
            for label in dict.fromkeys([*before, *words])
            if before.get(label, "") != words.get(label, "")
        ]
        done, why = "recorded", ""
        if last is not None:
            done, why = f"corrected: {last.get_ended_reason_display()}", last.ended_note
        entries.append(Entry(version.recorded_at, version.recorded_by, done, why, changes))
        before, last = words, version
    if last is not None and last.ended_as == EndedAs.WITHDRAWN:
        entries.append(Entry(last.ended_at, last.ended_by, "withdrawn", last.ended_note))
    return entries[::-1]


def _words(development: Development) -> dict[str, str]:
    """All that a version says, as texts by label."""
    said = snapshot(development)
    for name in ("occurred_on", "occurred_precision"):
        said.pop(name)
    words = {"when it happened": str(development.occurred)} | dict(said.values())
    for effect in development.effects.all():
        owner = f" ({effect.party})" if effect.party else ""
        words[f"effect on “{effect.item}”{owner}"] = _effect_words(effect)
    for number, citation in enumerate(sorted(development.citations.all(), key=lambda one: one.pk), start=1):
        quote = f"“{citation.quote}”" if citation.quote else ""
        parts = (str(citation.source), citation.place, quote, f"credibility {citation.get_credibility_display()}")
        words[f"citation {number}"] = "; ".join(filter(None, parts))
    return words


def _effect_words(effect) -> str:
    parts = {
        "status": effect.status_label,
        "stance": effect.get_stance_display(),
        "firmness": effect.get_firmness_display(),
        "outcome": effect.get_outcome_display(),
        "due": " ".join(filter(None, (str(effect.due or ""), effect.due_phrase))),
        "review": effect.review_on,
        "wording": effect.wording,
    }
    return "; ".join(f"{name}: {text}" for name, text in parts.items() if text)
