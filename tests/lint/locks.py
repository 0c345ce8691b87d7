"""The lock files pin every package by hash, name no host, and test what runs."""

import re

from tests.lint.tree import finding

RUNTIME, DEV = "requirements.txt", "requirements-dev.txt"


def lines(root, name):
    """Each line of a lock file with its number; none where there is no such file."""
    path = root / name
    return list(enumerate(path.read_text().splitlines(), 1)) if path.exists() else []


def locks_name_no_host(root):
    for name in (RUNTIME, DEV):
        for number, line in lines(root, name):
            if re.search(r"://|--(extra-)?index|--find-links|--trusted", line):
                yield finding(root, root / name, number, "a lock file names no host")


def locks_pin_by_hash(root):
    for name in (RUNTIME, DEV):
        entries = [(number, line) for number, line in lines(root, name) if re.match(r"[^#\s]", line)]
        following = dict(lines(root, name))
        if not entries:
            yield finding(root, root / name, 1, "a lock file that pins nothing")
        for number, line in entries:
            pinned = re.match(r"[\w.-]+==[\w.]+ ", line)
            if not (pinned and re.match(r"    --hash=sha256:[0-9a-f]{64}", following.get(number + 1, ""))):
                yield finding(root, root / name, number, f"not pinned by hash: {line}")


def what_runs_is_what_is_tested(root):
    tested = {line.split()[0] for _, line in lines(root, DEV) if re.match(r"\S+==", line)}
    for number, line in lines(root, RUNTIME):
        if re.match(r"\S+==", line) and line.split()[0] not in tested:
            yield finding(root, root / RUNTIME, number, f"{line.split()[0]} is not in {DEV}")


CHECKS = (locks_name_no_host, locks_pin_by_hash, what_runs_is_what_is_tested)
