"""A database of the first release is brought to this one by `manage.py migrate`, with all that is in it."""

import datetime as dt
import subprocess
import sys

import pytest

from tests.house.released import AT, EDITED, tables
from tests.installation import ROOT, command, fresh

# Tests that ask for the database run before all others: of two kinds, each would have an upgrade of its own.
pytestmark = [pytest.mark.installation, pytest.mark.django_db, pytest.mark.prove]
MOMENT = dt.timedelta(microseconds=1)


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


def test_the_standing_that_a_changed_rule_changed_is_listed(upgraded):
    rule, change, count = run(upgraded, *command("changed_standings")).splitlines()
    assert "before a day comes behind everything" in rule and count == "1 changed."
    assert change == (
        "dem-1 Free passage: status is “met” (10 Feb 2025, dev-2); it was “rejected” (before 18 Feb 2025, dev-3)"
    )


def test_words_and_names_are_those_of_the_versions(upgraded):
    assert "0 differences" in run(upgraded, *command("rebuild_search"), "--check")


ASKED = r"""
from django.db import IntegrityError
from tests.house.released import tables
from tracker.models import *
from tracker.models.base import writes_allowed
from tracker.text.words import asked

print(*[f"{text.number} {text.recorded_at:%d} {text.recorded_by} {text.text}" for text in SourceText.objects.all()],
      Citation.objects.get().found_in.number, Change.objects.get(record_type="source").changes[0]["old"][:12])
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
    assert answers[:2] == ["1 19 None They met. 2 20 alice They met today. 2 9 characters", "1"]


def test_every_row_is_kept_searched_and_held_to_the_rules(answers):
    counts, found, published, refused = answers[2:6]
    assert (counts, published) == ("1 1 3 3 1 1", "2025-02-01 month")
    assert int(found) and "source_published_precise" in refused


def test_the_tables_are_those_of_a_new_database(answers):
    # The database of the tests is a new one.
    new = sorted("\n".join(tables()).splitlines())
    assert any(line.startswith("tracker_effect ") for line in new)
    assert sorted(answers[6:]) == new


def talk_at(environment, *instants):
    """The title and the host of the talk, as they were on record at each instant."""
    lines = (
        "import datetime as dt",
        "from tracker.models import Talk",
        "from tracker.models.past import reading",
        f"for known in {[str(instant) for instant in instants]}:",
        "    with reading(dt.datetime.fromisoformat(known)):",
        "        print(*[(talk.title, str(talk.host)) for talk in Talk.objects.filter(ref='tlk-1')])",
    )
    return run(environment, *command("shell"), "-v0", "-c", "\n".join(lines)).splitlines()


def test_words_from_before_an_edit_are_read_back_from_the_trail(upgraded):
    assert talk_at(upgraded, AT - MOMENT, AT, EDITED - MOMENT, EDITED) == [
        "", "('Round one', 'Northland')", "('Round one', 'Northland')", "('First round', 'None')"
    ]  # fmt: skip


def test_a_source_has_the_text_of_its_time(upgraded):
    lines = "\n".join((
        "import datetime as dt",
        "from tracker.models import Source",
        "from tracker.models.past import reading",
        f"for known in {[str(AT), str(EDITED - MOMENT), str(EDITED)]}:",
        "    with reading(dt.datetime.fromisoformat(known)):",
        "        print(Source.objects.get().text)",
    ))  # fmt: skip
    read = run(upgraded, *command("shell"), "-v0", "-c", lines).splitlines()
    assert read == ["They met.", "They met.", "They met today."]


EDIT = """
from tests.factories import PartyFactory, TalkFactory
from tests.factories.base import clerk
from tracker import recording
from tracker.models import Change, SearchEntry, Talk
from tracker.models.base import writes_allowed
party = PartyFactory(name='Northland')
TalkFactory(ref='tlk-1', title='Round one', host=party)
talk = Talk.objects.get()
talk.title, talk.host = 'First round', None
recording.save(clerk(), talk)
party.name = 'The North'
recording.save(clerk(), party)
# A release before has one entry of each record.
with writes_allowed():
    SearchEntry.objects.all().delete()
print(talk.recorded_at, *Change.objects.filter(action='changed').order_by('at').values_list('at', flat=True), sep='|')
"""


GO_BACK = """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from tracker.models.derived import DerivedText
DerivedText.objects.all().delete()
executor = MigrationExecutor(connection)
# One by one, not by the single migration that replaces them.
executor.recorder.record_unapplied("tracker", "0001_record_in_one")
executor.loader = MigrationLoader(connection, replace_migrations=False)
# The last one before there were versions.
executor.migrate([("tracker", "0023_begun_by_recording")])
"""


@pytest.mark.prove
def test_words_are_read_back_where_no_version_was_kept(tmp_path):
    with fresh(tmp_path) as environment:
        run(environment, *command("migrate"))
        recorded, edited, renamed = (
            dt.datetime.fromisoformat(instant)
            for instant in run(environment, *command("shell"), "-v0", "-c", EDIT).strip().split("|")
        )
        run(environment, *command("shell"), "-v0", "-c", GO_BACK)
        run(environment, *command("migrate"))
        assert "0 differences" in run(environment, *command("check_standing"))
        assert talk_at(environment, recorded - MOMENT, recorded, edited - MOMENT, edited, renamed) == [
            "", *["('Round one', 'Northland')"] * 2, *["('First round', 'None')"] * 2
        ]  # fmt: skip
