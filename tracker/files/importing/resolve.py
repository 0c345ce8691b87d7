"""Resolves names of records in cells, for many rows at once, by the rules of `tracker.queries.record_lookup`."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError

from tracker.clocks import PRESENT
from tracker.files.importing.cells import present
from tracker.files.importing.columns import RELATIONS, Columns, Target
from tracker.files.importing.predecessors import Predecessors
from tracker.files.importing.row_result import RowResult
from tracker.files.importing.spellings import CLEARED, several
from tracker.models import Development, Item, Office, Person, Process, Source, User
from tracker.queries.record_lookup import (
    LONGEST,
    Nearby,
    best_matches,
    called,
    called_by_key,
    find,
    keys_of_text,
    records_by_ref,
    ref_in,
)
from tracker.text.folding import key, visible

AT_ONCE = 400
"""The maximum number of names in one query; SQLite allows a thousand parameters."""
REMEMBERED = 20_000
"""The maximum number of names in memory."""
EXPLAINED = 300
"""The maximum number of unknown names with suggestions, which take queries for each."""
TOUCHING = 20
"""The maximum number of developments of one item."""

Nameable = Any
"""A model whose records a cell may refer to: Record or User, whose managers differ."""


class Names:
    """Resolves names to records that one user may see; to predecessors but those with the ids `recorded`."""

    def __init__(self, user: User, recorded: Collection[Any] = ()):
        self.user, self.recorded = user, recorded
        self._records_by_text: dict[Nameable, dict[str, list]] = defaultdict(dict)
        self._explained: dict[tuple, Any] = {}
        """What a name means that is in no or several records, or the error: by model, name and what narrows it."""
        self._nearby: dict[tuple, Nearby] = {}
        self._touching: dict[int, list[Development]] = {}

    @cached_property
    def predecessors(self) -> Predecessors:
        """The developments that a new one may come after."""
        return Predecessors(self.user, self.recorded)

    def touching(self, item: Item) -> list[Development]:
        """The developments in force that touch `item`, the earliest recorded first."""
        if item.pk not in self._touching:
            rows = self.queryset(Development).filter(effects__item=item.pk).distinct()
            self._touching[item.pk] = list(rows.order_by("recorded_at", "pk")[:TOUCHING])
        return self._touching[item.pk]

    def queryset(self, model: Nameable) -> Any:
        """The records of `model` to resolve names to."""
        rows = model.objects.visible_to(self.user)
        if model is Development:
            return rows.at(PRESENT)
        if model is Source:
            return rows.defer("text")
        if model is Person:
            return rows.select_related("party")
        return rows

    def learn_rows(self, columns: Columns, results: Sequence[RowResult]) -> None:
        """Look up all names in rows, with queries per record type instead of per row."""
        texts: dict[Nameable, set[str]] = {}
        for result in results:
            named = _named(columns.own, result.given)
            if result.present is None:
                for targets in columns.parts.values():
                    named += _named(targets, result.cells)
            for model, text in named:
                texts.setdefault(model, set()).add(text)
        for model, names in texts.items():
            self.learn(model, names)
        self._empty_placeholders(columns, results)

    def _empty_placeholders(self, columns: Columns, results: Iterable[RowResult]) -> None:
        """Leave out the cells with NaN and the like, which programs write for nothing, unless a record is called so."""
        named = [(header, each) for header, each in columns.targets.items() if each.way in RELATIONS]
        for result in results:
            for header, target in named:
                text = result.cells.get(header, "")
                known = self._records_by_text[target.field.related_model]
                if text and not present(text) and not known.get(visible(text)):
                    del result.cells[header]
                    result.given.pop(header, None)

    def learn(self, model: Nameable, texts: Iterable[str]) -> None:
        """Look up all of `texts` at once, to save `meant` from doing so for each."""
        known = self._records_by_text[model]
        if len(known) > REMEMBERED:
            known.clear()
        unknown = sorted({text for text in map(visible, texts) if text not in known and len(text) <= LONGEST})
        for start in range(0, len(unknown), AT_ONCE):
            batch = unknown[start : start + AT_ONCE]
            known |= self._accounts(batch) if model is User else self._records(model, batch)

    def _accounts(self, texts: list[str]) -> dict[str, list]:
        by_name: dict[str, list[User]] = {}
        for account in User.objects.filter(is_active=True):
            by_name.setdefault(key(account.username), []).append(account)
        exact = {account.username: [account] for accounts in by_name.values() for account in accounts}
        return {text: exact.get(text) or by_name.get(key(text), []) for text in texts}

    def _records(self, model: Nameable, texts: list[str]) -> dict[str, list]:
        """{text: records that it may mean}; the number of queries does not depend on the number of texts."""
        rows = self.queryset(model)
        refs = {text: ref_in(text) for text in texts}
        by_ref = records_by_ref(rows, {*refs.values()} - {""})
        keys = {text: keys_of_text(model, text) for text in texts if refs[text] not in by_ref}
        meant: dict[str, list[int]] = {}
        if model.name_fields:
            meant = called_by_key(rows, {name for names in keys.values() for name in names})
        wanted = sorted({pk for pks in meant.values() for pk in pks})
        by_pk: dict[int, Any] = {}
        for start in range(0, len(wanted), AT_ONCE):
            by_pk |= {record.pk: record for record in rows.filter(pk__in=wanted[start : start + AT_ONCE])}
        records = {text: [by_ref[refs[text]]] if refs[text] in by_ref else [] for text in texts}
        for text, names in keys.items():
            records[text] = [by_pk[pk] for name in names for pk in meant.get(name, ()) if pk in by_pk]
        return records

    def meant(self, model: Nameable, text: str, **within: int) -> Any:
        """The record of `model` called `text`, limited to those `within` a process or person if given.

        Raises ValidationError with suggestions or candidates.
        """
        text = visible(text)
        records = self._records_by_text[model].get(text) or []
        if model is User:
            if len(records) == 1:
                return records[0]
            raise ValidationError(f"There is no active account “{text[:100]}”.")
        if not any(record.ref == ref_in(text) for record in records):
            records = [
                record
                for record in records
                if all(getattr(record, name) == pk for name, pk in within.items())
            ]
            records = best_matches(records, text)
        return records[0] if len(records) == 1 else self._explain(model, text, within)

    def _explain(self, model: Nameable, text: str, within: dict[str, int]) -> Any:
        """The record for a name that `learn` has not found, by `find`; raises ValidationError."""
        narrowed = tuple(sorted(within.items()))
        if (model, text, narrowed) not in self._explained:
            if len(self._explained) >= EXPLAINED:
                noun = model._meta.verbose_name
                raise ValidationError(f"There is no {noun} called “{text[:100]}”, or more than one.")
            rows = self.queryset(model).filter(**within)
            if (model, narrowed) not in self._nearby:
                self._nearby[model, narrowed] = Nearby.of(rows)
            try:
                meant = find(rows, text, self._nearby[model, narrowed])
            except ValidationError as error:
                meant = self._several_of(rows, text) or error
            self._explained[model, text, narrowed] = meant
        meant = self._explained[model, text, narrowed]
        if isinstance(meant, ValidationError):
            raise meant
        return meant

    def _several_of(self, rows: Any, text: str) -> ValidationError | None:
        """That `text` names several of `rows` where one is meant; None unless each of its parts is a name."""
        names = several(text)
        if len(names) < 2 or not all(called(rows, name) for name in names):
            return None
        shown = " and ".join(f"“{name[:100]}”" for name in names)
        return ValidationError(f"It names {shown}, and takes one of them: give each a row of its own.")


def _named(targets: dict[str, Target], cells: dict[str, str]) -> list[tuple[Nameable, str]]:
    """(model, text) for all relations in `cells`."""
    named = []
    for header, text in cells.items():
        target = targets.get(header)
        if target is not None and target.way in RELATIONS and text != CLEARED:
            texts = several(text) if target.is_many else [text.strip()]
            named += [(target.field.related_model, name) for name in texts]
    return named


def within(model: Nameable, process: Process | None, person: Person | None) -> dict[str, int]:
    """The arguments `within` for `model`, if the `process` or `person` of the row is known."""
    if process is not None and issubclass(model, Item):
        return {"process_id": process.pk}
    if person is not None and model is Office:
        return {"person_id": person.pk}
    return {}
