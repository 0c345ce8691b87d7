"""Reading what was public by a day: whatever no source had told by then is left out, and counted."""

import datetime as dt
import json
from urllib.parse import urlencode

import pytest

from tests import factories as make
from tests.fixtures import turned_clock
from tests.pages.reading import Page, Words
from tracker import recording
from tracker.clocks import instant_iso
from tracker.models import Citation, Effect, Source
from tracker.recording.timestamps import last_instant

pytestmark = pytest.mark.django_db

LEAK = dt.date(2025, 2, 10)


@pytest.fixture(scope="module")
def made(module_record):
    """Talks of early February, entered in 2026, of which the world learned little by little."""
    with turned_clock() as clock:
        clock("2026-01-10T10:00Z")
        return recorded()


@pytest.fixture
def told(made, clock):
    """The same, read in March 2026."""
    clock("2026-03-01T10:00Z")
    return made


def recorded():
    """A process with a demand, a talk, a seat, an assessment and a link, by name, and three sources."""
    process = make.ProcessFactory(title="River talks", summary="They met twice.")
    demand = make.DemandFactory(process=process, title="Access")
    wire = make.SourceFactory(title="Wire", published_on=LEAK)
    monthly = make.SourceFactory(
        title="Monthly", published_on=dt.date(2025, 2, 1), published_precision="month"
    )
    undated = make.SourceFactory(title="Leaflet", published_on=None, published_precision="")
    for headline, day, stance, source in (
        ("Told by the wire", 3, "affirms", wire),
        ("Told by the monthly", 4, "rejects", monthly),
        ("Told by the leaflet", 5, "conditional", undated),
    ):
        make.DevelopmentFactory(
            headline=headline,
            occurred_on=dt.date(2025, 2, day),
            party=demand.party,
            effects=[Effect(item=demand, stance=stance)],
            citations=[Citation(source=source)] if source else [],
        )
    make.DevelopmentFactory(process=process, headline="Told by nobody", occurred_on=dt.date(2025, 2, 6))
    talk = make.TalkFactory(process=process, title="First round")
    make.DevelopmentFactory(
        headline="They met",
        occurred_on=dt.date(2025, 2, 7),
        effects=[Effect(item=talk, status="held")],
        citations=[Citation(source=wire)],
    )
    make.DelegationFactory(talk=talk, party__name="Rowland", source=wire)
    make.DelegationFactory(talk=talk, party__name="Sedania", source=monthly)
    make.AssessmentFactory(process=process, statement="It will hold.", source=monthly, made_on=LEAK)
    return {"process": process, "demand": demand, "talk": talk, "monthly": monthly}


def listed(client, path, **query):
    """The rows of a list."""
    answer = client.get(f"/{path}.json?{urlencode(query)}", follow=True)
    return json.loads(answer.getvalue())


def headlines(client, **query):
    """The developments listed, in the order in which they happened."""
    return [row["headline"] for row in listed(client, "developments", sort="occurred_on", **query)]


def test_a_development_is_there_once_a_source_was_surely_out(client, carol, told):
    client.force_login(carol)
    assert headlines(client, public="2025-02-09") == []
    assert headlines(client, public="2025-02-10") == ["Told by the wire", "They met"]
    # The month has to be over.
    assert headlines(client, public="2025-02-27") == ["Told by the wire", "They met"]
    all_told = ["Told by the wire", "Told by the monthly", "They met"]
    assert headlines(client, public="2025-02-28") == all_told


def test_nothing_was_public_before_it_happened_however_old_its_source_is(client, carol, told):
    client.force_login(carol)
    wire = Source.objects.get(title="Wire")
    make.DevelopmentFactory(
        process=told["process"],
        headline="They cited the wire",
        occurred_on=dt.date(2025, 2, 20),
        citations=[Citation(source=wire)],
    )
    for day, is_told in (("2025-02-19", False), ("2025-02-20", True)):
        assert ("They cited the wire" in Page(client, f"/?public={day}").text()) == is_told
        assert ("They cited the wire" in headlines(client, public=day)) == is_told


