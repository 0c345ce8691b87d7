"""Resolves `follows`: the id or headline of a development of the same process and day, also of another row."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from tracker.clocks import PRESENT
from tracker.files.importing.row_result import RowResult
from tracker.files.importing.spellings import CLEARED
from tracker.models import Development, Process, User
from tracker.models.dates import Span
from tracker.models.vocabularies import DatePrecision
from tracker.queries.record_lookup import ref_in
from tracker.recording.told_order import SHOWN
from tracker.text.folding import key, nearest_hint, visible


class Predecessors:
    """The developments on record, by their day, that one user may name as predecessors.

    Rows name others that are read with them, so those with the ids `recorded`, from earlier parts of the file, are not
    among them.
    """

    def __init__(self, user: User, recorded: Collection[Any] = ()):
        self.user, self.recorded = user, recorded
        self._days: dict[tuple[int, Span], list[tuple[str, str]]] = {}

    def of_day(self, process: Process | None, day: Span | None) -> list[tuple[str, str]]:
        """(id, headline) of all of `process` and `day`. One query for each day."""
        if process is None or day is None or day.precision != DatePrecision.DAY:
            return []
        if (process.pk, day) not in self._days:
            rows = Development.objects.visible_to(self.user).at(PRESENT).latest_first()
            rows = rows.filter(process=process, occurred_on=day.day, occurred_precision=DatePrecision.DAY)
            found = rows.values_list("ref", "headline")
            self._days[process.pk, day] = [pair for pair in found if pair[0] not in self.recorded]
        return self._days[process.pk, day]

    def named(self, text: str, process: Process | None, day: Span | None) -> str:
        """The id of the one that `text` names by id or headline; empty if it may be a new one.

        Raises ValidationError for a headline that several have.
        """
        if ref := ref_in(visible(text)):
            return ref
        refs = [ref for ref, headline in self.of_day(process, day) if key(headline) == key(text)]
        if len(refs) > 1:
            raise several(text, [f"[{ref}]" for ref in refs])
        return refs[0] if refs else ""

    def unknown(
        self, text: str, process: Process | None, day: Span | None, rows: Sequence[str] = ()
    ) -> ValidationError:
        """That `text` is no headline of `day`; the nearest of those on record and of `rows`, headlines of the file."""
        headlines = [*(headline for _, headline in self.of_day(process, day)), *rows]
        return ValidationError(
            f"“{text[:100]}” is neither the id nor the headline of a development of {day or 'that day'} in this "
            f"process{', nor of another row' if rows else ''}.{nearest_hint(text, headlines)}"
        )


def several(text: str, meant: Sequence[str]) -> ValidationError:
    """That `text` names all of `meant`."""
    return ValidationError(f"“{text[:100]}” can mean several: {', '.join(meant[:SHOWN])}. Give the id.")


def name_rows(results: Sequence[RowResult], predecessors: Predecessors) -> None:
    """Set the predecessors of new developments that name another row by its headline; refuse what names nothing."""
    new = [result for result in results if result.present is None and isinstance(result.record, Development)]
    rows: dict[tuple, list[RowResult]] = defaultdict(list)
    for result in new:
        rows[_day(result)].append(result)
    for result in new:
        record, text = result.record, visible(result.cells.get("follows", ""))
        if not isinstance(record, Development) or text in ("", CLEARED) or ref_in(text):
            continue
        others = [other for other in rows[_day(result)] if other is not result]
        meant = [other for other in others if key(_headline(other)) == key(text)]
        if record.follows and not meant or any(message["column"] == "follows" for message in result.messages):
            continue
        if len(meant) == 1 and not record.follows:
            result.predecessor = meant[0]
            record.follows = _of(meant[0]).ref
            continue
        if meant:
            on_record = [f"[{record.follows}]"] if record.follows else []
            error = several(text, [*on_record, *(f"row {other.row.number}" for other in meant)])
        else:
            process = record.process if record.process_id else None
            error = predecessors.unknown(
                text, process, record.occurred, [_headline(other) for other in others]
            )
        record.follows = ""
        result.refuse("follows", " ".join(error.messages))


def _of(result: RowResult) -> Development:
    assert isinstance(result.record, Development)
    return result.record


def _headline(result: RowResult) -> str:
    return _of(result).headline


def _day(result: RowResult) -> tuple:
    record = _of(result)
    return record.process_id, record.occurred_on, record.occurred_precision


def settle(result: RowResult) -> bool:
    """Set the predecessor of a row to the id that it is recorded under; refuse the row if that one is refused.

    Returns whether the row can be recorded.
    """
    if result.predecessor is None:
        return True
    if any(earlier.messages for earlier in _chain(result)):
        rule = f"Row {result.predecessor.row.number}, which it comes after, cannot be recorded."
        result.refuse("follows", rule)
        return False
    _of(result).follows = _of(result.predecessor).ref
    return True


def hangs_on(result: RowResult, wrong: Sequence[RowResult]) -> bool:
    """Whether `result` may be wrong only because a row that it comes after, and that comes after none, is `wrong`."""
    chain = _chain(result)
    last = chain[-1] if chain else result
    return last is not result and last.predecessor is None and any(last is other for other in wrong)


def _chain(result: RowResult) -> list[RowResult]:
    """The rows that `result` comes after, directly or by way of others, up to the first one that comes again."""
    chain: list[RowResult] = []
    earlier = result.predecessor
    while earlier is not None and not any(earlier is other for other in chain):
        chain.append(earlier)
        earlier = earlier.predecessor
    return chain
