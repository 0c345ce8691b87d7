"""Feeds: followed by a click, read by programs that have nothing but the address, until that is revoked."""

import datetime as dt
import xml.etree.ElementTree as ET  # noqa: S405

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.corrections import correct
from tests.pages.happening import recorded_on
from tests.pages.reading import Page, Words
from tracker import recording
from tracker.models import Development, Token, User

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
AWKWARD = "<b>&amp; \x0b\x1f\ufffe \x7f ]]> سلام 🕊️"


@pytest.fixture
def follow(client, alice):
    """Follows something as alice, and returns its address without the host."""

    def click(feed="timeline.atom", query="", user=alice):
        client.force_login(user)
        response = client.post("/feeds/", {"feed": feed, "query": query})
        assert response.status_code == 200, response.content
        return Words(response).soup.select_one("#secret")["value"].removeprefix("http://testserver")

    return click


def entries(address, client=None):
    """The entries of an Atom feed, as {local name: text}, with `href`, by a program that keeps nothing."""
    response = (client or Client()).get(address)
    assert response.status_code == 200, response.content
    return [
        {child.tag.removeprefix(ATOM): child.text for child in entry}
        | {"href": entry.find(f"{ATOM}link").get("href")}
        for entry in ET.fromstring(response.content).iter(f"{ATOM}entry")  # noqa: S314
    ]


def titles(address):
    return [entry["title"] for entry in entries(address)]


@pytest.fixture
def word(alice):
    """A statement about a demand, with all that can be in an entry."""
    party, source = make.PartyFactory(name="Ruritania"), make.SourceFactory(title="Gazette of the day")
    demand = make.DemandFactory(title="Open the border", party=party)
    return make.DevelopmentFactory(
        process=demand.process,
        headline="It will not be opened",
        detail=f"Details {AWKWARD}",
        party=party,
        effects=[make.EffectFactory.build(item=demand, stance="rejects", party=party)],
        citations=[make.CitationFactory.build(source=source, quote="Never.")],
    )


FOLLOWED = {
    "process": lambda word: word.process,
    "party": lambda word: word.party,
    "demand": lambda word: word.effects.get().item,
    "talk": lambda word: make.TalkFactory(process=word.process, title="The round"),
}


@pytest.mark.parametrize("kind", FOLLOWED)
def test_what_has_a_page_is_followed_by_a_click_there(client, alice, word, kind):
    record = FOLLOWED[kind](word)
    make.DevelopmentFactory(headline="Elsewhere")
    client.force_login(alice)
    page = Page(client, record.get_absolute_url())
    (form,) = page.soup.select("form.follow")
    response = client.post(
        form["action"],
        {field["name"]: field["value"] for field in form.select("input") if field.get("value")},
    )
    address = Words(response).soup.select_one("#secret")["value"]
    assert Words(response).soup.select_one('link[rel="alternate"]')["href"] == address
    told = titles(address.removeprefix("http://testserver"))
    assert told and "Elsewhere" not in told
    assert ("It will not be opened" in told) == (kind != "talk")
    assert not Page(client, record.get_absolute_url() + "?on=2025-02-20").soup.select("form.follow")


def test_a_filtered_timeline_is_followed_as_it_is_filtered(client, alice, word):
    make.DevelopmentFactory(headline="A decision", kind="decision", process=word.process)
    make.DevelopmentFactory(headline="A decision elsewhere", kind="decision")
    client.force_login(alice)
    page = Page(client, f"/processes/{word.process.ref}/timeline/?kind=decision&order=oldest")
    (form,) = page.soup.select("form.follow")
    assert form.select_one("[name=query]")["value"] == f"process={word.process.ref}&kind=decision"
    page = Page(client, f"/timeline/?kind=decision&process={word.process.ref}")
    (form,) = page.soup.select("form.follow")
    query = form.select_one("[name=query]")["value"]
    response = client.post("/feeds/", {"feed": "timeline.atom", "query": query})
    address = Words(response).soup.select_one("#secret")["value"].removeprefix("http://testserver")
    assert titles(address) == ["A decision"]
    assert f"Process: {word.process}" in Page(client, "/tokens/").text()


