"""The runner of `make test`: the suite on SQLite, then on PostgreSQL; it says what could not run, and why.

python -m tests.run {all,sqlite,postgres} [arguments of pytest]
"""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys

from tests import chromium
from tests.postgres import PostgresMissing, server


def main(part, arguments):
    """Run `part` (all, sqlite, postgres); return the exit code of the process."""
    # A plain end of this process would leave the database server running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    closing, left_out, codes = [], [], []
    if lack := chromium.missing():
        left_out.append(f"the browser tests (marker `browser`): {lack}")

    def suite(database, url):
        code, line = pytest(database, url, arguments)
        codes.append(code)
        closing.extend([database, line])

    try:
        if part in ("all", "sqlite"):
            suite(f"SQLite {sqlite3.sqlite_version}", "")
        if part in ("all", "postgres"):
            with server() as (url, what):
                suite(f"PostgreSQL: {what}", url)
    except PostgresMissing as error:
        left_out.append(f"the suite on PostgreSQL: {error}")
    except KeyboardInterrupt:
        return 130

    print()
    for line in left_out:
        print(f"NOT RUN: {line}")
    print(*closing, sep="\n", flush=True)
    if left_out and os.environ.get("CI", "").lower() in ("true", "1"):
        codes.append(1)
    return max(codes, default=1)


def pytest(database, url, arguments):
    """Run pytest on the database at `url` (SQLite where empty), in plain view; return (code, last line)."""
    print(f"\n{database}\n", flush=True)
    environment = os.environ | {"DATABASE_URL": url}
    command = [sys.executable, "-m", "pytest", *(["--color=yes"] if sys.stdout.isatty() else []), *arguments]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    tail = b""
    try:
        # In the pieces in which it comes, since pytest's progress is not made of lines.
        while piece := process.stdout.read1(65536):
            sys.stdout.buffer.write(piece)
            sys.stdout.flush()
            tail = (tail + piece)[-8192:]
    except BaseException:
        # Ctrl-C has reached pytest too, which now tears down; the database must outlive it.
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        with contextlib.suppress(KeyboardInterrupt):
            process.communicate()
        raise
    lines = tail.decode(errors="replace").strip().splitlines()
    return process.wait(), lines[-1] if lines else "pytest printed nothing"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
