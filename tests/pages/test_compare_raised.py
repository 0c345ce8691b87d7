"""Changes of a period in which items were raised, and in which something was said that touched none."""

import datetime as dt

import pytest

from tests import factories as make
from tests.pages.reading import Page
from tests.pages.test_compare import address_of, lines
from tracker.recording.timestamps import one_instant

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client, carol):
    """A viewer's browser."""
    client.force_login(carol)
    return client


PERIOD = {"from": "2025-02-17", "to": "2025-03-01"}
LATER = {"occurred_on": dt.date(2025, 2, 25)}


@pytest.mark.parametrize(
    ("maker", "status"),
    [
        (make.TalkFactory, "held"),
        (make.TalkFactory, "cancelled"),
        (make.DemandFactory, "rejected"),
        (make.FollowUpFactory, "done"),
        (make.PrincipleFactory, "abandoned"),
    ],
)
def test_what_is_first_on_record_as_ended_is_new_and_not_closed(reader, maker, status):
    item = maker(effect={"status": status})
    page = Page(reader, f"{address_of(item.process)}?from=2025-02-17&to=2025-03-01")
    assert page.texts("section.moves h3") == ["New"] and len(page.texts(".moved")) == 1
    rows = lines(reader, address_of(item.process), **PERIOD)
    assert {row["change"] for row in rows} == {"new"}
    # What was there before, and has ended since, is closed.
    make.EffectFactory(item=make.DemandFactory(process=item.process), status="met", development=LATER)
    rows = lines(reader, address_of(item.process), **{"from": "2025-02-18", "to": "2025-03-01"})
    assert [row["change"] for row in rows if row["new"] == "met"] == ["closed"]


def test_what_was_raised_and_moved_in_one_period_is_one_entry_with_all_of_it(reader):
    party = make.PartyFactory(name="Ruritania")
    demand = make.DemandFactory(
        title="Grain", party=party, effect={"status": "open", "firmness": "signalled"}
    )
    make.EffectFactory(item=demand, status="rejected", firmness="red_line", development=LATER)
    make.EffectFactory(item=demand, stance="rejects", party=party, development=LATER)
    page = Page(reader, f"{address_of(demand.process)}?from=2025-02-17&to=2025-03-01")
    assert page.texts("section.moves h3") == ["New"]
    (entry,) = page.texts(".moved")
    assert all(words in entry for words in ("Rejected", "Red line", "Ruritania Rejects"))
    rows = lines(reader, address_of(demand.process), **PERIOD)
    assert [(row["change"], row["aspect"], row["new"]) for row in rows] == [
        ("new", "status", "rejected"),
        ("new", "firmness", "red_line"),
        ("new", "stance", "rejects"),
    ]


def test_an_item_that_had_no_status_and_got_one_that_ends_it_is_closed(reader):
    party = make.PartyFactory(name="Ruritania")
    talk = make.TalkFactory(effect={"status": None, "stance": "affirms", "party": party})
    make.EffectFactory(item=talk, status="held", development=LATER)
    rows = lines(reader, address_of(talk.process), **{"from": "2025-02-18", "to": "2025-03-01"})
    assert [(row["change"], row["aspect"]) for row in rows] == [("closed", "status")]


def two_talks(process):
    """Talks of 1 February and 1 March."""
    return [
        make.TalkFactory(
            process=process,
            title=title,
            effect={"status": "held"},
            development={"occurred_on": dt.date(2025, *day)},
        )
        for title, day in (("First", (2, 1)), ("Second", (3, 1)))
    ]


def test_between_two_talks_a_new_item_stands_where_it_was_raised(reader):
    process = make.ProcessFactory()
    first, second = two_talks(process)
    raised = {"occurred_on": dt.date(2025, 2, 10)}
    demand = make.DemandFactory(
        process=process, effect={"status": "open", "firmness": None}, development=raised
    )
    at_second = {"occurred_on": dt.date(2025, 3, 1), "talk": second}
    make.EffectFactory(item=demand, firmness="red_line", development=at_second)
    rows = lines(reader, address_of(process), **{"from": first.ref, "to": second.ref})
    of_demand = [
        (row["change"], row["between"], row["aspect"]) for row in rows if row["item_id"] == demand.ref
    ]
    assert of_demand == [("new", "true", "status"), ("new", "true", "firmness")]


