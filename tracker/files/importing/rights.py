"""Checks whether the user may write rows, by role or because the records are their own."""

from django.db import models

from tracker.domain.authorship import own
from tracker.files.importing.columns import Columns
from tracker.files.importing.row_result import RowResult
from tracker.models import Process, User
from tracker.models.fields import concrete_field, related_model
from tracker.models.vocabularies import UserRole


class Rights:
    """The permissions of `user` on one record type, or, for a part, on its parent."""

    def __init__(self, columns: Columns, user: User):
        self.model, self.user, self.part_of = columns.model, user, columns.model.part_of
        self.changed_model: type[models.Model] = self.model
        if self.part_of:
            self.changed_model = related_model(concrete_field(self.model, self.part_of))
        self.may_add = user.has_perm(f"tracker.add_{self.model._meta.model_name}")
        self.may_change = user.has_perm(f"tracker.change_{self.changed_model._meta.model_name}")

    def require(self, results: list[RowResult]) -> None:
        """Refuse rows that the user may not write."""
        if not self.may_add:
            for result in results:
                if result.present is None:
                    rule = f"Your role may not record {self.model._meta.verbose_name_plural}."
                    result.refuse("id", rule)
        if not self.may_change:
            # A new record without a parent changes no existing one.
            self._require_own([result for result in results if result.present is not None or self.part_of])
        if issubclass(self.model, Process) and self.user.role != UserRole.ADMINISTRATOR:
            for result in results:
                self._require_way_back(result)

    def _require_own(self, results: list[RowResult]) -> None:
        """Refuse rows that change records of others. A few queries."""
        changed = {result.row.number: self._changed(result) for result in results}
        everything = set().union(*changed.values())
        if not everything:
            return
        records = self.changed_model._default_manager.filter(pk__in=everything)
        own_keys = set(own(records, self.user).values_list("pk", flat=True))
        for result in results:
            is_new = result.present is None
            if not changed[result.row.number] <= own_keys and (self.may_add or not is_new):
                self._refuse(result)

    def _refuse(self, result: RowResult) -> None:
        rule = (
            f"Your role may not change {self.changed_model._meta.verbose_name_plural} that are not your own"
        )
        if not self.part_of:
            result.refuse("id", f"{rule}.")
            return
        column = next((name for name in (self.part_of, f"{self.part_of}_id") if name in result.cells), "id")
        result.refuse(column, f"{rule}, nor add to them.")

    def _changed(self, result: RowResult) -> set[int]:
        """The primary keys of the records that a row changes: for a part, its new and its old parent."""
        if not self.part_of:
            return {result.record.pk} if result.record is not None else set()
        before = (result.kept or {}).get("before", {}).get(self.part_of)
        return {getattr(result.record, f"{self.part_of}_id"), before} - {None}

    def _require_way_back(self, result: RowResult) -> None:
        """Refuse rows that remove the user's own access to a process."""
        process = result.record
        if not isinstance(process, Process) or not process.restricted:
            return
        members = result.related.get("members", process.members.all() if result.present else ())
        if self.user not in members:
            result.refuse("members", "You would shut yourself out: name yourself too.")
