"""The checks of `make lint` find what they look for, and say where: each fault is put into a small tree."""

from pathlib import Path

import pytest

from tests.lint import documents, layout, locks, waiting

HEAD = '"""A module."""\n'
HASH = f"    --hash=sha256:{'0' * 64}\n"
FAULTS = [
    (layout, "tracker/cupboard.py", HEAD, "tracker/cupboard.py:1: cupboard lies on no floor"),
    (
        layout,
        "tracker/models/day.py",
        f"{HEAD}\nimport tracker.pages.day\n",
        "tracker/models/day.py:3: tracker.models.day imports tracker.pages.day, from a floor below",
    ),
    (
        layout,
        "tracker/pages/day.py",
        f"{HEAD}def late():\n    from tracker.pages import hour\n",
        "tracker/pages/day.py:3: imports in a circle",
    ),
    (layout, "static/long.css", "a {}\n" * 301, "static/long.css:301: more than 300 lines"),
    (layout, "tracker/settings.py", HEAD + "a = 1\n" * 180, "tracker/settings.py:181: more than 180 lines"),
    (layout, "templates/wide.html", "\n" + "a" * 161, "templates/wide.html:2: 161 characters"),
    (layout, "static/merged.js", "a\n<<<<<<< HEAD\n", "static/merged.js:2: a mark of an unfinished merge"),
    (layout, "tests/silent.py", "", "tests/silent.py:1: no docstring"),
    (layout, "tests/silent.py", '"""No sentence"""', "tests/silent.py:1: no docstring"),
    (layout, "tracker/pages/utils.py", HEAD, "tracker/pages/utils.py:1: “utils” does not say"),
    (locks, "requirements.txt", f"a==1 \\\n{HASH}b>=1 \\\n{HASH}", "requirements.txt:3: not pinned by hash: b>=1"),
    (locks, "requirements.txt", "a==1 \\\nb==1\n", "requirements.txt:1: not pinned by hash: a==1"),
    (locks, "requirements.txt", f"a==1 \\\n{HASH}c==1 \\\n{HASH}", "requirements.txt:3: c==1 is not in"),
    (locks, "requirements-dev.txt", "--index-url x\n", "requirements-dev.txt:1: a lock file names no host"),
    (locks, "requirements-dev.txt", "", "requirements-dev.txt:1: a lock file that pins nothing"),
    (
        waiting,
        "tests/browser/test_a.py",
        'page.click("a")\nassert page.locator("th").all_inner_texts() == []',
        "tests/browser/test_a.py:2: all_inner_texts does not wait",
    ),
    (documents, "tracker/settings.py", 'env("A")', "tracker/settings.py:1: A is not in docs/operators-guide.md"),
    (documents, "docs/operators-guide.md", "\n| `ZZ` | a | b |\n", "docs/operators-guide.md:2: there is no setting ZZ"),
    (documents, "tracker/management/commands/a.py", HEAD, "tracker/management/commands/a.py:1: a is not in docs"),
    (documents, "README.md", "\n[a](docs/none.md)", "README.md:2: there is no docs/none.md"),
    (documents, "README.md", "`pytest -q tests/a.py -k none`", "README.md:1: tests/a.py has no test none"),
    (documents, "README.md", "`pytest tests/none.py`", "README.md:1: tests/none.py has no test"),
    (documents, "docs/pictures/a.png", "", "docs/pictures/a.png:1: no document shows it"),
    (documents, "docs/pictures/a.png", "", "docs/pictures/a.png:1: tests/browser/screenshots.py does not take"),
    (documents, "tests/browser/screenshots.py", 'VIEWS = {"b": 1}', "tests/browser/screenshots.py:1: there is no docs"),
    (documents, "Makefile", "run: ## serve\n", "Makefile:1: no target test with a description"),
]  # fmt: skip


@pytest.fixture
def tree(tmp_path):
    """A folder in which nothing is wrong."""
    pinned = f"a==1 \\\n{HASH}"
    targets = "".join(f"{name}: ## do it\n" for name in documents.NAMED)
    for path, text in {
        "tracker/settings.py": HEAD,
        "tracker/pages/day.py": HEAD,
        "tracker/pages/hour.py": f"{HEAD}import tracker.models\nfrom . import day\n",
        "tracker/models/__init__.py": HEAD,
        "tracker/management/commands/__init__.py": HEAD,
        "tests/browser/screenshots.py": f"{HEAD}VIEWS = {{}}\n",
        "docs/operators-guide.md": "[The start](../README.md), [elsewhere](https://example.org/none)\n",
        "docs/pictures/.keep": "",
        "README.md": "The start.\n",
        "Makefile": targets,
        "requirements.txt": pinned,
        "requirements-dev.txt": f"{pinned}b==1 \\\n{HASH}",
    }.items():
        write(tmp_path, path, text)
    (tmp_path / "docs/pictures/.keep").unlink()
    return tmp_path


def write(root: Path, name, text):
    """Write a file, and the folders that it lies in."""
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)


def found(module, root):
    """What the checks of a module find."""
    return [finding for check in module.CHECKS for finding in check(root)]


@pytest.mark.parametrize("module", [layout, locks, waiting, documents], ids=lambda module: module.__name__)
def test_nothing_is_found_where_nothing_is_wrong(tree, module):
    layout.parsed.cache_clear()
    assert found(module, tree) == []


@pytest.mark.parametrize(("module", "name", "text", "expected"), FAULTS, ids=lambda value: str(value)[:60])
def test_a_fault_is_found_and_told_with_its_place(tree, module, name, text, expected):
    layout.parsed.cache_clear()
    write(tree, name, text)
    assert [finding for finding in found(module, tree) if finding.startswith(expected)]


def test_reading_in_a_loop_or_from_the_database_is_no_fault():
    assert waiting.unwaited("while not held:\n    page.wait_for_timeout(9)") == []
    source = "expect(page.locator('th')).to_have_text([])\nassert Party.objects.all().count() == 1"
    assert waiting.unwaited(source) == []
