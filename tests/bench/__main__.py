"""`make bench`: measures on SQLite and on PostgreSQL at each size, and prints the ratios as a table in Markdown.

python -m tests.bench [--folder FOLDER] [--only PART] [DEVELOPMENTS ...]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

from tests.postgres import PostgresMissing, server

SIZES = (10_000, 100_000)
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def main() -> int:
    """Measure on what this machine has; return the exit code of the process."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("developments", type=int, nargs="*", default=SIZES, help="sizes of the record")
    parser.add_argument(
        "--folder", type=Path, help="where to keep the SQLite databases, for the next run to use"
    )
    parser.add_argument("--only", action="append", default=[], help="one part alone, such as files")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tracker-bench-") as scratch:
        folder = options.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        sizes, only = options.developments, options.only
        results = {("sqlite", size): _child(size, only, folder) for size in sizes}
        try:
            with server() as (url, _):
                results |= {("postgresql", size): _child(size, only, folder, url) for size in sizes}
        except PostgresMissing as error:
            print(f"NOT RUN on PostgreSQL: {error}", file=sys.stderr)
    print(table(results, options.developments))
    return 0


def table(results: dict, sizes) -> str:
    """The report: a table for each size, then how the same work grows from one size to the next."""
    vendors = sorted({vendor for vendor, _ in results}, reverse=True)
    parts = []
    for size in sizes:
        parts += [
            f"\n### {size:,} developments\n",
            *_heads("work", "against", *(NAMES[vendor] for vendor in vendors), "target"),
        ]
        for number, line in enumerate(results[vendors[0], size]):
            cells = [_cell(results[vendor, size][number]) for vendor in vendors]
            target = (
                " / ".join(f"{line['target'][vendor]:g} ×" for vendor in vendors) if line["target"] else ""
            )
            parts.append(f"| {line['work']} | {line['against']} | {' | '.join(cells)} | {target} |")
    for smaller, larger in zip(sizes, sizes[1:], strict=False):
        parts += [
            f"\n### Growth from {smaller:,} to {larger:,}\n",
            *_heads("work", *(NAMES[vendor] for vendor in vendors)),
        ]
        for number, line in enumerate(results[vendors[0], larger]):
            grown = [
                results[vendor, larger][number]["seconds"] / results[vendor, smaller][number]["seconds"]
                for vendor in vendors
            ]
            parts.append(f"| {line['work']} | {' | '.join(f'{ratio:.1f} ×' for ratio in grown)} |")
    return "\n".join(parts)


def _heads(*names) -> list[str]:
    return [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]


def _cell(line: dict) -> str:
    ratio = line["seconds"] / line["base_seconds"]
    note = f"; {line['note']}" if line["note"] else ""
    shown = f"{ratio:.1f}" if ratio >= 1 else f"{ratio:.2f}"
    return f"**{shown} ×** ({_time(line['seconds'])} / {_time(line['base_seconds'])}{note})"


def _time(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"


def _child(size: int, only: list[str], folder: Path, url: str = "") -> list[dict]:
    """The lines measured at one size by a process of its own, as dictionaries; of the parts `only`, if any."""
    if url:
        base, _, _ = url.rpartition("/")
        name = f"tracker_bench_{size}"
        with psycopg.connect(url, autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        url = f"{base}/{name}"
    environment = os.environ | {"DATABASE_URL": url, "BENCH_SQLITE": str(folder / f"bench-{size}.sqlite3")}
    print(f"{'PostgreSQL' if url else 'SQLite'}, {size:,} developments ...", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "tests.bench.measure", str(size), *only]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


if __name__ == "__main__":
    sys.exit(main())
