"""Whether an account may write what a row says: by its role, or because the record is its own."""

from collections.abc import Iterable

from tracker.domain.authorship import own
from tracker.files.importing.row_result import RowResult
from tracker.models import Record, User


class Rights:
    """What `user` may do to the records of one type; of a part, to the record that it belongs to."""

    def __init__(self, model: type[Record], user: User):
        self.model, self.user, self.part_of = model, user, model.part_of
        self.changed_model = model._meta.get_field(self.part_of).related_model if self.part_of else model
        self.may_add = user.has_perm(f"tracker.add_{model._meta.model_name}")
        self.may_change = user.has_perm(f"tracker.change_{self.changed_model._meta.model_name}")
        self.own: set[int] = set()
        """The keys of what the rows at hand change that the user may change as their own."""

    def look_up(self, rows: Iterable[RowResult]) -> None:
        """Find out, in a few queries, which of the records that `rows` change are the user's own."""
        changed = set().union(*(self._changed(row) for row in rows))
        if changed and not self.may_change:
            records = self.changed_model.objects.filter(pk__in=changed)
            self.own = set(own(records, self.user).values_list("pk", flat=True))

    def require(self, row: RowResult) -> None:
        """Refuse `row`, one of those looked up, if the user may not write it."""
        if row.present is None and not self.may_add:
            row.refuse("id", f"Your role may not record {self.model._meta.verbose_name_plural}.")
            return
        if self.may_change or self._changed(row) <= self.own:
            return
        what = self.changed_model._meta.verbose_name_plural
        rule = f"Your role may not change {what} that are not your own"
        if not self.part_of:
            row.refuse("id", f"{rule}.")
            return
        column = next((name for name in (self.part_of, f"{self.part_of}_id") if name in row.cells), "id")
        row.refuse(column, f"{rule}, nor add to them.")

    def _changed(self, row: RowResult) -> set[int]:
        """The keys of the records that a row changes: of a part, what it belongs to and what it belonged to."""
        if row.record is None or not (row.present is None or row.changes):
            return set()
        if not self.part_of:
            return {row.record.pk} - {None}
        before = (row.kept or {}).get("before", {}).get(self.part_of)
        return {getattr(row.record, f"{self.part_of}_id"), before} - {None}
