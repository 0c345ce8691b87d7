"""What each version of a development made of the items it touches, on the development's page and its history."""

import datetime as dt
from urllib.parse import quote

import pytest

from tests import factories as make
from tests.corrections import copied, correct
from tests.pages.reading import Page
from tracker import recording
from tracker.clocks import instant_iso
from tracker.models import Development, Effect

pytestmark = pytest.mark.django_db


@pytest.fixture
def russia():
    return make.PartyFactory(name="Russia")


@pytest.fixture
def missions(clock):
    """A principle claimed on 1 February."""
    clock("2025-02-01T12:00Z")
    return make.PrincipleFactory(title="Missions restored", development={"occurred_on": dt.date(2025, 2, 1)})


@pytest.fixture
def affirmed(client, alice, missions, russia, clock):
    """By a report of 18 February, Russia affirms and the principle is agreed; alice recorded it and is signed in."""
    clock("2025-02-18T12:00Z")
    client.force_login(alice)
    effect = Effect(
        item=missions, party=russia, stance="affirms", status="agreed", wording="Missions return."
    )
    return make.DevelopmentFactory(
        by=alice, headline="The report", process=missions.process, effects=[effect]
    )


def told(page, number=0, within=".versions > li"):
    """The rows of the table of the event `number`, newest first: {what: [the cells in order]}."""
    event = page.soup.select(within)[number]
    return {
        " ".join(row.th.get_text(" ").split()): [
            " ".join(cell.get_text(" ").split()) for cell in row.select("td")
        ]
        for row in event.select("tr:has(> td)")
    }


def heads(page, number=0):
    return [head.get_text() for head in page.soup.select(".versions > li")[number].select("thead th")]


def again(development, **changes):
    """The effects of `development`, unsaved, the first of them changed."""
    first, *others = development.effects.order_by("pk")
    return [copied(first, **changes), *map(copied, others)]


def test_the_page_tells_what_stood_before_what_it_sets_and_that_this_still_stands(client, affirmed):
    page = Page(client, affirmed.get_absolute_url())
    assert told(page, within="section:has(#effects)") == {
        "Status": ["Claimed", "Agreed", "unchanged since"],
        "Russia": ["no statement", "Affirms", "unchanged since"],
        "Wording": ["nothing", "“Missions return.”".strip("“”"), "unchanged since"],
    }


def test_a_correction_tells_what_it_changed_about_what_was_set(client, affirmed, clock):
    clock("2025-02-19T12:00Z")
    correct(affirmed, effects=again(affirmed, stance="affirms_with_reserve"))
    page = Page(client, affirmed.get_absolute_url())
    assert heads(page) == ["What", "Before", "Version 2", "Version 1", "Today"]
    second, first = told(page), told(page, 1)
    assert second["Russia"] == ["no statement", "Affirms with reserve", "Affirms", "unchanged since"]
    assert second["Status"] == ["Claimed", "Agreed", "the same", "unchanged since"]
    assert first["Russia"] == ["no statement", "Affirms", "Affirms with reserve"]


def test_what_a_correction_sets_no_more_stands_as_it_did_without_it(client, affirmed, clock):
    clock("2025-02-19T12:00Z")
    correct(affirmed, effects=again(affirmed, status=None))
    page = Page(client, affirmed.get_absolute_url())
    assert told(page)["Status"] == [
        "",
        "not set any more ; so stood Claimed",
        "Agreed",
        "Claimed said 1 Feb 2025",
    ]
    assert told(page)["Russia"] == ["no statement", "Affirms", "the same", "unchanged since"]


def test_before_and_after_are_those_of_the_time_of_each_version(client, affirmed, missions, russia, clock):
    """What came to the record between two versions, of an earlier day, is what the second one found."""
    clock("2025-02-19T12:00Z")
    make.DevelopmentFactory(
        process=missions.process, occurred_on=dt.date(2025, 2, 10),
        effects=[Effect(item=missions, party=russia, stance="disputes")],
    )  # fmt: skip
    clock("2025-02-20T12:00Z")
    correct(affirmed, effects=again(affirmed, stance="conditional"))
    page = Page(client, affirmed.get_absolute_url())
    assert told(page)["Russia"][0] == "Disputes"
    assert told(page, 1)["Russia"][0] == "no statement"


def test_it_says_what_stands_today_where_something_later_was_said(client, affirmed, missions, russia, clock):
    clock("2025-02-21T12:00Z")
    later = make.DevelopmentFactory(
        process=missions.process, headline="They sign", occurred_on=dt.date(2025, 2, 20),
        effects=[Effect(item=missions, party=russia, stance="affirms", status="signed")],
    )  # fmt: skip
    page = Page(client, affirmed.get_absolute_url())
    now = told(page, within="section:has(#effects)")
    assert now["Status"] == ["Claimed", "Agreed", "Signed said 20 Feb 2025"]
    assert now["Russia"] == ["no statement", "Affirms", "unchanged since · said 20 Feb 2025"]
    assert later.get_absolute_url() in page.links(".made a")
    then = Page(client, f"{affirmed.get_absolute_url()}?on=2025-02-19")
    assert told(then, within="section:has(#effects)")["Status"] == ["Claimed", "Agreed", "unchanged since"]


