"""The tree keeps to its plan: floors, sizes, names, and a sentence at the head of every module."""

import ast
import graphlib
import re

from tests.lint.tree import assets, finding, parsed, sources, written

LONGEST = 300
WIDEST = 160
SIZES = {"tracker/settings.py": 180, "tracker/register/types.py": 200, "tracker/pages/detail.py": 200}
SHAPELESS = {"utils", "util", "helpers", "services", "common", "misc", "lib"}
# A module imports from its own floor and from those above it in this list, never from those below it.
FLOORS = [
    {"environment", "logs", "settings", "formats", "text", "clocks", "write_lock", "outage", "hung_server"},
    {"models"},
    {"domain"},
    {"recording"},
    {"queries"},
    {"templatetags"},
    {"forms"},
    {"register"},
    {"files", "charts", "accounts", "jobs"},
    {"pages"},
    {"reports", "search"},
    {"api"},
    {
        "admin",
        "backup",
        "checks",
        "middleware",
        "style_sheets",
        "loaders",
        "synthetic",
        "management",
        "monitoring",
        "serving",
    },
    {"urls", "wsgi", "apps"},
]
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
MERGE_MARK = re.compile(r"^(<{7} |>{7} )")


def modules(root):
    """The path of each module of the application that is written by hand, by its name."""
    named = {}
    for path in written(root):
        parts = path.relative_to(root).with_suffix("").parts
        if parts[0] == "tracker":
            named[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return named


def imports(name, named):
    """The line of each import of another module of the application, at the top of module `name` or within."""
    found = {}
    path = named[name]
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            imported = {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level else ""
            base = ".".join(filter(None, [above, node.module]))
            inner = {f"{base}.{alias.name}" for alias in node.names}
            imported = inner & named.keys() or {base}
        else:
            continue
        for other in imported:
            if other in named and other != name:
                found.setdefault(other, node.lineno)
    return found


def room(name):
    """The folder or module of the application that the module `name` lies in."""
    return (name.split(".") + [""])[1]


def every_module_lies_on_a_floor(root):
    for name, path in modules(root).items():
        if room(name) and room(name) not in LEVEL:
            yield finding(root, path, 1, f"{room(name)} lies on no floor (FLOORS in tests/lint/layout.py)")


def imports_go_down_the_floors_only(root):
    named = modules(root)
    for name, path in named.items():
        for other, line in imports(name, named).items():
            if LEVEL.get(room(name), -1) < LEVEL.get(room(other), -1) and room(name):
                yield finding(root, path, line, f"{name} imports {other}, from a floor below its own")


def no_imports_go_in_a_circle(root):
    named = modules(root)
    graph = {name: imports(name, named) for name in named}
    try:
        list(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        # graphlib gives each module after the one that it is imported by.
        module, importer = error.args[1][:2]
        line = graph[importer][module]
        yield finding(root, named[importer], line, f"imports in a circle: {' <- '.join(error.args[1])}")


def no_file_is_too_long(root):
    for path in written(root) + assets(root):
        most = SIZES.get(str(path.relative_to(root)), LONGEST)
        if path.suffix != ".txt" and len(path.read_text().splitlines()) > most:
            yield finding(root, path, most + 1, f"more than {most} lines")


def no_line_of_a_template_is_too_long(root):
    for path in assets(root):
        if path.suffix == ".html":
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if len(line) > WIDEST:
                    yield finding(root, path, number, f"{len(line)} characters, more than {WIDEST}")


def no_merge_was_left_half_done(root):
    for path in sources(root) + assets(root):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if MERGE_MARK.match(line):
                yield finding(root, path, number, "a mark of an unfinished merge")


def every_module_says_what_it_is(root):
    for path in written(root):
        docstring = ast.get_docstring(parsed(path)) or ""
        if not docstring.partition("\n")[0].endswith("."):
            yield finding(root, path, 1, "no docstring whose first line is a sentence")


def no_module_has_a_name_that_fits_anything(root):
    for path in sources(root):
        for part in sorted(SHAPELESS.intersection(path.relative_to(root).with_suffix("").parts)):
            yield finding(root, path, 1, f"“{part}” does not say what is in it")


CHECKS = (
    every_module_lies_on_a_floor,
    imports_go_down_the_floors_only,
    no_imports_go_in_a_circle,
    no_file_is_too_long,
    no_line_of_a_template_is_too_long,
    no_merge_was_left_half_done,
    every_module_says_what_it_is,
    no_module_has_a_name_that_fits_anything,
)
