"""Search at an instant of the past: by the words on record then, for ever in the same bytes."""

import datetime as dt
import json

import pytest
from bs4 import BeautifulSoup

from tests import factories as make
from tests.examples import is_thorough
from tests.over_the_register.makers import MAKERS
from tracker import recording
from tracker.clocks import instant_iso
from tracker.models import (
    VERSIONS,
    Demand,
    Development,
    Effect,
    Process,
    RecordName,
    SearchEntry,
    derived,
    names_rebuilt,
    search_entries,
)
from tracker.recording import versions
from tracker.recording.timestamps import last_instant
from tracker.search import page as search_page

pytestmark = pytest.mark.django_db

ADDRESSES = ("/search/", "/search.csv", "/search.json", "/search/suggestions/")


@pytest.fixture
def desk(client, alice):
    """The browser of an analyst."""
    client.force_login(alice)
    return client


@pytest.fixture(autouse=True)
def begun(clock):
    clock("2025-02-20T10:00Z")


@pytest.fixture
def later(clock):
    """Returns the last instant, and lets the next recording be a day after it."""
    days = iter(range(21, 29))

    def turn():
        known = instant_iso(last_instant())
        clock(f"2025-02-{next(days)}T10:00Z")
        return known

    return turn


def names(client, query, **asked):
    """What the file has, which is what the page and the other file have."""
    rows = json.loads(sent(client, "/search.json", query, **asked))
    page = BeautifulSoup(sent(client, "/search/", query, **asked), "lxml")
    found = [row["name"] for row in rows]
    assert [link.get_text() for link in page.select(".hit-name a")] == found[: search_page.PAGE_SIZE]
    assert sent(client, "/search.csv", query, **asked).count("\n") == len(found) + 1
    return found


def offered(client, query, **asked):
    """What the box offers for the letters typed."""
    page = BeautifulSoup(sent(client, "/search/suggestions/", query, **asked), "lxml")
    return [link.get_text(" ", strip=True) for link in page.select("a")]


def sent(client, address, query, **asked):
    # Whoever may not see all is led to the last instant of what they may see.
    response = client.get(address, {"q": query, **asked}, follow=True)
    assert response.status_code == 200, response.getvalue()
    return response.getvalue().decode().replace("\r\n", "\n")


def told(client, known, *queries):
    """All that is sent at an instant, for a comparison with what is sent later."""
    found = {}
    for address in ADDRESSES:
        for query in queries:
            text = sent(client, address, query, known=known)
            found[address, query] = text.partition("<main")[2].partition("</main>")[0] or text
    return found


def save(by, record, **values):
    for name, value in values.items():
        setattr(record, name, value)
    recording.save(by, record)


@pytest.mark.both
def test_a_record_is_found_by_the_name_that_it_had(desk, bob, later):
    party = make.PartyFactory(name="Walrusland", aliases=["Odobenia"])
    make.DemandFactory(title="Ice", party=party)
    then = later()
    save(bob, party, name="Narwhalia", aliases=[])
    now = later()
    for known, old, new in (
        ({"known": then}, ["Walrusland"], []),
        ({"known": now}, [], ["Narwhalia"]),
        ({}, [], ["Narwhalia"]),
    ):
        assert names(desk, "walrus", **known) == names(desk, "odobenia", **known) == old
        assert names(desk, "narwhal", **known) == new
        assert bool(offered(desk, "walr", **known)) == bool(old)
        assert bool(offered(desk, "narw", **known)) == bool(new)
        options = [
            sent(desk, "/options/party/", query, **known) for query in ("walrus", "narwhal", "odobenia")
        ]
        assert ["<option" in each for each in options] == [bool(old), bool(new), bool(old)]
        for name, found in (("Walrusland", old), ("Odobenia", old), ("Narwhalia", new)):
            answer = desk.get("/demands.csv", {"party": name, **known})
            assert (answer.status_code == 200 and "Ice" in answer.getvalue().decode()) == bool(found), name


def test_what_was_deleted_since_is_found_and_what_was_recorded_since_is_not(desk, bob, later):
    party = make.PartyFactory(name="Walrusland")
    then = later()
    recording.delete(bob, party)
    make.PartyFactory(name="Walrus Islands")
    make.DevelopmentFactory(headline="A walrus comes", occurred_on=dt.date(2025, 2, 10))
    later()
    assert names(desk, "walrus", known=then) == ["Walrusland"]
    assert {*names(desk, "walrus")} == {"Walrus Islands", "A walrus comes"}
    assert "Walrusland" in sent(desk, "/options/party/", "walrus", known=then)
    assert "Walrusland" not in sent(desk, "/options/party/", "walrus")


