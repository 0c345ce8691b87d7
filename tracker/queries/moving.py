"""What moving an item to another process would take along, and what stands in the way."""

from dataclasses import dataclass

from tracker.models import Delegation, Development, Item, Process
from tracker.queries.merging import MOST
from tracker.recording.moving import Hindrance, hindrances, moved_with

SHOWN = 20
"""How many developments are named."""


@dataclass(frozen=True)
class MovePreview:
    """All that a move does."""

    developments: list[Development]
    """The latest of those that move."""
    total: int
    seats: int
    """How many delegations of a talk move."""
    hindrances: list[Hindrance]
    seen: str
    """What a confirmation is about: another one if the process, the item or what moves with it is another."""

    @property
    def is_large(self) -> bool:
        """Whether more developments would move than one request may change, so that a job does it."""
        return self.total > MOST


def preview(item: Item, process: Process) -> MovePreview:
    """What moving `item` to `process` would do."""
    rows = moved_with(item)
    keys = list(rows.values_list("pk", flat=True))
    seats = list(Delegation.objects.filter(talk=item.pk).values_list("pk", flat=True))
    return MovePreview(
        list(rows.latest_first()[:SHOWN]),
        len(keys),
        len(seats),
        list(hindrances(item, process)),
        f"{process.pk} {item.version} {len(keys)} {max(keys, default=0)} {len(seats)} {max(seats, default=0)}",
    )