def test_an_entry_says_who_said_what_where_and_what_it_changed(follow, word):
    entry = entries(follow())[0]
    assert entry["title"] == "It will not be opened"
    assert entry["href"] == f"http://testserver{word.get_absolute_url()}"
    assert entry["id"] == f"tag:negotiation-tracker.invalid,2025:{word.ref}"
    for words in (
        "Ruritania",
        "Open the border",
        "Rejects",
        "“Never.”",
        "Gazette of the day",
        "18 Feb 2025",
        "سلام",
    ):
        assert words in entry["summary"], words
    assert "&lt;b&gt;&amp;amp;" in entry["summary"]
    assert dt.datetime.fromisoformat(entry["updated"]) == word.recorded_at


def test_a_correction_is_the_same_entry_anew_and_a_withdrawal_is_said(follow, alice, word, clock):
    clock("2030-01-01T10:00Z")
    address = follow()
    before = next(one for one in entries(address) if one["title"] == word.headline)
    clock("2030-01-02T10:00Z")
    new = correct(word, headline="It may be opened")
    first = entries(address)[0]
    assert (first["title"], first["id"]) == ("It may be opened", before["id"])
    assert first["updated"] == "2030-01-02T10:00:00+00:00" and first["published"] == before["published"]
    assert "It will not be opened" not in titles(address)
    clock("2030-01-03T10:00Z")
    recording.withdraw(alice, new, "It was not said.")
    first = entries(address)[0]
    assert (first["title"], first["id"]) == ("Withdrawn: It may be opened", before["id"])
    assert first["updated"] == "2030-01-03T10:00:00+00:00"
    assert "Never." not in first["summary"]


def test_it_holds_so_many_the_last_recorded_first(follow, monkeypatch):
    monkeypatch.setattr("tracker.api.feeds.MOST", 3)
    process = make.ProcessFactory()
    for number, day in enumerate((5, 9, 7, 1)):
        make.DevelopmentFactory(headline=f"No. {number}", process=process, occurred_on=dt.date(2025, 2, day))
    assert titles(follow()) == ["No. 3", "No. 2", "No. 1"]


def test_it_is_asked_again_at_little_cost(follow, word):
    for address in (follow(), follow("calendar.ics")):
        response = Client().get(address)
        for header, value in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
            again = Client().get(address, headers={header: response[value]})
            assert again.status_code == 304 and not again.content
        make.DevelopmentFactory(process=word.process)
        again = Client().get(address, headers={"If-None-Match": response["ETag"]})
        assert again.status_code == 200 and again["ETag"] != response["ETag"]
        assert Client().head(address).status_code == 200


def test_an_empty_feed_is_a_feed(follow):
    response = Client().get(address := follow())
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(response.content)  # noqa: S314
    assert feed.findtext(f"{ATOM}id") and feed.findtext(f"{ATOM}updated").startswith("1970")
    assert Client().get(address).content == response.content


def test_its_address_stays_a_secret(follow, client, word):
    for address in (follow(), follow("calendar.ics")):
        secret = address.split("/")[2]
        response = Client().get(address)
        assert secret.encode() not in response.content
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex"
        assert not response.cookies
        assert secret not in str(Page(client, "/tokens/").soup)
        assert secret not in str(list(Token.objects.values()))


def test_it_opens_one_feed_and_nothing_else(follow, word):
    address = follow("timeline.atom", f"process={word.process.ref}")
    secret = address.split("/")[2]
    assert Client().get(f"/feeds/{secret}/calendar.ics").status_code == 404
    assert Client().get(f"{address}?process=").status_code == 400
    assert Client().get("/parties.csv", headers={"Authorization": f"Bearer {secret}"}).status_code == 401
    assert Client(enforce_csrf_checks=True).post(address).status_code in (403, 405)
    _, reading = Token.make(User.objects.get(username="alice"), "notebook")
    assert Client().get(f"/feeds/{reading}/timeline.atom").status_code == 404