def test_a_text_that_was_replaced_is_found_by_those_alone_who_may_read_it(client, desk, carol, bob, later):
    source = make.SourceFactory(title="Communique", publisher="Gazette", text="They spoke of the walrus.")
    then = later()
    save(bob, source, text="They spoke of the narwhal.")
    later()
    assert names(desk, "walrus", known=then) == ["Gazette: Communique"] == names(desk, "narwhal")
    assert names(desk, "narwhal", known=then) == [] == names(desk, "walrus")
    assert "of the <mark>walrus</mark>" in sent(desk, "/search/", "walrus", known=then)
    assert "Communique" not in sent(desk, "/options/source/", "walrus", known=then)
    client.force_login(carol)
    for known in ({"known": then}, {}):
        assert names(client, "walrus", **known) == names(client, "narwhal", **known) == []
        assert names(client, "communique", **known) == ["Gazette: Communique"]
        assert "spoke" not in "".join(sent(client, address, "communique", **known) for address in ADDRESSES)


def test_a_process_restricted_since_is_found_by_its_members_alone(client, desk, alice, carol, bob, later):
    process = make.ProcessFactory(title="Walrus talks")
    for name in ("talk", "demand", "development", "assessment", "delegation"):
        MAKERS[name](process)
    demand = make.DemandFactory(process=process, title="Walrus ice")
    then = later()
    recording.save(bob, Process.objects.get(pk=process.pk), {"members": [alice]})
    save(bob, Process.objects.get(pk=process.pk), restricted=True)
    later()
    assert {*names(desk, "walrus", known=then)} == {"Walrus talks", "Walrus ice"}
    client.force_login(carol)
    for known in ({"known": then}, {}):
        assert names(client, "walrus", **known) == offered(client, "walrus", **known) == []
        assert names(client, demand.title, **known) == []
        assert "Walrus" not in sent(client, "/options/item/", "walrus", **known)
        assert client.get("/search/", {"q": process.ref, **known}, follow=True).status_code == 200


def test_hits_of_the_past_stand_by_day_then_id_whatever_follows(desk, bob, later, monkeypatch):
    monkeypatch.setattr(search_page, "MOST", 4)
    monkeypatch.setattr(search_page, "PAGE_SIZE", 2)
    said = [
        make.DevelopmentFactory(headline=f"Walrus of {day}", occurred_on=dt.date(2025, 2, day))
        for day in (3, 9, 5)
    ]
    parties = [make.PartyFactory(name=f"Walrus {'walrus ' * count}{count}") for count in range(3)]
    then = later()
    first = sorted(parties, key=lambda party: party.ref)[0]
    expected = ["Walrus of 9", "Walrus of 5", "Walrus of 3", first.name]
    rows = json.loads(sent(desk, "/search.json", "walrus", known=then))
    assert [row["name"] for row in rows] == [" ".join(name.split()) for name in expected]
    pages = [
        BeautifulSoup(sent(desk, "/search/", "walrus", known=then, page=number), "lxml") for number in (1, 2)
    ]
    shown = [link.get_text() for page in pages for link in page.select(".hit-name a")]
    assert shown == [row["name"] for row in rows]
    assert "Only the latest 4 results" in pages[0].get_text()
    before = told(desk, then, "walrus")
    for number in range(5):
        make.DevelopmentFactory(headline=f"Walrus walrus {number}", occurred_on=dt.date(2025, 2, 19))
        make.PartyFactory(name=f"Walrus of old {number}")
    save(bob, parties[0], name="Narwhalia")
    recording.withdraw(bob, said[0], "Not so")
    later()
    assert told(desk, then, "walrus") == before
    derived.rebuild()
    assert told(desk, then, "walrus") == before


