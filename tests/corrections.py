"""Corrections for tests: name what differs, and the rest stays as it was."""

from tests.factories import UserFactory
from tracker import recording


def copied(row, **changes):
    """An unsaved row of the same content as the development, effect or citation `row`, but for `changes`."""
    return type(row)(**{name: getattr(row, name) for name in row.CONTENT} | changes)


def correct(old, effects=None, citations=None, by=None, reason="world_misread", note="", **changes):
    """Correct `old` in what `changes`, `effects` and `citations` (unsaved) say; return the new version."""
    kept = [copied(effect) for effect in old.effects.order_by("pk")]
    cited = [copied(citation) for citation in old.citations.order_by("pk")]
    return recording.correct(
        by or UserFactory(username="clerk", administrator=True),
        old,
        copied(old, **changes),
        kept if effects is None else effects,
        cited if citations is None else citations,
        reason,
        note,
    )
