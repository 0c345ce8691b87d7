"""How many files one piece of work goes through: `make trace` prints them, and nothing adds to them unseen."""

import pytest

from tests import factories as make
from tests.house.trace import Trace
from tests.pages.filling import sent
from tracker.files.importing.runs import begin, work
from tracker.models import Demand, Development, ImportRun
from tracker.models.vocabularies import UserRole
from tracker.register import BY_URL_NAME
from tracker.text.folding import visible

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def page(client, address):
    """Trace the second request for a page: the first fills what a server keeps for its life."""
    client.get(address)
    with Trace() as trace:
        assert client.get(address).status_code == 200
    return trace


def list_of_open_demands(client, user):
    """GET /demands/?status=open, with five rows"""
    for _ in range(5):
        make.DemandFactory()
    assert Demand.objects.filter(current_status="open").count() == 5
    return page(client, "/demands/?status=open")


def page_of_an_item(client, user):
    """GET the page of a demand"""
    return page(client, make.DemandFactory().get_absolute_url())


def recorded_development(client, user):
    """POST of a development: what a party demands, in its own words"""
    address = f"/developments/new/?process={make.ProcessFactory().ref}"
    said = {
        "party": make.PartyFactory().name,
        "kind": "statement",
        "speech_act": "demands",
        "basis": "own_words",
    }
    form = sent(client.get(address)) | {"headline": "It insists", "occurred_on": "2025-02-18"} | said
    with Trace() as trace:
        assert client.post(address, form).status_code == 302
    assert Development.objects.count() == 1
    return trace


def imported(user, header, rows, outcome="created"):
    """Trace an import of parties, from reading the file, by way of the preview, to the records written."""
    record_type = BY_URL_NAME["party"]
    run = begin(user, record_type, "parties.csv", ["\n".join([header, *rows]).encode()])
    with Trace() as trace:
        work(run, record_type)
        run.state = ImportRun.State.WRITING
        run.save()
        work(run, record_type)
    assert run.counts == {outcome: len(rows)}
    return trace


def import_of_a_party(client, user):
    """An import of one new party, read and written"""
    imported(user, "name,kind", ["Ruritania,state"])
    return imported(user, "name,kind", ["Graustark,state"])


def row_of_a_new_party(client, user):
    """What one more row adds to an import of new parties"""
    one = import_of_a_party(client, user)
    return imported(user, "name,kind", ["Syldavia,state", "Borduria,state"]) - one


def row_of_a_changed_party(client, user):
    """What one more row adds to an import that changes parties"""
    user.role = UserRole.EDITOR
    user.save()
    refs = [make.PartyFactory().ref for _ in range(4)]
    rows = [f"{ref},Renamed {place},state" for place, ref in enumerate(refs)]
    imported(user, "id,name,kind", rows[:1], "changed")
    one = imported(user, "id,name,kind", rows[1:2], "changed")
    return imported(user, "id,name,kind", rows[2:], "changed") - one


# What is traced, and the most files and moves between them that it may take: lower these when it takes fewer.
BOUNDS = [
    (list_of_open_demands, 12, 55),
    (page_of_an_item, 18, 135),
    (recorded_development, 31, 186),
    (import_of_a_party, 32, 194),
    (row_of_a_new_party, 17, 77),
    (row_of_a_changed_party, 16, 67),
]


@pytest.mark.parametrize(
    ("work_of", "files", "moves"), BOUNDS, ids=lambda value: getattr(value, "__name__", "")
)
def test_work_goes_through_no_more_files_than_it_did(client, alice, work_of, files, moves):
    client.force_login(alice)
    trace = work_of(client, alice)
    print("\n" + trace.report(work_of.__doc__))
    assert len(trace.calls) <= files
    assert trace.moves.total() <= moves


def test_a_trace_has_own_files_alone_and_no_call_within_one():
    with Trace() as trace:
        assert [visible(name) for name in (" Ā", "B")] == ["Ā", "B"]
    assert list(trace.calls) == ["text/folding.py"]
    assert not trace.moves and not trace.templates
