"""The claims of one dataset: those of earlier releases, and those added by this load."""

import re
from collections.abc import Iterable, Mapping

from tracker.loaders.countries import usual_name
from tracker.loaders.events import Unusable, short
from tracker.loaders.rows import DatasetRow, UnreadableDataset
from tracker.models import Claim, Principle, Process, Talk

RECORD_TYPES = {model.prefix: model._meta.model_name for model in (Process, Talk, Principle)}
"""{prefix of a reference: model} of claimed records."""
LONGEST_TEXT = 300
"""The maximum length of a cell shown on the page of a record that does not follow it."""


class Claims:
    """The claims of `dataset`; adds those of `release`, read by version `rules` of the loader's rules."""

    def __init__(self, dataset: str, id_column: str, release: str, rules: int):
        self.dataset, self.id_column, self.release, self.rules = dataset, id_column, release, rules
        self.added: list[Claim] = []
        claims = list(Claim.objects.filter(dataset=dataset).select_related("process").order_by("pk"))
        self.is_newest = self._require_order(list(dict.fromkeys(claim.release for claim in claims)))
        """Whether no later release has been loaded; what is not in an older one is not gone."""
        of_processes = [claim for claim in claims if claim.record_type == "process"]
        self.of_processes = {usual_name(claim.upstream_id): claim for claim in of_processes}
        self._processes_here = {
            usual_name(claim.upstream_id) for claim in of_processes if claim.release == release
        }
        self.refs: dict[str, dict[str, None]] = {}
        """The records that stand for a row, by its development; the first is the one that it is known by."""
        for claim in claims:
            if claim.development_ref:
                self.refs.setdefault(claim.development_ref, {})[claim.record_ref] = None
        of_rows = [
            claim
            for claim in claims
            if claim.record_ref == next(iter(self.refs.get(claim.development_ref, ())), "")
        ]
        self.followed = {claim.record_ref: claim for claim in of_rows if not claim.set_aside}
        """The claim that each record follows: the latest that was not set aside."""
        self.here = {
            (claim.upstream_id, claim.row_hash): claim
            for claim in of_rows
            if claim.release == release and not claim.set_aside
        }
        """The rows of this release that are claimed already, by their id and hash."""
        self.aside_here = {
            (claim.upstream_id, claim.row_hash): claim
            for claim in of_rows
            if claim.release == release and claim.set_aside
        }
        """The rows of this release that were set aside, likewise."""
        self._identities = {
            _identity(claim) for claim in claims if claim.release == release and claim.set_aside
        }
        self.ids_before = {claim.upstream_id for claim in of_rows}

    def _require_order(self, releases: list[str]) -> bool:
        """Whether this release is the newest; raises UnreadableDataset for an older one that was not loaded."""
        if not releases or self.release == releases[-1]:
            return True
        if self.release in releases:
            return False
        this, last = (_order(name) for name in (self.release, releases[-1]))
        if this and last and this < last:
            raise UnreadableDataset(
                f"release {self.release} is older than {releases[-1]}, which was loaded before it; "
                "load releases in the order in which they came out"
            )
        return True

    def id(self, row: DatasetRow) -> str:
        """The dataset's id of the row; empty if it has none."""
        return row.cells.get(self.id_column, "").strip()

    def key(self, row: DatasetRow) -> tuple[str, str]:
        """The id and the hash of the row, which identify it in its release."""
        return self.id(row), row.hash(self.id_column)

    def outdated(self, claim: Claim) -> bool:
        """Whether the record follows `claim`, as its latest claim, by older rules than the current ones."""
        return claim.rules < self.rules and self.followed[claim.record_ref].pk == claim.pk

    def is_process_of(self, claim: Claim, keys: Iterable[str]) -> bool:
        """Whether the record that follows `claim` is in one of the dataset's processes `keys`."""
        known = (self.of_processes[key].process_id for key in keys if key in self.of_processes)
        return claim.process_id in known

    def has_process(self, key: str) -> bool:
        """Whether this release has claimed its process `key`."""
        return key in self._processes_here

    def add_process(self, key: str, cells: Mapping[str, str], process: Process) -> None:
        """Claim the process `key` of this release."""
        self._processes_here.add(key)
        self.of_processes[key] = self._add(process, process.ref, upstream_id=key, cells=cells)

    def add(
        self,
        row: DatasetRow,
        cells: Mapping[str, str],
        process: Process,
        refs: Iterable[str],
        ref: str,
        version: int,
    ):
        """Claim the records `refs` for the row, followed by version `version` of the development `ref`."""
        upstream_id, row_hash = self.key(row)
        for number, record_ref in enumerate(refs):
            self._add(
                process,
                record_ref,
                upstream_id=upstream_id,
                row_hash=row_hash,
                cells={} if number else cells,  # stored once, with the main record of the row
                development_ref=ref,
                development_version=version,
            )

    def add_aside(self, row: DatasetRow, before: Claim, why: Unusable) -> None:
        """Claim the records that follow `before` for a row that they do not follow, unless already done."""
        upstream_id, row_hash = self.key(row)
        cells = {name: text.replace("\0", "") for name, text in row.filled.items()}
        for number, record_ref in enumerate(self.refs[before.development_ref]):
            self._add(
                before.process,
                record_ref,
                upstream_id=upstream_id,
                row_hash=row_hash,
                cells={} if number else cells,
                development_ref=before.development_ref,
                development_version=before.development_version,
                set_aside=why.code,
                set_aside_detail=why.in_full,
                differences=differences(before.cells, cells),
            )

    def _add(self, process: Process, record_ref: str, **values) -> Claim:
        claim = Claim(
            dataset=self.dataset,
            release=self.release,
            rules=self.rules,
            record_type=RECORD_TYPES[record_ref[:3]],
            record_ref=record_ref,
            process=process,
            **values,
        )
        if not claim.set_aside or _identity(claim) not in self._identities:
            self.added.append(claim)
        return claim


def differences(old: Mapping[str, str], new: Mapping[str, str]) -> list[list[str]]:
    """The differences of two rows, as [column, old text, new text], with texts on one line and shortened."""
    names = [name for name in {**old, **new} if old.get(name, "") != new.get(name, "")]
    return [[name, *(short(cells.get(name, ""), LONGEST_TEXT) for cells in (old, new))] for name in names]


def _identity(claim: Claim) -> tuple:
    return claim.upstream_id, claim.row_hash, claim.record_ref, claim.rules, claim.set_aside


def _order(release: str) -> tuple[int, ...]:
    """The numbers in a release's name, as a sort key."""
    return tuple(map(int, re.findall(r"\d+", release)))
