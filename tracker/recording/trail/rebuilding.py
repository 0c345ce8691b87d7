"""Rebuilds the earlier versions of the records of which versions were just begun."""

from tracker.models import VERSIONS, Change, RecordName, derived
from tracker.recording.trail.keys import NewKeys
from tracker.recording.trail.lives import RECORDS, batches_of_lives
from tracker.recording.trail.naming import all_names
from tracker.recording.trail.parts import parts_of, write_parts
from tracker.recording.trail.records import rebuilt
from tracker.recording.trail.rows import Begun, write_rows


def last_versions() -> Begun:
    """The last primary key of the versions of each model; 0 if there are none."""
    return {
        model: version._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
        for model, version in VERSIONS.items()
    }


def rebuild(begun: Begun) -> None:
    """Divide the versions that came after those in `begun` where the trail says that a record changed.

    A record that was deleted gets versions as well, if none of its type had any.
    """
    if not Change.objects.exists():
        return
    if derived.is_outdated("names") or not RecordName.objects.exists():
        # Records are found by these.
        derived.rebuild("names")
    new_keys = NewKeys()
    names = all_names(new_keys, {model for model in RECORDS if not begun[model]})
    for model in RECORDS:
        for lives in batches_of_lives(model):
            records = list(rebuilt(lives, names))
            for table in (model, *model._meta.all_parents):
                write_rows(table, records, begun)
            for parts in parts_of(model):
                write_parts(parts, records, begun, new_keys)
