"""Two of one command at once on one new database: one does the work, the other finds it done."""

import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.installation import ROOT, SECONDS, command, fresh, started

pytestmark = [pytest.mark.installation, pytest.mark.prove]

MAKE_ADMINISTRATOR = "from tracker.models import User; User.objects.create_user('ana', role='administrator')"


def test_two_first_starts_at_once_are_one_installation(tmp_path):
    def start(environment):
        with started(environment) as printed:
            return printed

    with fresh(tmp_path) as environment, ThreadPoolExecutor() as pool:
        one, other = pool.map(start, [environment, environment])
    for role in ("Analyst", "Administrator"):
        assert one[role] == other[role] and " / (" not in one[role]


def test_the_example_is_loaded_once_by_two_at_once(tmp_path):
    def run(*arguments):
        done = subprocess.run(
            command(*arguments), cwd=ROOT, env=environment, capture_output=True, text=True, timeout=SECONDS
        )
        assert done.returncode == 0, done.stderr
        return dict(line.split(maxsplit=1) for line in done.stdout.splitlines()[1:])

    with fresh(tmp_path) as environment, ThreadPoolExecutor() as pool:
        run("migrate", "-v0")
        run("shell", "-v0", "-c", MAKE_ADMINISTRATOR)
        reports = list(pool.map(run, ["load_example", "load_example"]))
    made = sorted(int(report["party"].split()[0]) for report in reports)
    assert made[0] == 0 and made[1] > 0
