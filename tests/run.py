"""The runner of `make test`: the suite on SQLite and PostgreSQL, side by side; it says what could not run, and why.

python -m tests.run {all,sqlite,postgres,faults,prove} [arguments of pytest]

`faults` is `make faults`: what has the marker `fault`, on both databases. `prove` is `make prove`: everything on both
databases, these tests too, with many more examples, and then a search for faults that no test would notice.
"""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass
from typing import IO

from tests import chromium
from tests.postgres import PostgresMissing, server

SHARES = {"sqlite": ["-m", "not postgres"], "postgres": ["-m", "postgres or not once"]}
"""What each of two suites runs that share the work; tests/conftest.py marks what one of them runs for both."""
SEEDS = ("1", "2")
"""Of the samples of faults that `make prove` puts into the rules."""
BLINK = 0.1
PATIENCE = 20


def main(part, arguments):
    """Run `part` (all, sqlite, postgres, faults, prove); return the exit code of the process."""
    if part == "prove":
        return prove(arguments)
    profile = os.environ.get("TEST_PROFILE") or ("ci" if in_ci() else "dev")
    if part == "faults":
        # No fault is the same on both databases.
        return suites("all", profile, ["-m", "fault", *arguments], shares=False)
    return suites(part, profile, arguments)


def in_ci():
    """Whether what cannot run is a failure."""
    return os.environ.get("CI", "").lower() in ("true", "1")


def prove(arguments):
    """Run everything that there is to run, and print how long it took; return the exit code of the process."""
    begun = time.monotonic()
    done = {"the whole suite on both databases, with the marker `prove`": suites("all", "prove", arguments)}
    for seed in SEEDS:
        command = [sys.executable, "-m", "tests.mutate", "--seed", seed]
        done[f"faults in the rules, seed {seed}"] = subprocess.run(command).returncode
    print()
    for what, code in done.items():
        print(f"{'failed' if code else 'passed'}: {what}")
    print(f"{(time.monotonic() - begun) / 60:.0f} minutes", flush=True)
    return max(done.values())


def suites(part, profile, arguments, shares=True):
    """Run the suite on the databases of `part` (all, sqlite, postgres), by a profile of tests/conftest.py.

    Two suites share the work where it `shares`, save in the profile `prove`.

    Return the worst exit code.
    """
    # A plain end of this process would leave the database server running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # Where Ctrl-C is ignored, as in a script's background, pytest would not heed it when it comes from here.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    left_out, running_suites, codes = [], [], []
    if shares and (lack := chromium.missing()):
        left_out.append(f"the browser tests (marker `browser`): {lack}")

    with contextlib.ExitStack() as running:
        databases = {"sqlite": (f"SQLite {sqlite3.sqlite_version}", "")} if part in ("all", "sqlite") else {}
        if part in ("all", "postgres"):
            try:
                url, version = running.enter_context(server())
                databases["postgres"] = (f"PostgreSQL: {version}", url)
            except PostgresMissing as error:
                left_out.append(f"the suite on PostgreSQL: {error}")
            except Exception:
                # What is wrong there is no reason to stop what runs here, or not to show it.
                left_out.append(f"the suite on PostgreSQL: {traceback.format_exc()}")
                codes.append(1)
        is_shared = shares and len(databases) > 1 and profile != "prove"
        for name, (database, url) in databases.items():
            options = [*SHARES[name], *arguments] if is_shared else arguments
            running_suites.append(running.enter_context(started(database, url, profile, options)))
        # One after the other, so that the reader sees whole reports.
        codes += [suite.show() for suite in running_suites]
        print()
        for line in left_out:
            print(f"NOT RUN: {line}")
        for suite in running_suites:
            print(suite.database, suite.last_line(), sep="\n", flush=True)
    if left_out and (in_ci() or profile == "prove"):
        codes.append(1)
    return max(codes, default=1)


@contextlib.contextmanager
def started(database, url, profile, arguments):
    """Yield the Suite on the database at `url` (SQLite where empty), which reports to a file; end it with the block."""
    command = [sys.executable, "-m", "pytest", *(["--color=yes"] if sys.stdout.isatty() else []), *arguments]
    environment = os.environ | {"DATABASE_URL": url, "TEST_PROFILE": profile}
    # Where nothing compiled is kept, every process that the tests start compiles the application anew.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryFile() as report:
        process = subprocess.Popen(command, env=environment, stdout=report, stderr=subprocess.STDOUT)
        try:
            yield Suite(database, process, report)
        except KeyboardInterrupt:
            # Ctrl-C has reached pytest too; told twice, it would not tear down what it set up.
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)
            raise
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            with contextlib.suppress(KeyboardInterrupt):
                process.wait()


@dataclass(frozen=True)
class Suite:
    """Pytest at work on a database, called by name, and the file that it reports to."""

    database: str
    process: subprocess.Popen
    report: IO

    def show(self):
        """Print the report, as it comes if the suite still runs; return the exit code of pytest."""
        print(f"\n{self.database}\n", flush=True)
        shown = 0
        while True:
            ended = self.process.poll() is not None
            # Not by the file's own position, at which pytest writes.
            while piece := os.pread(self.report.fileno(), 65536, shown):
                sys.stdout.buffer.write(piece)
                sys.stdout.flush()
                shown += len(piece)
            if ended:
                return self.process.returncode
            time.sleep(BLINK)

    def last_line(self):
        """The line that pytest closes its report with."""
        size = os.fstat(self.report.fileno()).st_size
        tail = os.pread(self.report.fileno(), 8192, max(size - 8192, 0))
        lines = tail.decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "pytest printed nothing"


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1], sys.argv[2:]))
    except KeyboardInterrupt:
        sys.exit(130)
