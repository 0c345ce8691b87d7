"""The tree keeps to its plan: floors, sizes, names, and a sentence at the head of every module."""

import ast
import graphlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "tracker"
LONGEST = 300
WIDEST = 160
TEXTS = {".py", ".html", ".css", ".js", ".txt"}
SIZES = {"tracker/settings.py": 180, "tracker/register/types.py": 150, "tracker/pages/detail.py": 200}
SHAPELESS = {"utils", "util", "helpers", "services", "common", "misc", "lib"}
# A module imports from its own floor and from those above it in this list, never from those below it.
FLOORS = [
    {"environment", "settings", "text", "clocks", "write_lock"},
    {"models"},
    {"domain"},
    {"recording"},
    {"queries"},
    {"templatetags"},
    {"forms"},
    {"register"},
    {"files", "charts", "accounts"},
    {"pages"},
    {"reports", "search"},
    {"api"},
    {"admin", "checks", "middleware", "style_sheets", "loaders", "synthetic", "management"},
    {"urls", "wsgi", "apps"},
]
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}

sources = sorted(path for top in ("tracker", "tests") for path in (ROOT / top).rglob("*.py"))
written = [path for path in sources if "migrations" not in path.parts]
texts = [path for path in (ROOT / "templates", ROOT / "static") for path in path.rglob("*") if path.is_file()]


def module_name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sources if PACKAGE in path.parents and path in written}


def imports(name):
    """The names of the tracker's own modules that the module `name` imports at its top or within."""
    found = set()
    path = MODULES[name]
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level else ""
            base = ".".join(filter(None, [above, node.module]))
            inner = {f"{base}.{alias.name}" for alias in node.names}
            found.update(inner & MODULES.keys() or {base})
    return {other for other in found if other in MODULES} - {name}


def room(name):
    return (name.split(".") + [""])[1]


def test_every_module_lies_on_a_floor():
    assert {room(name) for name in MODULES} - {""} <= LEVEL.keys(), "say in FLOORS where it belongs"


def test_imports_go_down_the_floors_only():
    wrong = [
        f"{name} imports {other}"
        for name in MODULES
        for other in imports(name)
        if room(name) and room(other) and LEVEL[room(other)] > LEVEL[room(name)]
    ]
    assert not wrong


def test_no_imports_go_in_a_circle():
    graph = {name: imports(name) for name in MODULES}
    list(graphlib.TopologicalSorter(graph).static_order())


@pytest.mark.parametrize("path", written + texts, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_too_long(path):
    name = str(path.relative_to(ROOT))
    if path.suffix in {".py", ".html", ".css", ".js"}:
        assert len(path.read_text().splitlines()) <= SIZES.get(name, LONGEST)


def test_no_line_of_a_template_is_too_long():
    lines = {
        f"{path.relative_to(ROOT)}:{number}": len(line)
        for path in texts
        if path.suffix == ".html"
        for number, line in enumerate(path.read_text().splitlines(), 1)
    }
    assert not {place: length for place, length in lines.items() if length > WIDEST}


def test_no_merge_was_left_half_done():
    marks = re.compile(r"^(<{7} |>{7} )", re.MULTILINE)
    assert not [path for path in sources + texts if path.suffix in TEXTS and marks.search(path.read_text())]


@pytest.mark.parametrize("path", written, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is(path):
    docstring = ast.get_docstring(ast.parse(path.read_text()))
    assert docstring and docstring.splitlines()[0].endswith(".")


def test_no_room_has_a_name_that_fits_anything():
    names = {part for path in sources for part in path.relative_to(ROOT).with_suffix("").parts}
    assert not names & SHAPELESS


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_locks_pin_by_hash_and_name_no_host(name):
    lock = (ROOT / name).read_text()
    assert not re.search(r"://|--(extra-)?index|--find-links|--trusted", lock)
    entries = re.findall(r"^(?!#)(\S.*)\n(.*)", lock, re.MULTILINE)
    assert entries
    for entry, hashes in entries:
        assert re.match(r"[\w.-]+==[\w.]+ ", entry)
        assert re.match(r"    --hash=sha256:[0-9a-f]{64}", hashes)


def test_what_runs_is_what_is_tested():
    runtime, dev = ((ROOT / name).read_text() for name in ("requirements.txt", "requirements-dev.txt"))
    assert set(re.findall(r"^\S+==\S+", runtime, re.MULTILINE)) <= set(
        re.findall(r"^\S+==\S+", dev, re.MULTILINE)
    )


def test_the_style_is_kept():
    ruff = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "."], cwd=ROOT, capture_output=True, text=True
    )
    assert ruff.returncode == 0, ruff.stdout
