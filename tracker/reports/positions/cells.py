"""The rows of the position matrix as HTML."""

from collections.abc import Iterable
from functools import cache
from html import escape
from urllib.parse import urlencode

from tracker.clocks import Clocks
from tracker.domain.movement import value_of
from tracker.models.dates import Span
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
from tracker.register.display import badge, dated, page_of
from tracker.reports.positions.headings import PartyHeading
from tracker.reports.positions.queries import Matrix, MatrixCell, MatrixRow, QuotedWords

LONGEST = 80
"""The longest quote in a cell, in characters, to keep the page small; the whole is one click away."""

VALUES = {"stance": Stance, "firmness": Firmness, "status": FollowUpStatus}
"""{aspect: vocabulary} of the values in a cell."""

FROM = {Movement.REAFFIRMED: "as", Movement.GONE: "was"}
"""{movement: the word before the previous value}, if it is not "from"."""

UNFOUND = "words not found in the stored text"
INFERRED = ' <span class="aside">inferred</span>'


def written(matrix: Matrix, headings: Iterable[PartyHeading], clocks: Clocks) -> dict[int, str]:
    """{item pk: HTML of its row}, with a cell for each of `headings`, empty if the party has no position.

    Links keep `clocks`. Recorded texts are escaped.
    """
    columns = [(heading.party.pk, f'<td data-label="{escape(heading.party.name)}">') for heading in headings]
    query, phrases = urlencode(clocks.query), Phrases()
    return {key: _row(row, columns, matrix.words, query, phrases) for key, row in matrix.rows.items()}


class Phrases:
    """Caches the HTML fragments that many cells share."""

    def __init__(self):
        self.value, self.voice, self.moved, self.time = map(cache, (_value, _voice, _moved, dated))


def _row(
    row: MatrixRow,
    columns: list[tuple[int, str]],
    words: dict[int, QuotedWords],
    query: str,
    phrases: Phrases,
) -> str:
    item, cells = row.item, row.cells
    url = escape(page_of(item["ref"], query))
    parts = ["<tr>", _head(item, url)]
    for party, begins in columns:
        cell = cells.get(party)
        parts += (begins, _cell(item, cell, words, url, phrases) if cell else "", "</td>")
    return "".join([*parts, "</tr>\n"])


def _head(item: dict, url: str) -> str:
    kind, number = item["item_kind"], f'<span class="ref">{item["number"]}.</span> ' if item["number"] else ""
    return (
        f'<th scope="row" class="name">{number}<a dir="auto" href="{url}">{escape(item["title"])}</a>'
        f'<p class="by"><span>{_sort(kind, item["demand_kind"])}</span> {_status(kind, item["status"])}</p></th>'
    )


def _cell(item: dict, cell: MatrixCell, words: dict[int, QuotedWords], url: str, phrases: Phrases) -> str:
    own, stance = cell
    step = cell.step
    new, old = step.new, step.old
    stands = f"{_own(item['demand_kind'])}{phrases.value(own.aspect, own.code)}" if own else ""
    if stance:
        stands += phrases.value("stance", stance.code)
    moved = ""
    if step.movement:
        was = value_of(old, step.aspect)
        moved = phrases.moved(step.movement, step.aspect, was, old and old.when, step.is_taken_back)
    if new is None:
        return f'<p class="stand">{stands}</p>{moved}'
    when, inferred = phrases.time(new.when), INFERRED if new.inferred else ""
    return (
        f'<p class="stand">{stands}</p>{moved}<p class="attribution"><a href="{url}#moved">{when}</a>{inferred} '
        f"{phrases.voice(new.speaker, new.basis)} {_words(words.get(new.development))}</p>"
    )


def _words(words: QuotedWords | None) -> str:
    if words is None:
        return '<span class="none">no source yet</span>'
    quotes = " · ".join(words.quotes)
    if not quotes:
        return ""
    warning = f" {badge('severity', 'warning', UNFOUND)}" if words.unfound else ""
    shown = quotes if len(quotes) <= LONGEST else f"{quotes[:LONGEST].rsplit(' ', 1)[0]} …"
    return f'<q class="wording" dir="auto">{escape(shown)}</q>{warning}'


def _sort(item_kind: str, demand_kind: str | None) -> str:
    return DemandKind(demand_kind).label if demand_kind else ItemKind(item_kind).label


def _status(item_kind: str, code: str | None) -> str:
    return badge("status", code, LADDERS[item_kind](code).label) if code else ""


def _own(demand_kind: str | None) -> str:
    return f'<span class="flag">{DemandKind(demand_kind).label if demand_kind else "Committed"}</span> '


def _value(aspect: str, code: str | None) -> str:
    return f"{badge(aspect, code, VALUES[aspect](code).label)} " if code else ""


def _voice(speaker: str | None, basis: str) -> str:
    """The speaker, if named, and the basis."""
    named = f'<span class="speaker" dir="auto">{escape(speaker)}</span>, ' if speaker else ""
    return f'{named}<span class="basis">{Basis(basis).label.lower()}</span>'


def _moved(movement: Movement, aspect: str, old: str | None, when: Span | None, is_taken_back: bool) -> str:
    """How a value moved, with the value before; what was taken back is gone, but still on record."""
    shape = badge("movement", movement, "Gone" if is_taken_back else movement.label)
    if old is None:
        return f'<p class="moved">{shape}</p>'
    word = "from" if is_taken_back else FROM.get(movement, "from")
    was = f"{word} {VALUES[aspect](old).label}, {when}"
    return f'<p class="moved">{shape} <span class="from" dir="auto">{was}</span></p>'
