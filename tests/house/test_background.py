"""Processes that work in the background: what is left of them once they have ended."""

import subprocess

from tests.killing import until
from tracker.jobs import background


def test_of_a_process_that_has_ended_nothing_is_left(monkeypatch, settings, tmp_path):
    settings.UPLOAD_DIR, started, start = tmp_path, [], subprocess.Popen

    def begun(*arguments, **options):
        started.append(start(*arguments, stderr=subprocess.DEVNULL, **options))
        return started[-1]

    monkeypatch.setattr(background.subprocess, "Popen", begun)
    background.hand_over("nothing", "no_such_command")
    (process,) = started
    # It is known only to a parent that asked, until when the process stays in the table.
    until(lambda: process.returncode is not None, "nobody asks how the process ended")
