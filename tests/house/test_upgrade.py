"""A database of the first release is brought to this one by `manage.py migrate`, with all that is in it."""

import subprocess
import sys

import pytest

from tests.house.released import tables
from tests.installation import ROOT, command, fresh

# Tests that ask for the database run before all others: of two kinds, each would have an upgrade of its own.
pytestmark = [pytest.mark.installation, pytest.mark.django_db]


def run(environment, *arguments):
    """What a command of the upgraded installation prints; it must succeed."""
    done = subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory):
    """The environment of an installation whose database the first release made."""
    with fresh(tmp_path_factory.mktemp("released")) as environment:
        run(environment, sys.executable, "-m", "tests.house.released")
        run(environment, *command("migrate"))
        yield environment


def test_the_record_agrees_with_the_rule(upgraded):
    assert "0 differences" in run(upgraded, *command("check_standing"))


ASKED = r"""
from django.db import IntegrityError
from tests.house.released import tables
from tracker.models import *
from tracker.models.base import writes_allowed
from tracker.text.words import asked

print(EarlierText.objects.get().text, Change.objects.get().changes[0]["old"][:12])
print(RecordName.objects.filter(key="river talks").count())
print(*[model.objects.count() for model in (Office, Assessment, Development, Effect, Citation, Talk)])
print(SearchEntry.objects.filter(index__words__holds=asked("river")).count())
source = Source.objects.get()
print(source.published_on, source.published_precision)
try:
    with writes_allowed(): Source.objects.update(published_on="2025-02-18")
except IntegrityError as error:
    print(str(error).splitlines()[0])
print(*tables(), sep="\n")
"""


@pytest.fixture(scope="module")
def answers(upgraded):
    """What the models answer once all is as it is now, a line for each line of `ASKED` that prints, then the tables."""
    return run(upgraded, *command("shell"), "-v0", "-c", ASKED).splitlines()


def test_the_words_of_sources_leave_the_trail_and_are_kept(answers):
    assert answers[:2] == ["They met. 9 characters", "1"]


def test_every_row_is_kept_searched_and_held_to_the_rules(answers):
    counts, found, published, refused = answers[2:6]
    assert (counts, published) == ("1 1 1 1 1 1", "2025-02-01 month")
    assert int(found) and "source_published_precise" in refused


def test_the_tables_are_those_of_a_new_database(answers):
    # The database of the tests is a new one.
    new = sorted("\n".join(tables()).splitlines())
    assert any(line.startswith("tracker_effect ") for line in new)
    assert sorted(answers[6:]) == new