def test_what_moved_in_a_talk_is_told_apart_from_what_moved_between_the_two(reader):
    process, party = make.ProcessFactory(), make.PartyFactory()
    first, second = two_talks(process)
    third = make.TalkFactory(process=process, title="Third")
    effect = {"status": "open", "firmness": "signalled", "stance": "affirms", "party": party}
    demand = make.DemandFactory(
        process=process, effect=effect, development={"occurred_on": dt.date(2025, 1, 10)}
    )
    changes = (
        ("status", "under_discussion", second),
        ("firmness", "stated", third),
        ("stance", "rejects", None),
    )
    for aspect, value, talk in changes:
        said = {"occurred_on": dt.date(2025, 2, 20), "talk": talk}
        make.EffectFactory(item=demand, party=party, development=said, **{"status": None, aspect: value})
    rows = lines(reader, address_of(process), **{"from": first.ref, "to": second.ref})
    told = {row["aspect"]: row["between"] for row in rows if row["item_id"] == demand.ref}
    assert told == {"status": "false", "firmness": "true", "stance": "true"}
    # Of what nothing was said since, only what was spoken of in the first talk is missing from the second.
    at_first = {"occurred_on": dt.date(2025, 2, 1), "talk": first}
    spoken_of, elsewhere = (
        make.DemandFactory(process=process, development=said)
        for said in (at_first, {"occurred_on": dt.date(2025, 2, 1)})
    )
    rows = lines(reader, address_of(process), **{"from": first.ref, "to": second.ref})
    unmentioned = {row["item_id"] for row in rows if row["change"] == "not_mentioned"}
    assert spoken_of.ref in unmentioned and elsewhere.ref not in unmentioned
    # Between two days that are not those of talks there is nothing to tell apart.
    rows = lines(reader, address_of(process), **{"from": "2025-02-01", "to": "2025-03-01"})
    assert {row["between"] for row in rows} <= {"", "false"}


def others(client, process, **query):
    """What the page and the file tell of developments that touched no item."""
    said = "&".join(f"{name}={value}" for name, value in query.items())
    page = Page(client, f"{address_of(process)}?{said}")
    named = [
        row["new"] for row in lines(client, address_of(process), **query) if row["change"] == "no_effect"
    ]
    assert page.texts("section:has(#others) .headline") == named
    return named


def test_what_touched_no_item_is_told_too(reader, clock):
    clock("2025-03-20T10:00Z")
    process = make.DemandFactory().process
    for headline, day in (
        ("Before", (2, 17)),
        ("Of the day", (2, 18)),
        ("A month", (3, 1)),
        ("After", (3, 11)),
    ):
        make.DevelopmentFactory(process=process, headline=headline, occurred_on=dt.date(2025, *day))
    make.DevelopmentFactory(headline="Elsewhere", occurred_on=dt.date(2025, 3, 1))
    assert others(reader, process, **{"from": "2025-02-17", "to": "2025-03-10"}) == ["Of the day", "A month"]
    assert others(reader, process, **{"from": "2025-02-18", "to": "2025-03-10"}) == ["A month"]
    assert others(reader, process, **{"from": "before 2025-02-18", "to": "2025-02-18"}) == ["Of the day"]
    # By what was known on 28 February none of them was on record.
    known = {"from": "2025-02-17", "to": "2025-03-10", "from_known": "2025-02-28", "to_known": "2025-02-28"}
    assert others(reader, process, **known) == []
    late = {"from": "2025-02-28", "to": "2025-03-10", "from_known": "2025-02-28"}
    assert others(reader, process, **late) == ["A month"]


def test_where_nothing_moved_and_something_was_said_the_page_does_not_call_it_nothing(reader):
    development = make.DevelopmentFactory(headline="They met the press", occurred_on=dt.date(2025, 2, 20))
    page = Page(reader, f"{address_of(development.process)}?from=2025-02-18&to=2025-02-21")
    assert "They met the press" in page.section("others") and "Nothing differs" not in page.text()


def test_what_touched_no_item_costs_the_same_however_much_there_was(reader):
    process = make.ProcessFactory()
    queries = set()
    for rows in (2, 40):
        with one_instant():
            for number in range(rows):
                make.DevelopmentFactory(
                    process=process, headline=f"Word {number}", occurred_on=dt.date(2025, 2, 20)
                )
        page = Page(reader, f"{address_of(process)}?from=2025-02-18&to=2025-02-21")
        queries.add(page.queries)
    assert len(queries) == 1
    assert len(page.texts("section:has(#others) .headline")) == 30
    assert "The last 30 of 42; the file has all." in page.section("others")
    rows = lines(reader, address_of(process), **{"from": "2025-02-18", "to": "2025-02-21"})
    assert len(rows) == 42


def test_a_talk_that_took_place_is_held_and_what_else_ended_reached_a_final_status(reader):
    process = make.ProcessFactory()
    for title, status in (("Border round", "held"), ("Second round", "cancelled")):
        talk = make.TalkFactory(process=process, title=title, effect={"status": "scheduled"})
        make.EffectFactory(item=talk, status=status, development=LATER)
    page = Page(reader, f"{address_of(process)}?from=2025-02-18&to=2025-03-01")
    assert page.texts("section.moves h3") == ["Held", "Reached a final status"]
    assert "Border round" in page.section("m-closed-held") and "Border round" not in page.section("m-closed")
    rows = lines(reader, address_of(process), **{"from": "2025-02-18", "to": "2025-03-01"})
    assert [row["change"] for row in rows] == ["closed", "closed"]
