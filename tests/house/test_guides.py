"""Every command line of the guides is run as it stands there, or is named here with the reason why it is not."""

import ast
import csv
import io
import json
import os
import re
import secrets
import shutil
import socket
import stat
import urllib.parse
from pathlib import Path

import pytest

from tests.house.guides import GUIDES, Place, blocks, spans
from tests.installation import ask, fresh
from tests.loaders import files
from tracker.models.tokens import hashed

pytestmark = pytest.mark.installation

DEPENDS_ON_PANDAS = "pandas, R and Stata are not among the requirements"
BLOCKS_NOT_RUN = {
    "URL: http://127.0.0.1:8000/": "what a command prints",
    "# /etc/tracker.env": "settings; `check --deploy` is run with them below",
    "mkdir -p deploy/secrets": "test_containers.py runs its lines, and the steps of the containers without containers",
    "import pandas as pd": DEPENDS_ON_PANDAS,
    "import pandas": DEPENDS_ON_PANDAS,
    "import pandas, zipfile": DEPENDS_ON_PANDAS,
    "library(httr2)": DEPENDS_ON_PANDAS,
    r'developments <- read.csv(unz("negotiation-record.zip", "developments.csv"), na.strings = "\\N", '
    'encoding = "UTF-8")': DEPENDS_ON_PANDAS,
    '! curl -fL -H "Authorization: Bearer <token>" -o demands.csv "https://tracker.example/demands.csv?profile=tools"':
        DEPENDS_ON_PANDAS,
}  # fmt: skip
"""Blocks that are not command lines, by their first line."""

SAME = "run in another spelling"
NOT_RUN = {
    "make run": f"{SAME}: with a port that is free",
    "make test": "it runs these tests",
    "make screenshots": "it takes minutes, and writes the pictures of the documents",
    "apt install git make python3 python3-venv": "it installs programs",
    "apt install postgresql chromium libatomic1": "it installs programs",
    "git pull": "it needs the repository that this one came from",
    "manage.py start": f"{SAME}: `make run` calls it",
    "DATABASE_URL=postgres://... make run": SAME,
    "DATABASE_URL=postgres://user:password@host/name make run": SAME,
    "manage.py backup FILE": SAME,
    "manage.py check_standing": SAME,
    "manage.py export_package FILE": SAME,
    "manage.py import_package FILE": SAME,
    "manage.py import_package negotiation-record.zip": SAME,
    "manage.py load_mend FILE --release R": SAME,
    "manage.py load_pax FILE --release R": SAME,
    "manage.py migrate": SAME,
    "manage.py restore FILE": SAME,
}

on_sqlite = pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="run on SQLite")
on_postgresql = pytest.mark.skipif(not os.environ.get("DATABASE_URL"), reason="needs a server of PostgreSQL")


def lines_here():
    """Every line that a test of this file runs."""
    for node in ast.walk(ast.parse(Path(__file__).read_text())):
        called = getattr(node.func, "attr", "") if isinstance(node, ast.Call) else ""
        if called in {"line", "serving"}:
            yield node.args[0].value
        elif called == "script":
            yield from (argument.value for argument in node.args)


@pytest.mark.parametrize("guide", GUIDES)
def test_every_command_line_is_run_or_named_with_a_reason(guide):
    told = {line for one in blocks(guide) if one.first_line not in BLOCKS_NOT_RUN for line in one.lines}
    assert told | set(spans(guide)) <= {*lines_here(), *NOT_RUN}


def test_nothing_is_named_that_no_guide_has():
    every = [one for guide in GUIDES for one in blocks(guide)]
    lines = {line for one in every for line in one.lines} | {
        line for guide in GUIDES for line in spans(guide)
    }
    assert {*lines_here(), *NOT_RUN} <= lines
    assert BLOCKS_NOT_RUN.keys() <= {one.first_line for one in every}


@pytest.fixture
def place(tmp_path):
    """A folder with a fresh installation."""
    with fresh(tmp_path / "var") as environment:
        yield Place(tmp_path, environment)


