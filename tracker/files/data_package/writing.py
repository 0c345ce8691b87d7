"""Streams the data package: a ZIP file with a consistent snapshot of the database."""

import csv
import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Max

from tracker.files.data_package.cells import prepare
from tracker.files.data_package.description import (
    CODEBOOK,
    CODEBOOK_HEADER,
    NAME,
    codebook,
    codebook_resource,
    package,
    resource,
)
from tracker.files.data_package.version_tables import all_tables
from tracker.files.export.copying import CHUNK_BYTES
from tracker.files.export.csv import stream_csv
from tracker.files.export.progress import wrote
from tracker.models import Change, Process, User

State = dict[str, int | str]
"""The size in bytes, the hash and the number of rows of a written file."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


def stream_package(reader: User | None = None) -> Iterator[bytes]:
    """Yield the data package with what `reader` may see, or, without one, the whole record including source texts.

    The same record gives the same bytes at any time and on any host. Memory does not grow with the record. The output
    is a consistent snapshot; closing the iterator early releases it.
    """
    pieces, resources = _Pieces(), []
    with one_state():
        prepare(connection)
        # The first query fixes the snapshot for all that follow.
        known = last_recorded(reader)
        archive = zipfile.ZipFile(pieces, "w")
        for table in all_tables():
            columns, state = table.shown(whole=reader is None), State()
            rows = table.rows(reader).values_list(*(column.expression for column in columns))
            lines = stream_csv([column.name for column in columns], rows)
            yield from _member(archive, pieces, table.path, _counted(lines, state))
            resources.append(resource(table, columns, state))
        state = State()
        yield from _member(archive, pieces, CODEBOOK, _counted(_codebook(), state))
        resources.append(codebook_resource(state))
        # The description comes last, since the hashes are only known now.
        descriptor = package(resources, known, reader.username if reader else None)
        yield from _member(archive, pieces, NAME, [descriptor])
        archive.close()
        yield pieces.taken()


@contextmanager
def one_state() -> Iterator[None]:
    """Make all reads within the block use one snapshot, without blocking writers."""
    if connection.in_atomic_block:
        yield  # already in a transaction of the caller
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        # Django's transactions would take the write lock at once.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("COMMIT")


def last_recorded(reader: User | None = None) -> dt.datetime | None:
    """The instant of the last recording or change that `reader` may see, or of the whole record."""
    processes, changes = Process.objects.order_by(), Change.objects.order_by()
    if reader is not None:
        processes, changes = processes.visible_to(reader), changes.visible_to(reader)
    recorded = processes.aggregate(last=Max("last_recorded_at"))["last"]
    changed = changes.aggregate(last=Max("at"))["last"]
    return max(filter(None, [recorded, changed]), default=None)


def _codebook() -> Iterator[bytes]:
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows([CODEBOOK_HEADER, *codebook()])
    yield lines.getvalue().encode()


def _member(
    archive: zipfile.ZipFile, pieces: "_Pieces", name: str, chunks: Iterable[bytes]
) -> Iterator[bytes]:
    """Write one file into `archive`, and yield the finished bytes."""
    about = zipfile.ZipInfo(name, _EPOCH)
    about.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(about, "w", force_zip64=True) as file:
        yield pieces.taken()
        for chunk in chunks:
            file.write(chunk)
            if pieces.size >= CHUNK_BYTES:
                yield pieces.taken()
    yield pieces.taken()


def _counted(chunks: Iterable[bytes], state: State) -> Iterator[bytes]:
    """Pass on the `chunks` of a CSV file, and set its size, hash and number of rows in `state` at the end."""
    digest, size, lines, quoted = hashlib.sha256(), 0, 0, 0
    for chunk in chunks:
        digest.update(chunk)
        size += len(chunk)
        # Line breaks between an opening and a closing quotation mark do not end a row.
        stretches = chunk.split(b'"')
        more = sum(stretch.count(b"\n") for stretch in stretches[quoted::2])
        lines += more
        quoted = (quoted + len(stretches) - 1) % 2
        wrote(more)
        yield chunk
    state |= {"bytes": size, "hash": f"sha256:{digest.hexdigest()}", "rows": lines - 1}


class _Pieces:
    """A write-only file whose content is taken piece by piece."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self.pieces.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""

    def taken(self) -> bytes:
        """The bytes written since the last call."""
        taken = b"".join(self.pieces)
        self.pieces, self.size = [], 0
        return taken