def test_it_ends_when_it_is_revoked_or_its_owner_switched_off(follow, client, alice):
    address = follow()
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert Client().get(address).status_code == 404
    User.objects.filter(pk=alice.pk).update(is_active=True)
    assert Client().get(address).status_code == 200
    client.force_login(alice)
    client.post(f"/tokens/{Token.objects.get().pk}/revoke/")
    assert Client().get(address).status_code == 404


def test_it_shows_what_its_owner_may_see_when_it_is_read(follow, restricted_process, alice, bob):
    make.DevelopmentFactory(process=restricted_process, headline="Secret word")
    gone = make.DevelopmentFactory(process=restricted_process, headline="Secret mistake")
    recording.withdraw(bob, Development.objects.get(pk=gone.pk), "Secret reason")
    of_bob, of_alice = follow(user=bob), follow()
    assert titles(of_alice) == ["Withdrawn: Secret mistake", "Secret word"]
    assert titles(of_bob) == []
    narrow = follow(query=f"process={restricted_process.ref}")
    restricted_process.members.remove(alice)
    assert titles(of_alice) == []
    refused = Client().get(narrow)
    assert refused.status_code == 400 and b"Secret" not in refused.content


def test_a_feed_of_what_its_owner_may_no_longer_see_does_not_tell_its_name(
    follow, client, restricted_process, alice
):
    item = make.DemandFactory(process=restricted_process, title="Secret demand")
    for followed in (restricted_process, make.ProcessFactory(title="Open talks")):
        follow(query=f"process={followed.ref}")
    follow(query=f"item={item.ref}")
    names = ("Secret demand", restricted_process.title, "Open talks")
    assert [name for name in names if name in client.get("/tokens/").text] == [*names]
    restricted_process.members.remove(alice)
    assert [name for name in names if name in client.get("/tokens/").text] == ["Open talks"]
    of_process = Token.objects.get(path__contains=restricted_process.ref)
    assert restricted_process.title not in client.post(f"/tokens/{of_process.pk}/revoke/", follow=True).text


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [("kind=gossip", 400, "kind"), ("process=nobody", 400, "process"), ("since=soon", 400, "since")],
)
def test_filters_that_cannot_be_read_make_no_feed(client, alice, query, status, said):
    client.force_login(alice)
    response = client.post("/feeds/", {"feed": "timeline.atom", "query": query})
    assert response.status_code == status and said in response.content.decode()
    assert client.post("/feeds/", {"feed": "gossip.atom"}).status_code == 404
    assert not Token.objects.exists()


def test_a_feed_follows_a_record_through_its_renaming(follow, word, alice):
    address = follow(query="party=Ruritania")
    word.party.name = "Graustark"
    recording.save(alice, word.party)
    make.PartyFactory(name="Ruritania")
    assert "It will not be opened" in titles(address)


def test_the_calendar_is_the_same_as_for_those_signed_in(follow, client, alice):
    due = {"status": "promised", "due_on": dt.date(2025, 3, 1), "due_precision": "day"}
    make.FollowUpFactory(title="Send the text", effect=due)
    address = follow("calendar.ics")
    assert "Send the text" in Client().get(address).content.decode()
    client.force_login(alice)
    assert Client().get(address).content == client.get("/calendar.ics").content
    for page in ("/follow-ups/", f"/processes/{Development.objects.get().process.ref}/follow-ups/"):
        (form,) = Page(client, page).soup.select("form.follow")
        assert form.select_one("[name=feed]")["value"] == "calendar.ics"


def test_a_feed_costs_the_same_for_few_and_many(follow, word):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(address).status_code == 200
        return len(queries)

    address = follow()
    cost()
    few = cost()
    for _ in range(5):
        make.CitationFactory(development={"process": word.process})
        make.EffectFactory(item=word.effects.get().item)
    assert cost() == few


def test_the_latest_come_first_whatever_their_keys(follow):
    recorded_on({"Third": "2025-03-03", "First": "2025-03-01", "Second": "2025-03-02"})
    assert titles(follow()) == ["Third", "Second", "First"]
