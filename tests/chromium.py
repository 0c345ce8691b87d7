"""Debian's Chromium and its driver: where they are, and what a machine lacks to run them."""

import importlib.util
import shutil
import subprocess
from pathlib import Path

EXECUTABLE = shutil.which("chromium")


def missing():
    """What to install before browser tests can run; empty where nothing is missing."""
    if not EXECUTABLE:
        return "no chromium: apt install chromium"
    package = Path(importlib.util.find_spec("playwright").origin).parent
    # The driver is a program of its own, linked to a library that a small Debian does not have.
    tried = subprocess.run([package / "driver" / "node", "--version"], capture_output=True)
    return "its driver does not start: apt install libatomic1" if tried.returncode else ""
