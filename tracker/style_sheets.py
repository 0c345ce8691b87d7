"""Joins many small style sheets into one."""

import os
import re
import tempfile
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.storage import FileSystemStorage

FOLDER = "css/"
IMPORT = re.compile(r'^@import "(?P<path>[^"]+)"(?: (?P<media>[^;]+))?;\n', re.MULTILINE)


def join(sheet):
    """The text of the style sheet at the path `sheet`, with the files that it imports in place of its imports."""

    def imported(statement):
        text = (sheet.parent / statement["path"]).read_text()
        return f"@media {statement['media']} {{\n{text}}}\n" if statement["media"] else text

    return IMPORT.sub(imported, sheet.read_text())


class StaticFilesFinder(FileSystemFinder):
    """
    Django's finder of static files, which joins style sheets.

    A sheet directly in static/css is found with all that it imports, and the files in the folders below it are not
    found by themselves. Whoever serves or collects a static file wants it on a disk: the joined text lies in VAR_DIR.
    """

    joined = FileSystemStorage(settings.VAR_DIR / "joined")

    def find_location(self, root, path, prefix=None):
        location = super().find_location(root, path, prefix)
        if not location or not path.startswith(FOLDER):
            return location
        return self.write(path, Path(location)) if is_sent(path) else None

    def list(self, ignore_patterns):
        for path, storage in super().list(ignore_patterns):
            if not path.startswith(FOLDER):
                yield path, storage
            elif is_sent(path):
                self.write(path, Path(storage.path(path)))
                yield path, self.joined

    def write(self, path, sheet):
        """Write `sheet`, joined, to `path` of the storage, if it is not there yet; return where it lies."""
        target = Path(self.joined.path(path))
        text = join(sheet)
        if not target.exists() or target.read_text() != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            # Another thread may be sending the file: it must read the old text or the new, never a part of one.
            with tempfile.NamedTemporaryFile("w", dir=target.parent, delete=False) as written:
                written.write(text)
            os.replace(written.name, target)
        return str(target)


def is_sent(path):
    """Whether the file at `path`, in the folder of style sheets, is one that pages link, not a part of one."""
    return "/" not in path.removeprefix(FOLDER)
