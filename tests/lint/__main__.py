"""Print what the checks of the source find, as `file:line: what is wrong`; exit with 1 if they find anything.

python -m tests.lint
"""

import sys
from pathlib import Path

from tests.lint import documents, layout, locks, waiting

ROOT = Path(__file__).resolve().parents[2]
CHECKS = (*layout.CHECKS, *documents.CHECKS, *locks.CHECKS, *waiting.CHECKS)


def findings(root):
    """The lines of all findings in the tree at `root`."""
    return [finding for check in CHECKS for finding in check(root)]


if __name__ == "__main__":
    found = findings(ROOT)
    print(*found, sep="\n")
    print(f"{len(CHECKS)} checks of the source, {len(found)} findings")
    sys.exit(bool(found))
