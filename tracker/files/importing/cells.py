"""The cells of a row by column: without guards, spelled as an export has them, a label taken for its code."""

from tracker.files.importing.columns import Columns, Way, precision_of
from tracker.files.importing.row_result import RowResult
from tracker.files.importing.spelling import code_speller, number, present, speller
from tracker.files.importing.values import codes_of, unguarded
from tracker.files.importing.width import fitting, wrong_width
from tracker.files.spreadsheet.opening import is_workbook
from tracker.files.spreadsheet.rows import SpreadsheetRow
from tracker.models import ImportRun
from tracker.models.dates import PartialDate
from tracker.models.vocabularies import DatePrecision


class CellReader:
    """Reads the cells of the rows of one file; `header` is its first row, `spellers` what respells a column."""

    def __init__(self, columns: Columns, header: list[str], run: ImportRun):
        self.header = columns.canonical(header)
        targets = columns.targets
        spellers = {name: speller(target) for name, target in targets.items()}
        spellers |= {label: code_speller(targets[name].coded) for label, name in columns.labels.items()}
        spellers |= {"id": present, columns.version: number}
        self.spellers = {name: spell for name, spell in spellers.items() if spell}
        self.read = [
            (place, name, self.spellers.get(name))
            for place, name in enumerate(self.header)
            if name and not columns.is_passed_over(name)
        ]
        names = {name for _, name, _ in self.read}
        self.fits = [fitting(name, targets.get(name), self.spellers.get(name)) for name in self.header]
        self.labels = {label: name for label, name in columns.labels.items() if label in names}
        self.codes = {name: codes_of(targets[name].coded) for name in self.labels.values()}
        self.nameless = [place for place, name in enumerate(self.header) if not name]
        self.numbered = {place for place in self.nameless if place == 0 or header[place]}
        """The columns without a name that may hold row numbers: pandas writes such a one first, or names it."""
        self.dates = [
            (target.header, known.header)
            for target in targets.values()
            for known in targets.values()
            if target.way is Way.DATE
            and known.way is Way.PRECISION
            and known.field is target.field
            and known.header in names
            and _prefix(target) == _prefix(known)
        ]
        self.bare = run.profile == ImportRun.Profile.TOOLS
        # The rows of a workbook end with their last cell, as do those of Excel's CSV where few columns are filled in.
        self.trims = is_workbook(run.file_name)

    def judged(self, row: SpreadsheetRow) -> RowResult:
        """What `row` says, with what is wrong with its cells as such."""
        cells, said = row.cells, {}
        for place, name, spell in self.read:
            if place < len(cells) and (text := cells[place]):
                text = text if self.bare else unguarded(text)
                if text := spell(text) if spell else text:
                    said[name] = text
        one = RowResult(row, said)
        if self._is_shifted(row.cells):
            one.cells, one.is_shifted = {}, True
            one.refuse("", wrong_width(row.cells, self.header, self.fits))
            return one
        self._require_names(one)
        self._take_labels(one)
        self._shorten_dates(said)
        for place, why in row.wrong:
            name = self.header[place] if place < len(self.header) else ""
            if name in said or place >= len(self.header):
                one.refuse(name, why, value=cells[place])
        return one

    def _is_shifted(self, cells: list[str]) -> bool:
        width = len(self.header)
        # A line of one cell is what a line break within a cell leaves behind.
        return any(map(str.strip, cells[width:])) or (len(cells) == 1 < width and not self.trims)

    def _require_names(self, one: RowResult) -> None:
        cells = one.row.cells
        for place in self.nameless:
            text = present(cells[place]) if place < len(cells) else ""
            if text and not (place in self.numbered and number(text).isdecimal()):
                rule = f"Column {place + 1} has no name and holds “{text[:100]}”: name it, or empty the cell."
                one.refuse("", rule)

    def _take_labels(self, one: RowResult) -> None:
        """Let a label stand for a code that is left out; keep it apart where it means another than the code."""
        for label, name in self.labels.items():
            text = one.cells.pop(label, "")
            if text and not one.cells.get(name):
                one.cells[name] = text
            # What is no label any more was one when the file was taken out.
            elif text and text != one.cells[name] and text in self.codes[name]:
                one.labels[name] = text

    def _shorten_dates(self, cells: dict[str, str]) -> None:
        """Let a first day be the month or year that the column beside it says it is."""
        for name, precision in self.dates:
            text, known = cells.get(name, ""), cells.get(precision)
            if known in (DatePrecision.MONTH, DatePrecision.YEAR) and len(text) == 10:
                try:
                    shorter = PartialDate.parse(text[: 7 if known == DatePrecision.MONTH else 4])
                except ValueError:
                    continue
                if shorter.first.isoformat() == text:
                    cells[name] = shorter.iso


def _prefix(target) -> str:
    name = precision_of(target.field.model, target.name) if target.way is Way.PRECISION else target.name
    return target.header.removesuffix(name)