def test_the_texts_of_a_talk_are_found_together_as_they_stood_together(desk, bob, later):
    """They lie in two tables, each with versions of its own."""
    talk = make.TalkFactory(title="Alpha", place="Beta", note="Gamma")
    instants = [later()]
    for values in ({"place": "Delta"}, {"title": "Epsilon"}, {"note": "Zeta", "place": "Beta"}):
        save(bob, talk, **values)
        instants.append(later())
    # A development changes how it stands, and no word of it.
    make.DevelopmentFactory(process=talk.process, effects=[Effect(item=talk.item, status="cancelled")])
    instants.append(later())
    words = [
        {"alpha", "beta", "gamma"},
        {"alpha", "delta", "gamma"},
        {"epsilon", "delta", "gamma"},
        {"epsilon", "beta", "zeta"},
        {"epsilon", "beta", "zeta"},
    ]
    queries = {" ".join(sorted(each)) for each in words}
    for _ in range(2):
        for known, held in zip(instants, words, strict=True):
            for query in queries:
                found = json.loads(sent(desk, "/search.json", query, known=known, kind="talk"))
                assert bool(found) == ({*query.split()} == held), (known, query)
        assert SearchEntry.objects.filter(record_type="talk", record_id=talk.pk).count() == 4
        assert derived.rebuild()["words"]
    assert [*search_entries.mismatches(), *names_rebuilt.mismatches()] == []


def test_a_rebuild_writes_what_the_past_is_found_by(desk, bob, alice, later):
    party = make.PartyFactory(name="Walrusland", aliases=["Odobenia"])
    source = make.SourceFactory(title="Walrus watch", text="Of the manatee")
    demand = make.DemandFactory(title="Walrus ice", party=party)
    gone = make.PersonFactory(name="Wanda Walrus")
    then = later()
    save(bob, party, name="Narwhalia", aliases=["Monodontia"])
    save(bob, source, text="Of the dugong", title="Narwhal watch")
    save(bob, Demand.objects.get(pk=demand.pk), title="Narwhal ice")
    recording.delete(bob, gone)
    between = later()
    save(bob, party, name="Walrusland", aliases=["Odobenia"])
    last = later()
    queries = ("walrus", "odobenia", "narwhal", "manatee", "dugong", "monodontia", "wanda")
    offered = {
        "party": ("walrus", "monodontia"),
        "person": ("wanda",),
        "item": ("walrus", "narwhal"),
        "source": ("narwhal", "manatee"),
    }
    lists = [f"/options/{name}/?q={query}" for name, asked in offered.items() for query in asked]
    lists += [f"/demands.csv?party={name}" for name in ("Narwhalia", "Walrusland", "Odobenia")]

    addresses = ADDRESSES[2:] if is_thorough() else ADDRESSES[2:3]

    def everything():
        for known in (then, between, last):
            # That the page and the other file have the same is asked elsewhere.
            yield [sent(desk, address, query, known=known) for address in addresses for query in queries]
            joined = (f"{address}{'&' if '?' in address else '?'}known={known}" for address in lists)
            yield [
                b"".join(answer) if (answer := desk.get(each)).streaming else answer.content
                for each in joined
            ]

    before = list(everything())
    assert [*search_entries.mismatches(), *names_rebuilt.mismatches()] == []
    count, ended = (
        SearchEntry.objects.count(),
        SearchEntry.objects.filter(known_until__lt="9999-01-01T00:00Z"),
    )
    assert ended.count() >= 6
    # As after a release that knew no words and names of the past.
    SearchEntry.objects.all().delete(), RecordName.objects.all().delete()
    VERSIONS[RecordName].objects.all().delete()
    assert list(search_entries.mismatches()) and list(names_rebuilt.mismatches())
    derived.rebuild()
    assert list(everything()) == before
    assert SearchEntry.objects.count() == count
    assert [*search_entries.mismatches(), *names_rebuilt.mismatches()] == []
    assert versions.mismatches(RecordName) == 0
    save(bob, party, name="Belugia")
    assert [*search_entries.mismatches(), *names_rebuilt.mismatches()] == []


def test_a_corrected_development_is_found_by_the_words_of_its_version(desk, bob, later):
    old = make.DevelopmentFactory(headline="The walrus insists")
    then = later()
    content = {name: getattr(old, name) for name in Development.CONTENT} | {"headline": "The narwhal insists"}
    recording.correct(bob, old, Development(**content), [], [], "recoded")
    later()
    assert names(desk, "walrus", known=then) == ["The walrus insists"]
    assert "The walrus insists" in sent(desk, "/options/development/", "walrus", known=then)
    assert names(desk, "walrus") == names(desk, "narwhal", known=then) == []
    assert versions.mismatches(RecordName) == 0
    assert [*search_entries.mismatches(), *names_rebuilt.mismatches()] == []
