"""What can be set and called is in the documents, and the files that they point at are there."""

import ast
import re

from tests.lint.tree import finding, parsed

GUIDE = "docs/operators-guide.md"
SETTING = re.compile(r"\| `([A-Z_]+)` \| .+ \| .+ \|$")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
TESTS = re.compile(r"`[^`\n]* (tests/\S+\.py)(?: -k (\w+))?[^`\n]*`")
"""A command that runs a file of tests, or those whose name has a word in it."""
NAMED = ("run", "test", "prove", "mutate", "screenshots", "bench")
"""The targets of `make` that the documents name."""


def documents(root):
    return [*sorted(root.glob("*.md")), *sorted((root / "docs").rglob("*.md"))]


def settings_read(root):
    """The line that reads each setting from the environment, by its name; a secret can come from a file too."""
    read = {}
    for node in ast.walk(ast.parse((root / "tracker/settings.py").read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "").startswith("env"):
            name = node.args[0].value
            read[name] = node.lineno
            if node.func.id in {"env_secret", "env_database"}:
                read[f"{name}_FILE"] = node.lineno
    return read


def every_setting_is_in_the_guide(root):
    guide, read = (root / GUIDE).read_text().splitlines(), settings_read(root)
    listed = {match[1]: number for number, line in enumerate(guide, 1) if (match := SETTING.match(line))}
    for name in sorted(read.keys() - listed.keys()):
        yield finding(root, root / "tracker/settings.py", read[name], f"{name} is not in {GUIDE}")
    for name in sorted(listed.keys() - read.keys()):
        yield finding(root, root / GUIDE, listed[name], f"there is no setting {name}")


def every_command_is_in_the_guide(root):
    guide = (root / GUIDE).read_text()
    for path in sorted((root / "tracker/management/commands").glob("[a-z]*.py")):
        if not re.search(rf"^\| `manage\.py {path.stem}\b.*` \| .+ \|$", guide, re.MULTILINE):
            yield finding(root, path, 1, f"{path.stem} is not in {GUIDE}")


def links_and_pictures_are_there(root):
    for path in documents(root):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for target in LINK.findall(line):
                if not (path.parent / target).exists():
                    yield finding(root, path, number, f"there is no {target}")


def test_commands_select_a_test(root):
    for path in documents(root):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for file, word in TESTS.findall(line):
                nodes = ast.walk(parsed(root / file)) if (root / file).exists() else ()
                names = [node.name for node in nodes if isinstance(node, ast.FunctionDef)]
                if not any(name.startswith("test_") and word in name for name in names):
                    yield finding(root, path, number, f"{file} has no test {word}".rstrip())


def every_picture_is_shown_and_taken_anew(root):
    shown = "".join(path.read_text() for path in documents(root))
    script = root / "tests/browser/screenshots.py"
    views = next(node for node in ast.parse(script.read_text()).body if ast.unparse(node).startswith("VIEWS"))
    taken = {f"{key.value}.png": key.lineno for key in views.value.keys}
    pictures = {path.name: path for path in (root / "docs/pictures").iterdir()}
    for name in sorted(pictures):
        if f"pictures/{name})" not in shown:
            yield finding(root, pictures[name], 1, "no document shows it")
        if name not in taken:
            yield finding(root, pictures[name], 1, "tests/browser/screenshots.py does not take it")
    for name in sorted(taken.keys() - pictures.keys()):
        yield finding(root, script, taken[name], f"there is no docs/pictures/{name}")


def make_offers_what_the_documents_name(root):
    makefile = root / "Makefile"
    for name in NAMED:
        if not re.search(rf"^{name}:.* ## ", makefile.read_text(), re.MULTILINE):
            yield finding(root, makefile, 1, f"no target {name} with a description")


CHECKS = (
    every_setting_is_in_the_guide,
    every_command_is_in_the_guide,
    links_and_pictures_are_there,
    test_commands_select_a_test,
    every_picture_is_shown_and_taken_anew,
    make_offers_what_the_documents_name,
)
