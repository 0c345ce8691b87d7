"""A copy of the tree in which one mutant at a time meets its nearest tests, on a database that is made once."""

import contextlib
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.mutate.mutants import Mutant
from tests.mutate.targets import ROOT, SCHEMA

LEFT_BEHIND = shutil.ignore_patterns(".*", "var", "__pycache__", "test-results", "pictures")
PASSED, FOUND_NONE = 0, 5
"""What pytest ends with when all tests passed, and when there were none."""
LIMIT = 300
"""The seconds after which tests count as hung."""


class Broken(Exception):
    """Tests do not pass without a fault either, so that they say nothing of one; the message is their report."""


@contextlib.contextmanager
def tree_copy() -> Iterator["TreeCopy"]:
    """A copy of the tree for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="tracker-mutate-") as folder:
        yield TreeCopy(Path(folder))


class TreeCopy:
    """The tree and its database, in `folder`."""

    def __init__(self, folder: Path):
        self.tree, self.database, self.template = (
            folder / name for name in ("tree", "test.sqlite3", "ready.sqlite3")
        )
        self.sound: set[str] = set()
        """The tests that are known to pass without a fault."""
        shutil.copytree(ROOT, self.tree, ignore=LEFT_BEHIND)
        self._require(["--create-db", *SCHEMA.split()[:1]])
        # What SQLite still has in its log would stay behind.
        with contextlib.closing(sqlite3.connect(self.database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(self.database, self.template)

    def catcher(self, module: str, mutant: Mutant, tests: list[str]) -> str | None:
        """The first of `tests` that fails with `mutant` in `module` and passes without; None where there is none."""
        path = self.tree / module
        source, times = path.read_bytes(), path.stat()
        path.write_bytes(mutant.applied(source))
        try:
            code, report = self._run(["--exitfirst", *tests], PYTHONDONTWRITEBYTECODE="1")
        finally:
            path.write_bytes(source)
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        if code == PASSED:
            return None
        if code == FOUND_NONE:
            raise Broken(report)
        if code is None:
            return "no end"
        # Where not even the tests can be imported, it is the import of all of them that must go well without the fault.
        failed = re.search(r"^(?:FAILED|ERROR) (\S+::\S+\[.*?\]|\S+)(?= - |$)", report, re.MULTILINE)
        test = failed[1] if failed else tests[0]
        if test not in self.sound:
            self._require([test] if failed else ["--collect-only", test])
            self.sound.add(test)
        return test

    def _require(self, arguments: list[str]) -> None:
        code, report = self._run(arguments)
        if code != PASSED:
            raise Broken(report)

    def _run(self, arguments: list[str], **environment: str) -> tuple[int | None, str]:
        """The exit code of pytest, None where it hung, and its report."""
        if self.template.exists():
            for end in ("-wal", "-shm"):
                self.database.with_name(self.database.name + end).unlink(missing_ok=True)
            shutil.copy(self.template, self.database)
        command = [
            sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--ds=tests.mutate.settings", "--reuse-db",
            "--hypothesis-profile=short", *arguments,
        ]  # fmt: skip
        environment |= {"DATABASE_URL": "", "MUTATE_DATABASE": str(self.database)}
        with tempfile.TemporaryFile("w+") as report:
            process = subprocess.Popen(
                command, cwd=self.tree, env=os.environ | environment, stdout=report, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip
            try:
                code = process.wait(LIMIT)
            except subprocess.TimeoutExpired:
                code = None
            finally:
                # Whatever the tests started goes with them.
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            report.seek(0)
            return code, report.read()