def test_the_standing_is_that_of_what_was_public(client, carol, told):
    client.force_login(carol)
    address = f"/demands/{told['demand'].ref}/"
    for day, stance in (("2025-02-10", "affirms"), ("2025-02-28", "rejects")):
        page = Page(client, f"{address}?public={day}")
        assert stance in page.text().lower()
    assert "conditional" in Page(client, address).text().lower()


def test_both_days_and_the_instant_go_together(client, carol, told):
    client.force_login(carol)
    assert headlines(client, public="2025-02-28", on="2025-02-03") == ["Told by the wire"]
    assert headlines(client, public="2025-02-28", known="2025-12-31") == []
    page = Page(client, f"/processes/{told['process'].ref}/?public=2025-02-28&on=2025-02-17")
    assert "as it stood on 17 Feb 2025 , what was public by 28 Feb 2025" in page.text(".banner")


def test_the_banner_counts_what_was_not_public(client, carol, told):
    client.force_login(carol)
    page = Page(client, f"/processes/{told['process'].ref}/?public=2025-02-10")
    assert "what was public by 10 Feb 2025" in page.text(".banner")
    left_out = "Not shown: 1 development that may have been public and 4 developments without a dated source."
    assert left_out in page.text(".banner")
    assert page.soup.select_one("#clock [name=public]")["value"] == "2025-02-10"
    # A summary without a date may tell of more.
    assert "may mention later events" in page.text()


def test_seats_and_assessments_go_by_their_own_source(client, carol, told):
    client.force_login(carol)
    address = f"/processes/{told['process'].ref}/"
    early = Page(client, f"{address}table/?public=2025-02-10").text()
    assert "Rowland" in early and "Sedania" not in early
    assert "Sedania" in Page(client, f"{address}table/?public=2025-02-28").text()
    assert listed(client, "assessments", public="2025-02-10") == []
    assert len(listed(client, "assessments", public="2025-02-28")) == 1


def test_a_source_passes_on_what_was_out_before(client, bob, told, clock):
    client.force_login(bob)
    monthly = told["monthly"]
    monthly.taken_from = Source.objects.get(title="Wire")
    recording.save(bob, monthly)
    assert "Told by the monthly" in headlines(client, public="2025-02-10")


def test_a_page_says_by_when_its_record_was_public(client, carol, told):
    client.force_login(carol)
    address = f"/demands/{told['demand'].ref}/?public=2025-02-01"
    response = client.get(address)
    assert response.status_code == 404
    page = Words(response)
    assert "It was surely public by 10 Feb 2025" in page.text()
    assert page.links("main .actions a")[0].endswith("?public=2025-02-10")


def test_a_moment_before_the_first_entry_offers_the_other_readings(client, carol, told):
    client.force_login(carol)
    address = f"/processes/{told['process'].ref}/"
    response = client.get(f"{address}?known=2025-02-20")
    page = Words(response)
    assert response.status_code == 404 and "first recorded on 10 Jan 2026" in page.text()
    assert {f"{address}?on=2025-02-20", f"{address}?public=2025-02-20"} <= set(page.links())


def test_with_an_instant_a_later_date_of_a_source_changes_nothing(client, bob, told, clock):
    client.force_login(bob)
    address = f"/developments.csv?public=2025-02-10&known={instant_iso(last_instant())}"
    before = b"".join(client.get(address).streaming_content)
    clock("2026-03-02T10:00Z")
    wire = Source.objects.get(title="Wire")
    wire.published_on = dt.date(2025, 3, 1)
    recording.save(bob, wire)
    assert b"".join(client.get(address).streaming_content) == before
    assert headlines(client, public="2025-02-10") == []


def test_a_day_to_come_is_refused(client, carol, told):
    client.force_login(carol)
    response = client.get("/developments/?public=2031-01-01")
    assert response.status_code == 400
    assert "public: 1 Jan 2031 lies in the future" in Words(response).text()


def test_nothing_is_recorded_into_what_was_public(client, bob, told):
    client.force_login(bob)
    assert client.get("/parties/new/?public=2025-02-10").status_code == 403
