"""The files of the project that are checked, and how a finding is written."""

import ast
import functools

TEXTS = {".py", ".html", ".css", ".js", ".txt"}


def sources(root):
    """The modules of the application and of its tests."""
    return sorted(path for top in ("tracker", "tests") for path in (root / top).rglob("*.py"))


def written(root):
    """The modules that are written by hand."""
    return [path for path in sources(root) if "migrations" not in path.parts]


def assets(root):
    """Templates, style sheets and scripts, with the other static files that hold text."""
    return sorted(
        path
        for top in ("templates", "static", "tests/bench/templates")
        for path in (root / top).rglob("*")
        if path.suffix in TEXTS
    )


@functools.cache
def parsed(path):
    """The syntax tree of a module, which several checks read."""
    return ast.parse(path.read_text())


def finding(root, path, line, message):
    """The line that reports `message` about a line of the file at `path`."""
    return f"{path.relative_to(root)}:{line}: {message}"
