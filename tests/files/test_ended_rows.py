"""A row is of what is on record now, never of what was corrected or withdrawn since."""

import datetime as dt

import pytest

from tests import factories as make
from tests.corrections import correct
from tests.files.test_importing import as_file, brought_in, said
from tracker import recording
from tracker.models import Development, Process
from tracker.register import BY_URL_NAME

pytestmark = pytest.mark.django_db

SAID = {
    "process": "River talks", "occurred_on": "2025-02-18", "headline": "Said", "kind": "report", "party": "Graustark",
    "basis": "paraphrase",
}  # fmt: skip


@pytest.fixture
def editor():
    """In whose name files come in; there is a process to record in, a party and a source."""
    make.ProcessFactory(title="River talks")
    make.PartyFactory(name="Graustark")
    make.SourceFactory(title="Gazette")
    return make.UserFactory(editor=True)


@pytest.mark.parametrize("end", ["corrected", "withdrawn"])
def test_what_a_development_said_before_is_another_one_when_it_comes_in_again(editor, end):
    kind, content = BY_URL_NAME["development"], as_file([SAID])
    brought_in(editor, kind, content, then="writing")
    first = Development.objects.get()
    if end == "corrected":
        correct(first, headline="Put otherwise")
    else:
        recording.withdraw(editor, first, "Not so.")
    run = brought_in(editor, kind, content, then="writing")
    assert run.counts == {"created": 1}, said(run)
    assert Development.objects.filter(headline="Said", ended_at=None).exclude(ref=first.ref).count() == 1
    assert brought_in(editor, kind, content).counts == {"unchanged": 1}


PARTS = pytest.mark.parametrize("url_name", ["effect", "citation"])


def part_of(development, url_name):
    """A file with one new part of `development`."""
    item = make.DemandFactory(process=development.process)
    cells = {"effect": {"item": item.ref, "status": "met"}, "citation": {"source": "Gazette"}}[url_name]
    return as_file([{"development": development.ref, **cells}])


@PARTS
def test_a_part_comes_into_the_version_that_stands_also_where_that_is_of_an_earlier_day(editor, url_name):
    development = make.DevelopmentFactory(process=Process.objects.get(), occurred_on=dt.date(2025, 2, 18))
    correct(development, headline="Put otherwise", occurred_on=dt.date(2025, 2, 10))
    content = part_of(development, url_name)
    run = brought_in(editor, BY_URL_NAME[url_name], content, then="writing", reason="recoded")
    assert run.counts == {"created": 1} and run.state == "done", said(run)
    now = Development.objects.get(ref=development.ref, ended_at=None)
    assert (now.version, now.headline, getattr(now, f"{url_name}s").count()) == (3, "Put otherwise", 1)


@PARTS
def test_what_names_a_development_that_was_withdrawn_is_refused(editor, url_name):
    development = make.DevelopmentFactory(process=Process.objects.get())
    recording.withdraw(editor, development, "Not so.")
    content = part_of(development, url_name)
    (message,) = brought_in(editor, BY_URL_NAME[url_name], content, reason="recoded").rows.get().messages
    assert message["column"] == "development"
    assert message["rule"] == f"There is no development called “{development.ref}”."
