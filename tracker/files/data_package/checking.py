"""Opens a data package, and checks its contents against its description."""

import csv
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from tracker.files.data_package.contents import OF_EARLIER_RELEASES, PackageColumn, PackageTable
from tracker.files.data_package.description import CODEBOOK, FORMAT, NAME
from tracker.files.data_package.version_tables import all_tables
from tracker.files.export.copying import CHUNK_BYTES
from tracker.text.folding import nearest_hint

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MOST_DESCRIBED = 16 * 1024 * 1024
"""The maximum size of `datapackage.json` in bytes."""
MOST_CHARACTERS = 16 * 1024 * 1024
"""The maximum length of a cell in characters."""
MOST_BLOWN_UP = 300
"""The maximum overall compression ratio; texts reach five or ten."""
FREE_BYTES = 32 * 1024 * 1024
"""The unpacked size in bytes below which the ratio is not checked."""


EARLIER_TEXTS = "earlier-texts.csv"
"""The replaced texts of sources, in packages of releases before 0030."""


class PackageRefused(Exception):
    """Raised for a package that cannot be restored; the message is for users."""


@dataclass(frozen=True)
class Member:
    """One table of a package."""

    table: PackageTable
    columns: list[PackageColumn]
    """The columns of the file, in order."""
    descriptor: dict

    @property
    def path(self) -> str:
        """The name of its file."""
        return self.table.path

    @property
    def header(self) -> list[str]:
        """The names of its columns, in order."""
        return [column.name for column in self.columns]


@dataclass(frozen=True)
class EarlierMember:
    """A file that this release writes no more, read as it is described."""

    path: str
    descriptor: dict

    @property
    def header(self) -> list[str]:
        """The names of its columns, in order."""
        return [field["name"] for field in self.descriptor["schema"]["fields"]]


