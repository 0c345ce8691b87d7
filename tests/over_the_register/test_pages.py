"""The page and the history of every record: what it says, who sees it, and what stays after a change."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.over_the_register.makers import MAKERS, OF_A_PROCESS
from tracker import recording
from tracker.recording.timestamps import last_instant, one_instant
from tracker.register import BY_URL_NAME, RECORD_TYPES

pytestmark = pytest.mark.django_db
PAGES = [kind.url_name for kind in RECORD_TYPES]
every_page = pytest.mark.parametrize("url_name", PAGES)
SHARED = [name for name in PAGES if name not in OF_A_PROCESS]


def address(record, ending=""):
    kind = next(kind for kind in RECORD_TYPES if isinstance(record, kind.model))
    return f"/{kind.path}/{record.ref}/{ending}"


@every_page
def test_a_record_has_a_page_and_a_history(reader, url_name):
    record = MAKERS[url_name](make.ProcessFactory())
    for ending in ("", "history/"):
        answer = reader.get(address(record, ending))
        assert answer.status_code == 200
        assert str(record)[:40] in BeautifulSoup(answer.content, "lxml").get_text()


@pytest.mark.parametrize("url_name", [name for name in PAGES if name in OF_A_PROCESS])
def test_a_hidden_record_is_not_found(client, url_name):
    member = make.UserFactory()
    hidden = MAKERS[url_name](make.ProcessFactory(secret=True, members=[member]))
    for user, status in ((member, 200), (make.UserFactory(editor=True), 404)):
        client.force_login(user)
        assert client.get(address(hidden)).status_code == status
        assert client.get(address(hidden, "history/")).status_code == status


@every_page
def test_a_record_was_not_there_before_it_was_recorded(reader, url_name):
    process = make.ProcessFactory()
    before = last_instant().isoformat()
    record = MAKERS[url_name](make.ProcessFactory() if url_name == "process" else process)
    assert reader.get(address(record), {"known": before}).status_code == 404
    assert reader.get(address(record), {"known": last_instant().isoformat()}).status_code == 200


@every_page
@pytest.mark.parametrize("query", ["on=2025-02-31", "known=2025-02-31"])
def test_a_broken_moment_is_refused(reader, url_name, query):
    record = MAKERS[url_name](make.ProcessFactory())
    assert reader.get(f"{address(record)}?{query}").status_code == 400


@every_page
def test_the_past_is_read_only(client, url_name):
    client.force_login(make.UserFactory(administrator=True))
    record = MAKERS[url_name](make.ProcessFactory())
    present, past = (
        client.get(address(record), query) for query in ({}, {"known": last_instant().isoformat()})
    )
    assert f"{record.ref}/edit/".encode() in present.content
    assert b"/edit/" not in past.content and b"/delete/" not in past.content and b"/new/" not in past.content
    assert b"Reading the past" in past.content


@pytest.mark.parametrize("url_name", SHARED)
def test_a_shared_record_shows_nothing_of_a_hidden_process(reader, url_name):
    hidden = make.ProcessFactory(secret=True, title="Back channel")
    party, issue = make.PartyFactory(), make.IssueFactory()
    person = make.PersonFactory(party=party)
    demand = make.DemandFactory(process=hidden, party=party, title="Hidden demand", issues=[issue])
    citation = make.CitationFactory(
        development__process=hidden,
        development__party=party,
        development__speaker=person,
        development__headline="Hidden",
    )
    named = {"party": party, "person": person, "source": citation.source, "issue": issue}
    record = named.get(url_name) or MAKERS[url_name](hidden)
    page = reader.get(address(record)).content.decode()
    assert "Hidden" not in page and demand.ref not in page and "Back channel" not in page


def test_a_page_takes_the_same_queries_however_much_refers_to_it(reader):
    party, counts = make.PartyFactory(), []
    for number in (2, 18):
        with one_instant():
            for _ in range(number):
                demand = make.DemandFactory(party=party)
                make.DelegationFactory(party=party)
                make.FollowUpFactory(owner=party, process=demand.process)
        with CaptureQueriesContext(connection) as queries:
            reader.get(address(party))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


class TestHistory:
    """What was changed stays readable."""

    def test_old_and_new_by_name_after_renaming_and_deletion(self, reader, bob):
        person = make.PersonFactory(party=make.PartyFactory(name="Rusland"))
        person.party = make.PartyFactory(name="Utopia")
        recording.save(bob, person, note="Moved")
        old = make.PartyFactory._meta.model.objects.get(name="Rusland")
        old.name = "Renamed"
        recording.save(bob, old)
        page = BeautifulSoup(reader.get(address(person, "history/")).content, "lxml")
        change = page.select(".history .change")[1].get_text(" ", strip=True)
        assert "Rusland" in change and "Utopia" in change
        assert "bob" in page.get_text() and "Moved" in page.get_text()
        recording.delete(bob, person, note="Twice in the list")
        page = reader.get(address(person, "history/"))
        assert page.status_code == 200 and "Twice in the list" in page.content.decode()
        assert reader.get(address(person)).status_code == 410

    def test_parts_are_told_with_their_whole(self, reader, bob):
        person = make.PersonFactory()
        make.OfficeFactory(person=person, title="Special envoy", by=bob)
        assert "Special envoy" in reader.get(address(person, "history/")).content.decode()

    def test_the_versions_of_a_development(self, reader, bob):
        from_the_start = make.DevelopmentFactory(headline="Misread")
        again = type(from_the_start)(
            **{name: getattr(from_the_start, name) for name in from_the_start.CONTENT}
            | {"headline": "Read aright"}
        )
        recording.correct(bob, from_the_start, again, [], [], "world_misread", "The note was smudged")
        page = reader.get(address(again, "history/")).content.decode()
        assert (
            "Misread" in page and "Read aright" in page and "The note was smudged" in page and "bob" in page
        )

    def test_a_record_that_never_was_has_no_history(self, reader):
        for kind in BY_URL_NAME.values():
            if kind.has_pages:
                assert reader.get(f"/{kind.path}/xyz-never/history/").status_code == 404
