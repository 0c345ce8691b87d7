"""A file that was taken out comes in again as it is; one that was changed changes what it says, and no more."""

import csv
import io

import pytest
from django.test import Client

from tests.factories import UserFactory
from tests.records.makers import several
from tracker.exchange.importing.runs import begin, work
from tracker.models import ImportRun
from tracker.records import BY_URL_NAME

pytestmark = pytest.mark.django_db
EVERY_TYPE = pytest.mark.parametrize("url_name", BY_URL_NAME)


@pytest.fixture
def editor():
    return UserFactory(administrator=True)


def exported(user, kind, query=""):
    """The file of all records of a type, as bytes."""
    client = Client()
    client.force_login(user)
    return b"".join(client.get(f"/{kind.path}.csv{query}").streaming_content)


def brought_in(user, kind, content, name="file.csv", then=None, **options):
    """The import of `content`, read, and written where `then` is a state."""
    run = begin(user, kind, name, [content if isinstance(content, bytes) else content.encode()], **options)
    work(run, kind)
    if then and run.state == ImportRun.State.READY:
        run.state = then
        run.save()
        work(run, kind)
    return run


def said(run):
    """All messages of a run, for an assertion that fails to show."""
    return run.problems + [(row.number, row.messages) for row in run.rows.all() if row.messages]


@EVERY_TYPE
def test_what_was_taken_out_comes_in_unchanged(url_name, editor):
    kind = BY_URL_NAME[url_name]
    several(url_name, 3)
    content = exported(editor, kind)
    run = brought_in(editor, kind, content)
    rows = len(list(csv.reader(io.StringIO(content.decode())))) - 1
    assert run.counts == {"unchanged": rows}, said(run)