class Package:
    """An open package; raises PackageRefused if its members are not those of its description."""

    def __init__(self, path: Path):
        try:
            self.archive = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile) as error:
            raise PackageRefused(f"{path.name} cannot be opened as a ZIP file: {error}.") from None
        try:
            self._check_names(path)
            self.descriptor = self._description()
            self.members = self._members()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self.archive.close()

    def rows(self, member: Member | EarlierMember) -> Iterator[list[str]]:
        """The rows of `member` without its header; raises PackageRefused if they do not match its descriptor."""
        path, wanted = member.path, member.header
        count = 0
        with self._opened(path) as source, _long_cells():
            hashed = _Hashed(source)
            with io.TextIOWrapper(io.BufferedReader(hashed, CHUNK_BYTES), "utf-8", newline="") as text:
                lines = csv.reader(text, strict=True)
                if (header := next(lines, None)) != wanted:
                    raise PackageRefused(f"{path}: its columns are {header}; {NAME} says {wanted}.")
                for count, row in enumerate(lines, start=1):
                    if len(row) != len(wanted):
                        raise PackageRefused(
                            f"{path}, row {count}: {len(row)} cells, where there are {len(wanted)} columns."
                        )
                    yield row
            hashed.require(path, member.descriptor)
        if count != member.descriptor.get("rows"):
            raise PackageRefused(f"{path} has {count} rows; {NAME} says {member.descriptor.get('rows')}.")

    def earlier(self, path: str) -> Iterator[dict[str, str]]:
        """The rows of the file `path` of an earlier release, {column: cell}; none if the package has no such file."""
        for descriptor in self.descriptor["resources"]:
            if descriptor["path"] == path:
                member = EarlierMember(path, descriptor)
                for row in self.rows(member):
                    yield dict(zip(member.header, row, strict=True))

    def check_codebook(self) -> None:
        """Raise PackageRefused unless the codebook matches its descriptor; it is not used otherwise."""
        for descriptor in self.descriptor["resources"]:
            if descriptor["path"] == CODEBOOK:
                with self._opened(CODEBOOK) as source:
                    hashed = _Hashed(source)
                    while hashed.read(CHUNK_BYTES):
                        pass
                hashed.require(CODEBOOK, descriptor)

    def _check_names(self, path: Path) -> None:
        infos = self.archive.infolist()
        names = [info.filename for info in infos]
        known = {NAME, CODEBOOK, EARLIER_TEXTS, *(table.path for table in all_tables())}
        for info in infos:
            if info.filename not in known:
                hint = nearest_hint(info.filename, known)
                raise PackageRefused(
                    f"{path.name} holds “{info.filename}”, which is no part of a package.{hint}"
                )
            if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise PackageRefused(
                    f"{info.filename} is encrypted, or packed in a way that packages are not."
                )
        if twice := {name for name in names if names.count(name) > 1}:
            raise PackageRefused(f"{path.name} holds {', '.join(sorted(twice))} more than once.")
        if NAME not in names:
            raise PackageRefused(f"{path.name} holds no {NAME}: it is not a data package.")
        size = sum(info.file_size for info in infos)
        if size > FREE_BYTES and size > MOST_BLOWN_UP * path.stat().st_size:
            raise PackageRefused(
                f"{path.name} would become {size:,} bytes, more than {MOST_BLOWN_UP} times its size."
            )

    def _description(self) -> dict:
        if self.archive.getinfo(NAME).file_size > MOST_DESCRIBED:
            raise PackageRefused(f"{NAME} has more than {MOST_DESCRIBED:,} bytes.")
        try:
            with self._opened(NAME) as source:
                descriptor = json.loads(source.read(MOST_DESCRIBED))
            number = descriptor["tracker"]["format"]
            paths = [resource["path"] for resource in descriptor["resources"]]
            fields = [
                [field["name"] for field in resource["schema"]["fields"]]
                for resource in descriptor["resources"]
            ]
            reader = descriptor["tracker"]["reader"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise PackageRefused(f"{NAME} is not the description of a package of this tracker.") from None
        if not isinstance(number, int) or not 1 <= number <= FORMAT:
            raise PackageRefused(
                f"The package has the format {number}; this release reads up to {FORMAT}: use a later one."
            )
        if reader is not None:
            raise PackageRefused(
                f"The package holds what “{reader}” may see, and is not the whole record; only a whole one is restored."
            )
        held = sorted(set(self.archive.namelist()) - {NAME})
        if sorted(map(str, paths)) != held or not all(
            isinstance(name, str) for names in fields for name in names
        ):
            described_paths = ", ".join(sorted(map(str, paths)))
            raise PackageRefused(f"{NAME} describes {described_paths}; the package holds {', '.join(held)}.")
        return descriptor

    def _members(self) -> list[Member]:
        descriptor = {resource["path"]: resource for resource in self.descriptor["resources"]}
        members = []
        for table in all_tables():
            if table.path not in descriptor:
                continue  # added by a later release
            passed_over = OF_EARLIER_RELEASES.get(table.model.__name__, ())
            known = {name: PackageColumn(name, None) for name in passed_over}
            known |= {column.name: column for column in table.columns}
            names = [field["name"] for field in descriptor[table.path]["schema"]["fields"]]
            for name in names:
                if name not in known:
                    hint = nearest_hint(name, known)
                    raise PackageRefused(
                        f"{table.path} has a column “{name}”, which this release does not know.{hint}"
                    )
            if len(set(names)) != len(names):
                raise PackageRefused(f"{table.path} has a column more than once.")
            if missing := [name for name in table.key if name not in names]:
                raise PackageRefused(
                    f"{table.path} lacks {', '.join(missing)}, by which its rows are told apart."
                )
            members.append(Member(table, [known[name] for name in names], descriptor[table.path]))
        return members

    @contextmanager
    def _opened(self, name: str) -> Iterator[IO[bytes]]:
        try:
            with self.archive.open(name) as source:
                yield source
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise PackageRefused(f"{name} is damaged: {error}.") from None
        except UnicodeDecodeError:
            raise PackageRefused(f"{name} is not in UTF-8.") from None
        except csv.Error as error:
            raise PackageRefused(f"{name} is not CSV as packages have it: {error}.") from None


class _Hashed(io.RawIOBase):
    """A file object that hashes everything read from it."""

    def __init__(self, source: IO[bytes]):
        self.source, self.digest, self.size = source, hashlib.sha256(), 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        data = self.source.read(len(view))
        view[: len(data)] = data
        self.digest.update(data)
        self.size += len(data)
        return len(data)

    def require(self, path: str, descriptor: dict) -> None:
        """Raise PackageRefused unless size and hash match `descriptor`."""
        if self.size != descriptor.get("bytes") or f"sha256:{self.digest.hexdigest()}" != descriptor.get(
            "hash"
        ):
            raise PackageRefused(
                f"{path} is not the file that {NAME} describes: its bytes or its SHA-256 differ."
            )


@contextmanager
def _long_cells() -> Iterator[None]:
    before = csv.field_size_limit(MOST_CHARACTERS)
    try:
        yield
    finally:
        csv.field_size_limit(before)