@pytest.mark.prove
@on_sqlite
def test_a_first_day_on_sqlite(place, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place.environment |= {"METRICS_TOKEN": secrets.token_urlsafe(24)}
    with place.serving("PORT=8123 make run", ("8123", str(port))) as printed:
        assert printed["URL"] == f"http://127.0.0.1:{port}/"
        read_by_programs(place, printed["URL"])
    assert "make run" in place.line("make help")
    place.line("make .venv/runtime.done")
    place.environment |= {"HTTPS": "1", "ALLOWED_HOSTS": "record.example.org"}
    place.environment |= {"CSRF_TRUSTED_ORIGINS": "https://record.example.org"}
    assert "no issues" in place.line("HTTPS=1 .venv/bin/python manage.py check --deploy")
    for name in ("HTTPS", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS"):
        del place.environment[name]

    back_up_and_restore(place, tmp_path)
    bring_in(place, tmp_path)
    carry_over(place, tmp_path)
    counts = place.line("manage.py load_example").splitlines()[1:]
    assert counts and all(re.fullmatch(r"\w+ +0 +0 +\d+ +0 +0", line) for line in counts)
    place.line("manage.py rebuild_search")
    place.line("manage.py rebuild_search --check")
    place.line("manage.py changed_standings")
    password = secrets.token_urlsafe(12)
    answers = ("ana", "ana@record.example.org", password, password)
    place.line(".venv/bin/python manage.py createsuperuser", answers=answers)
    assert ask(place.environment, "SELECT role FROM tracker_user WHERE username = 'ana'") == "administrator"
    before = ask(place.environment, "SELECT password FROM tracker_user WHERE username = 'ana'")
    place.line(
        ".venv/bin/python manage.py changepassword NAME",
        ("NAME", "ana"),
        answers=(f"{password}2", f"{password}2"),
    )
    assert ask(place.environment, "SELECT password FROM tracker_user WHERE username = 'ana'") != before


def read_by_programs(place, url):
    """The lines of curl, in the guides and on the page that gives them to copy."""
    made = secrets.token_urlsafe(32)
    ask(
        place.environment,
        "INSERT INTO tracker_token (owner_id, name, purpose, secret_hash, path, made_at) SELECT id, 'curl', 'reading',"
        f" '{hashed(made)}', '', '2025-02-18' FROM tracker_user WHERE username = 'analyst'",
    )
    host = url.rstrip("/")
    answer = place.line(
        'curl -fL -H "Authorization: Bearer <token>" "https://tracker.example/demands.json?status=open"',
        ("<token>", made), ("https://tracker.example", host), ("curl", "curl -sS"),
    )  # fmt: skip
    assert {row["status"] for row in json.loads(answer)} == {"open"}
    answer = place.line(
        'curl -H "Authorization: Bearer ntk_…" https://record.example.org/developments.csv',
        ("ntk_…", made), ("https://record.example.org", host), ("curl", "curl -sS"),
    )  # fmt: skip
    developments = list(csv.DictReader(io.StringIO(answer.lstrip("\ufeff"))))
    assert len(developments) == ask(
        place.environment, "SELECT count(*) FROM tracker_development WHERE ended_at IS NULL"
    )
    page = place.attempt(f'curl -sS -H "Authorization: Bearer {made}" {url}api/').stdout
    shown = re.findall(r"(?:<code>|! )(curl .*?)(?:\n|</code>)", page)
    assert len(shown) == 2
    measured = place.line(
        'curl -H "Authorization: Bearer $METRICS_TOKEN" http://127.0.0.1:8000/metrics',
        ("http://127.0.0.1:8000", host), ("curl", "curl -sS"),
    )  # fmt: skip
    assert 'tracker_request_seconds_count{method="GET",route="/api/",status="200"}' in measured
    for line in shown:
        line = line.replace("&quot;", '"').replace("&amp;", "&").replace("your token", made)
        assert place.attempt(re.sub(r"https?://[^/]+", host, line)).returncode == 0


def back_up_and_restore(place, tmp_path):
    """The lines of a backup make a copy that restores the record."""
    folder = tmp_path / "backup"
    folder.mkdir(exist_ok=True)
    place.line(
        ".venv/bin/python manage.py backup /backup/record-$(date +%F).backup", ("/backup/", f"{folder}/")
    )
    (copy,) = folder.glob("*.backup")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    if "DATABASE_URL" not in place.environment:
        assert "CREATE TABLE" in place.line('sqlite3 FILE ".dump"', ("FILE", str(copy)))
    ask(place.environment, "UPDATE tracker_user SET first_name = 'after'")
    place.line(
        ".venv/bin/python manage.py restore /backup/record-2025-03-01.backup",
        ("/backup/record-2025-03-01.backup", str(copy)),
    )
    checked = place.line(".venv/bin/python manage.py check_standing")
    assert re.match(r"[1-9]\d+ developments, items and assessments checked, 0 differences", checked)
    assert ask(place.environment, "SELECT count(*) FROM tracker_user WHERE first_name = 'after'") == 0
    copy.unlink()


def bring_in(place, tmp_path):
    """The lines that bring in files, a dataset among them."""
    (tmp_path / "parties.csv").write_text("name,kind\nAvaria,state\n")
    brought = place.line("manage.py import_csv TYPE FILE", ("TYPE", "party"), ("FILE", "parties.csv"))
    ref = re.search(r"imp-\w+", brought)[0]
    assert "written" in place.line("manage.py import_run ID", ("ID", ref))
    # Nothing waits.
    assert place.line("manage.py run_jobs") == ""
    assert place.line("manage.py prepare_files") == ""
    files.write(tmp_path / "mend.csv", files.MEND, files.ROUND)
    files.write(tmp_path / "pax_all_agreements.csv", files.PAX, files.AGREEMENT)
    place.line(".venv/bin/python manage.py load_mend mend.csv --release 2025-07-03 --report mend-report.csv")
    place.line(
        ".venv/bin/python manage.py load_pax pax_all_agreements.csv --release v9 --report pax-report.csv"
    )
    assert (tmp_path / "mend-report.csv").exists() and (tmp_path / "pax-report.csv").exists()


def carry_over(place, tmp_path):
    """The lines of the data package; restored into another installation, it is the same file again."""
    backup = ("/backup/", f"{tmp_path}/backup/")
    (tmp_path / "backup").mkdir(exist_ok=True)
    place.line(".venv/bin/python manage.py export_package /backup/record-$(date +%F).zip", backup)
    (package,) = (tmp_path / "backup").iterdir()
    assert stat.S_IMODE(package.stat().st_mode) == 0o600
    place.line(
        "frictionless validate --type package negotiation-record.zip",
        ("frictionless", ".venv/bin/frictionless"), ("negotiation-record.zip", str(package)),
    )  # fmt: skip
    place.line("manage.py export_package FILE --as USER", ("FILE", "seen.zip"), ("USER", "analyst"))
    place.environment |= {"SQLITE_PATH": str(tmp_path / "other.sqlite3")}
    place.line(".venv/bin/python manage.py migrate")
    shutil.copy(tmp_path / "other.sqlite3", tmp_path / "invented.sqlite3")
    place.line(
        ".venv/bin/python manage.py import_package /backup/record-2025-03-01.zip",
        ("/backup/record-2025-03-01.zip", str(package)),
    )
    place.line(".venv/bin/python manage.py check_standing")
    place.attempt("manage.py export_package again.zip")
    one, other = place.attempt(f"sha256sum {package} again.zip").stdout.splitlines()
    assert one.split()[0] == other.split()[0]

    place.environment |= {"SQLITE_PATH": str(tmp_path / "invented.sqlite3")}
    place.line("manage.py generate --developments N --seed S", ("N", "20"), (" S", " 3"))
    assert ask(place.environment, "SELECT count(*) FROM tracker_development") == 20
    del place.environment["SQLITE_PATH"]


@pytest.mark.prove
@on_postgresql
def test_a_first_day_on_postgresql(place, tmp_path):
    url = urllib.parse.urlsplit(place.environment.pop("DATABASE_URL"))
    place.environment |= {"PGHOST": url.hostname, "PGPORT": str(url.port), "PGUSER": url.username}
    place.environment |= {"PGPASSWORD": url.password, "PGDATABASE": "postgres"}
    name, password = f"guide_{secrets.token_hex(4)}", secrets.token_urlsafe(12)
    place.line("createuser tracker --pwprompt", ("tracker", name), answers=(password, password))
    address = f"{name}:{password}@{url.hostname}:{url.port}"
    try:
        place.line(
            "createdb record --owner tracker --encoding UTF8 --locale C.UTF-8 --template template0",
            ("record", name), ("tracker", name),
        )  # fmt: skip
        with place.serving(
            "DATABASE_URL=postgres://tracker:password@127.0.0.1/record make run",
            ("tracker:password@127.0.0.1/record", f"{address}/{name}"),
        ) as printed:
            assert printed["URL"]
        place.environment |= {"DATABASE_URL": f"postgres://{address}/{name}"}
        back_up_and_restore(place, tmp_path)
    finally:
        for statement in (f"DROP DATABASE IF EXISTS {name}", f"DROP ROLE {name}"):
            place.attempt(f"psql -c '{statement}'")
