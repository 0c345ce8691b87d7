"""The command lines of the guides, read out of them, and a folder in which they run as an operator types them."""

import contextlib
import os
import pty
import re
import signal
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

from tests.installation import ROOT, SECONDS

GUIDES = ("README.md", *(f"docs/{name}.md" for name in (
    "analysts-guide", "datasets", "exports", "feeds", "imports", "operators-guide", "package", "search",
)))  # fmt: skip
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
# A setting or two, then a program and at least one word for it: the bare name of a program is no command line.
COMMAND = re.compile(
    r"([A-Z_]+=\S+ )*(\.venv/bin/\w+|manage\.py|make|git|apt|apt-get|pip|curl|sqlite3|pg_\w+|psql|createdb|createuser|"
    r"sha256sum|umask|mkdir|mv|cp|rm|frictionless|systemctl)\s\S.*"
)
LINKED = ("Makefile", "manage.py", "requirements.txt", "static", "templates", "tracker", ".venv")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, and what stands in it."""

    language: str
    text: str

    @property
    def first_line(self) -> str:
        return self.text.partition("\n")[0]

    @property
    def lines(self) -> list[str]:
        """Its command lines, without comments."""
        bare = [re.sub(r"(^|\s)\s*# .*", "", line).strip() for line in self.text.splitlines()]
        return [line for line in bare if line]


def blocks(guide: str) -> list[Block]:
    """The fenced blocks of a guide."""
    return [Block(*found) for found in BLOCK.findall((ROOT / guide).read_text())]


def spans(guide: str) -> list[str]:
    """The command lines within the sentences and tables of a guide."""
    text = BLOCK.sub("", (ROOT / guide).read_text())
    return [span for span in SPAN.findall(text) if COMMAND.fullmatch(span)]


class Place:
    """A folder that looks like a checkout, with a `var` of its own."""

    def __init__(self, folder: Path, environment: dict[str, str]):
        self.folder, self.environment = folder, environment
        for name in LINKED:
            (folder / name).symlink_to(ROOT / name)

    def line(self, text: str, *replaced: tuple[str, str], answers: tuple[str, ...] = ()) -> str:
        """What the line prints when it is run with the placeholders `replaced`; it must succeed.

        `answers` are what its user types at the terminal, one to each question.
        """
        done = (
            self.attempt(text, *replaced) if not answers else self.answered(runnable(text, replaced), answers)
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def script(self, *lines: str) -> None:
        """Run the lines one after the other in one shell, as they stand in one block; all must succeed."""
        done = self.attempt("\n".join(["set -e", *lines]))
        assert done.returncode == 0, done.stdout

    def attempt(self, text: str, *replaced: tuple[str, str]) -> subprocess.CompletedProcess:
        """The process of the line, ended, whatever its exit code."""
        command = ["bash", "-c", runnable(text, replaced)]
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, timeout=SECONDS, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def answered(self, text: str, answers: tuple[str, ...]) -> subprocess.CompletedProcess:
        """The process of a line that asks questions at a terminal, each ending in a colon, once it has ended."""
        ours, its = pty.openpty()
        process = subprocess.Popen(
            ["bash", "-c", text], cwd=self.folder, env=self.environment, start_new_session=True,
            stdin=its, stdout=its, stderr=its,
        )  # fmt: skip
        os.close(its)
        guard = threading.Timer(SECONDS, process.kill)
        guard.start()
        told, left = b"", list(answers)
        # Reading fails once nobody has the other end open any more.
        with contextlib.suppress(OSError):
            while piece := os.read(ours, 4096):
                told += piece
                if left and told.endswith(b": "):
                    os.write(ours, f"{left.pop(0)}\n".encode())
        guard.cancel()
        os.close(ours)
        return subprocess.CompletedProcess(text, process.wait(SECONDS), told.decode())

    @contextlib.contextmanager
    def serving(self, text: str, *replaced: tuple[str, str]):
        """Run a line that serves; yield what it printed, by the words before the colon; stop it at the end."""
        process = subprocess.Popen(
            ["bash", "-c", runnable(text, replaced)], cwd=self.folder, env=self.environment, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        guard = threading.Timer(SECONDS, process.kill)
        guard.start()
        printed, told = {}, []
        try:
            for line in process.stdout:
                told.append(line)
                name, _, value = line.strip().partition(": ")
                printed[name] = value
                if name == "Administrator":
                    break
            assert "Administrator" in printed, "".join(told)
            yield printed
        finally:
            guard.cancel()
            os.killpg(process.pid, signal.SIGINT)
            process.communicate(timeout=SECONDS)


def runnable(text: str, replaced) -> str:
    """The line with its placeholders filled in, as bash runs it from the folder."""
    for placeholder, value in replaced:
        assert placeholder in text, placeholder
        text = text.replace(placeholder, value)
    text = re.sub(r"^((?:[A-Z_]+=\S+ )*)manage\.py ", r"\1.venv/bin/python manage.py ", text)
    # The environment is the one that runs the tests: nothing is installed for a line.
    return re.sub(r"^((?:[A-Z_]+=\S+ )*)make ", r"\1make -o .venv/runtime.done -o .venv/dev.done ", text)
