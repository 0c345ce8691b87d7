"""Follows the recipes of docs/adding-a-record-type.md in a copy of the tree: its blocks are what is written."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "adding-a-record-type.md"
BLOCK = re.compile(
    r"(?:^`(?P<path>[\w/.]+)`\n\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
MADE = (".git", ".venv", "var", "__pycache__", ".*_cache", ".hypothesis", "test-results", "*.sqlite3")
"""What a run makes beside what is written, as in .gitignore."""
COMMAND = ".venv/bin/python manage.py "
SETTINGS = """# ruff: noqa
from tests.settings import *

DATABASES["default"]["TEST"]["NAME"] = "{folder}/test.sqlite3"
"""


@dataclass(frozen=True)
class Block:
    """A block of the page: code for a new file, a diff of one, or commands."""

    path: str
    language: str
    text: str


def blocks(recipe: str) -> list[Block]:
    """The blocks below the heading called `recipe`, in order."""
    _, _, below = PAGE.read_text().partition(f"\n## {recipe}\n")
    found = BLOCK.finditer(below.partition("\n## ")[0])
    return [Block(match["path"] or "", match["language"], match["text"]) for match in found]


def added(recipe: str, path: str) -> str:
    """The lines that the last part of the recipe's diff of a file adds."""
    diff = next(block.text for block in blocks(recipe) if block.path == path)
    lines = diff.split("@@\n")[-1].splitlines(keepends=True)
    return "".join(line[1:] for line in lines if line.startswith("+"))


def changed_by(diff: str, text: str) -> str:
    """`text` after a diff, whose lines without + must stand in it once; raises ValueError."""
    for hunk in diff.split("@@\n"):
        lines = hunk.splitlines()
        old, new = (
            "".join(f"{line[1:]}\n" for line in lines if line[:1] != left_out) for left_out in ("+", "-")
        )
        if text.count(old) != 1:
            raise ValueError(f"These lines stand in it {text.count(old)} times:\n{old}")
        text = text.replace(old, new)
    return text


@dataclass
class Copy:
    """A copy of the tree as it stands, in which recipes are followed."""

    folder: Path

    def __post_init__(self):
        shutil.copytree(ROOT, self.folder, ignore=shutil.ignore_patterns(*MADE), dirs_exist_ok=True)
        (self.folder / "recipe_settings.py").write_text(SETTINGS.format(folder=self.folder))

    def follow(self, recipe: str) -> set[str]:
        """Do what a recipe says; the paths that it added or changed."""
        before = self.files()
        for block in blocks(recipe):
            if block.language == "diff":
                self.change(block.path, changed_by(block.text, self.read(block.path)))
            elif block.language:
                assert not (self.folder / block.path).exists(), f"{block.path} is there already"
                self.change(block.path, block.text)
            else:
                for line in block.text.splitlines():
                    self.command(line)
        after = self.files()
        return {path for path in after if after[path] != before.get(path)}

    def command(self, line: str) -> None:
        assert line.startswith(COMMAND), f"not a command of manage.py: {line}"
        result = self.run("manage.py", *line.removeprefix(COMMAND).split())
        assert result.returncode == 0, result.stdout

    def files(self) -> dict[str, bytes]:
        """The content of each file that git would list, by its path."""
        found = (path for path in self.folder.rglob("*") if path.suffix in {".py", ".html", ".md"})
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in found}

    def read(self, path: str) -> str:
        return (self.folder / path).read_text()

    def change(self, path: str, text: str) -> None:
        (self.folder / path).write_text(text)

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        """Python with `arguments` in the copy, on a SQLite database of its own."""
        environment = os.environ | {"VAR_DIR": str(self.folder / "var"), "DATABASE_URL": ""}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def test(self, *arguments: str) -> subprocess.CompletedProcess:
        """Pytest in the copy, which keeps its database from one run to the next."""
        options = ["-q", "--ds=recipe_settings", "--reuse-db", "-p", "no:cacheprovider", "--tb=short"]
        return self.run("-m", "pytest", *options, *arguments)