def test_a_withdrawal_tells_what_stood_once_it_was_taken_back(client, affirmed, bob, clock):
    clock("2025-02-19T12:00Z")
    recording.withdraw(bob, affirmed, "A rumour.")
    page = Page(client, affirmed.get_absolute_url())
    assert heads(page) == ["What", "Version 1", "Once withdrawn", "Today"]
    assert told(page) == {
        "Status": ["Agreed", "Claimed", "Claimed said 1 Feb 2025"],
        "Russia": ["Affirms", "no statement", "no statement"],
        "Wording": ["Missions return.", "nothing", "nothing"],
    }


def test_an_item_that_went_with_it_is_named_and_leads_only_to_the_past(client, bob, clock):
    client.force_login(bob)
    clock("2025-02-18T12:00Z")
    demand = make.DemandFactory(title="Leave the valley")
    development = demand.effects.get().development
    clock("2025-02-19T12:00Z")
    recording.withdraw(bob, development, "A rumour.")
    clock("2025-02-20T12:00Z")
    page = Page(client, development.get_absolute_url())
    assert "Leave the valley no longer on record" in page.text(".versions")
    links = {link for link in page.links(".made a") if link.startswith(demand.get_absolute_url())}
    development = Development.objects.get()
    read_at = (development.recorded_at, development.ended_at - dt.timedelta(microseconds=1))
    assert {link.partition("=")[2] for link in links} == {quote(instant_iso(instant)) for instant in read_at}
    assert all(client.get(link).status_code == 200 for link in links)


def test_it_leads_to_the_items_page_as_it_read_before_and_after(client, affirmed, missions, clock):
    clock("2025-02-19T12:00Z")
    correct(affirmed, effects=again(affirmed, stance="affirms_with_reserve"))
    clock("2025-02-20T12:00Z")
    page = Page(client, affirmed.get_absolute_url())
    stances = [
        [Page(client, link["href"]).text(".standing table") for link in event.select(".as-read a")]
        for event in page.soup.select(".versions > li")
    ]
    (before_second, after_second), (before_first, after_first) = stances
    assert "Affirms with reserve" in after_second and "Affirms with reserve" not in before_second
    assert before_second == after_first and "Affirms" in after_first
    assert "Russia" not in before_first


def test_what_has_no_before_offers_none(client, alice, missions):
    client.force_login(alice)
    page = Page(client, missions.effects.get().development.get_absolute_url())
    assert page.texts(".as-read a") == ["after"]


def test_the_past_tells_no_more_than_was_known(client, affirmed, bob, clock):
    address = f"{affirmed.get_absolute_url()}?known=2025-02-18T18:00Z"
    clock("2025-02-18T18:00Z")
    then = Page(client, address).text(".record")
    clock("2025-02-19T12:00Z")
    second = correct(affirmed, effects=again(affirmed, status="signed", stance="rejects"))
    recording.withdraw(bob, second, "A rumour.")
    assert Page(client, address).text(".record") == then
    history = Page(client, f"{affirmed.get_absolute_url()}history/?known=2025-02-18T18:00Z")
    assert told(history)["Status"] == ["Claimed", "Agreed", "unchanged since"]
    assert "?known=2025-02-18T18" in " ".join(history.links(".made a.wording"))


def test_a_due_is_told_with_the_day_for_looking_again(client, alice, clock):
    client.force_login(alice)
    clock("2025-02-18T12:00Z")
    envoy = make.FollowUpFactory(development={"occurred_on": dt.date(2025, 2, 18)})
    development = envoy.effects.get().development
    correct(development, effects=again(development, review_on=dt.date(2025, 3, 1)))
    page = Page(client, development.get_absolute_url())
    assert told(page)["Due"][1:] == [
        "as soon as possible, to be looked at again on 1 Mar 2025",
        "as soon as possible, to be looked at again on 20 Mar 2025",
        "unchanged since",
    ]


def test_any_number_of_versions_and_items_costs_the_same(client, alice, affirmed):
    def queries():
        return [Page(client, f"{affirmed.get_absolute_url()}{page}").queries for page in ("", "history/")]

    current = correct(affirmed, headline="Otherwise")
    before = queries()
    for number in range(3):
        item = make.DemandFactory(process=affirmed.process)
        effects = [copied(effect) for effect in current.effects.all()]
        effects += [Effect(item=item, status="met", party=item.party, stance="affirms")]
        current = correct(current, headline=f"Once more, {number}", effects=effects)
    assert queries() == before
    assert max(before) <= 12
