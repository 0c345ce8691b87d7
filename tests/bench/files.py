"""The CSV of all developments against the database's own CSV of the same query, and the memory that it takes."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import connection

from tests.bench.pages import reader
from tests.bench.timing import Line, side_by_side
from tests.postgres import INSTALLED
from tracker.clocks import PRESENT
from tracker.files.export.cells import sheet
from tracker.models import User
from tracker.register import DEVELOPMENT

TARGET = {"sqlite": 1.5, "postgresql": 1.2}


def measure() -> Iterator[Line]:
    """The line about CSV, with the memory in its note."""
    client = reader()
    sizes = []

    def export():
        sizes.append(sum(len(chunk) for chunk in client.get("/developments.csv").streaming_content))

    first, second = _grown(client), _grown(client)
    what, own = _own()
    best = side_by_side({"export": export, "own": own})
    note = f"{sizes[-1] / 1e6:.0f} MB; memory + {first:.0f} MB the first time, + {second:.0f} MB the second"
    yield Line("CSV of all developments", what, TARGET, best["export"], best["own"], note)


def _grown(client) -> float:
    """By how many MB this process grows, at most, while it writes the file."""
    before = peak = _anonymous()
    for number, _ in enumerate(client.get("/developments.csv").streaming_content):
        if number % 50 == 0:
            peak = max(peak, _anonymous())
    return (peak - before) / 1024


def _own() -> tuple[str, Callable]:
    """What the database itself writes CSV with, and a function that does so."""
    user = User.objects.get(username="bench")
    _, rows = sheet(
        DEVELOPMENT.model,
        DEVELOPMENT.columns,
        DEVELOPMENT.rows(user, PRESENT).order_by("-happened_key", "-placed_at", "-place", "-pk"),
    )
    sql, params = rows.query.get_compiler(connection=connection).as_sql()
    assert not params, "the shells take no parameters"
    sql = sql.replace("%%", "%")
    settings = connection.settings_dict
    if connection.vendor == "postgresql":
        psql = shutil.which("psql") or max(map(str, INSTALLED.glob("*/bin/psql")), default=None)
        if psql:
            return "psql, COPY of the same query", lambda: _run(
                [psql, "-qX", "-c", f"COPY ({sql}) TO STDOUT (FORMAT csv)", _url(settings)]
            )
        return "COPY of the same query, thrown away by the driver", lambda: _copied(sql)
    shell = shutil.which("sqlite3")
    if shell:
        setup = ["-cmd", "PRAGMA cache_size=-64000", "-cmd", "PRAGMA mmap_size=134217728"]
        return "sqlite3, .mode csv of the same query", lambda: _run(
            [shell, "-readonly", *setup, "-csv", str(settings["NAME"]), sql]
        )
    return "the same query, its rows joined", lambda: _joined(sql)


def _run(command):
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


def _url(settings):
    return "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format_map(settings)


def _copied(sql):
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv)") as copy:
        for _ in copy:
            pass


def _joined(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(1_000):
            "\n".join(",".join(map(str, row)) for row in rows)


def _anonymous() -> int:
    """The memory of this process that is no file's, in kB; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) for line in lines if line.startswith("RssAnon")), 0)
