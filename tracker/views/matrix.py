"""The rows of a matrix as they stand on the page: each item with its cells is written once, however often shown."""

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from urllib.parse import urlencode

from django.utils.safestring import SafeString, mark_safe

from tracker.clocks import Clocks
from tracker.models.dates import PartialDate
from tracker.models.vocabularies import (
    LADDERS,
    Basis,
    DemandKind,
    Firmness,
    FollowUpStatus,
    ItemKind,
    Movement,
    Stance,
)
from tracker.queries.heads import Head
from tracker.queries.matrix import Cell, Matrix, Row, Step, Words
from tracker.views.cells import badge, page_of

LONGEST = 80
"""How many characters of what was said a cell shows; the whole is read out, and is one step away."""

VALUES = {"stance": Stance, "firmness": Firmness, "status": FollowUpStatus}
"""The vocabulary of what a cell tells, by aspect."""

FROM = {Movement.REAFFIRMED: "as", Movement.GONE: "was"}
"""What leads from a movement to what stood before; of most it is "from"."""


def written(found: Matrix, heads: Iterable[Head], clocks: Clocks) -> dict[int, SafeString]:
    """Each item of `found` as a row of the table, with a cell for each of `heads`, by the primary key of the item.

    A cell without a word is left empty. Links keep `clocks`.
    """
    columns = [(head.party.pk, f'<td data-label="{escape(head.party.name)}">') for head in heads]
    query = urlencode(clocks.query)
    return {key: _row(row, columns, found.words, query) for key, row in found.rows.items()}


def _row(row: Row, columns: list[tuple[int, str]], words: dict[int, Words], query: str) -> SafeString:
    item, cells = row.item, row.cells
    url = escape(page_of(item["ref"], query))
    parts = ["<tr>", _head(item, url)]
    for party, begins in columns:
        cell = cells.get(party)
        parts += (begins, _cell(item, cell, words, url) if cell else "", "</td>")
    return mark_safe("".join([*parts, "</tr>\n"]))


def _head(item: dict, url: str) -> str:
    kind, number = (
        ItemKind(item["item_kind"]),
        f'<span class="ref">{item["number"]}.</span> ' if item["number"] else "",
    )
    sort = DemandKind(item["demand_kind"]).label if item["demand_kind"] else kind.label
    status = badge("status", item["status"], LADDERS[kind](item["status"]).label) if item["status"] else ""
    return (
        f'<th scope="row" class="name">{number}<a href="{url}">{escape(item["title"])}</a>'
        f'<p class="by"><span>{sort}</span> {status}</p></th>'
    )


def _cell(item: dict, cell: Cell, words: dict[int, Words], url: str) -> str:
    step = cell.step
    parts = ['<p class="stand">']
    if cell.own:
        parts += (_own(item), _value(cell.own))
    if cell.stance:
        parts.append(_value(cell.stance))
    parts.append("</p>")
    if step.movement:
        parts += ('<p class="moved">', _moved(step), "</p>")
    if step.new:
        inferred = ' <span class="aside">inferred</span>' if step.new.inferred else ""
        parts += (
            f'<p class="said"><a href="{url}#moved">{_time(step.new.occurred_on, step.new.occurred_precision)}</a>',
            inferred,
            f' <span class="basis">{_basis(step.new.basis)}</span> ',
            _words(words.get(step.new.development)),
            "</p>",
        )
    return "".join(parts)


def _own(item: dict) -> str:
    sort = DemandKind(item["demand_kind"]).label if item["demand_kind"] else "Owes it"
    return f'<span class="flag">{sort}</span> '


def _value(step: Step) -> str:
    return f"{badge(step.aspect, step.code, VALUES[step.aspect](step.code).label)} " if step.code else ""


def _moved(step: Step) -> str:
    shape = badge("movement", step.movement, step.movement.label)
    if step.old is None or step.old_code is None:
        return shape
    label = VALUES[step.aspect](step.old_code).label
    when = _time(step.old.occurred_on, step.old.occurred_precision)
    return f'{shape} <span class="from">{FROM.get(step.movement, "from")} {label}, {when}</span>'


def _words(words: Words | None) -> str:
    if words is None:
        return '<span class="none">no source yet</span>'
    said = " · ".join(words.quotes)
    if len(said) <= LONGEST:
        return f'<q class="wording">{escape(said)}</q>' if said else ""
    short = said[:LONGEST].rsplit(" ", 1)[0]
    return f'<q class="wording" title="{escape(said)}">{escape(short)} …</q>'


@lru_cache(maxsize=16)
def _basis(code: str) -> str:
    return Basis(code).label.lower()


@lru_cache(maxsize=10_000)
def _time(first, precision: str) -> str:
    date = PartialDate(first, precision)
    machine = "" if precision == "before" else f' datetime="{date.iso}"'
    return f"<time{machine}>{date}</time>"
