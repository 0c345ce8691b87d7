"""What the start page lists as due, which is stored in the present and follows from the rule at other moments."""

import datetime as dt

import pytest

from tests import factories as make
from tests.models.test_deadlines import at, listed
from tests.pages.ledger.owing import due, owe
from tracker.clocks import PRESENT, Clocks
from tracker.models import Effect
from tracker.models.past import reading
from tracker.queries.dues import dues
from tracker.recording.timestamps import one_instant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _recorded_in_march(clock):
    clock("2025-03-01T12:00Z")


def test_the_home_page_lists_a_talk_until_it_has_ended(clock):
    talks = [
        make.TalkFactory(effect={"status": status} | due("2025-03-05"))
        for status in ("scheduled", "broken_off")
    ]
    clock("2025-03-06T12:00Z")
    assert [[item.pk for item in part] for part in listed(at(on="2025-03-05"))] == [[], [talks[0].pk]]
    assert [[item.pk for item in part] for part in listed(at(on="2025-03-06"))] == [[talks[0].pk], []]


def test_the_home_page_lists_the_most_pressing_first(clock):
    items = [owe(text, title=text) for text in ("soon", "2025-03-04", "2025-03-03", "2025-06-02", "2025-06")]
    make.FollowUpFactory(effect={"status": "promised", "due_phrase": ""})
    later = owe("2025-04-03", title="2025-04-03", process=items[0].process)
    clock("2025-04-02T12:00Z")
    for clocks in (PRESENT, at(on="2025-04-02")):
        assert [[item.title for item in part] for part in listed(clocks)] == [
            ["2025-03-03", "2025-03-04", "soon"],
            [later.title, "2025-06", "2025-06-02"],
        ]
        assert [len(part) for part in dues(make.UserFactory(), clocks, 2)] == [2, 2]


def test_the_home_page_lists_what_is_due_on_one_day_in_one_order_at_every_moment():
    for review in (dt.date(2025, 5, 2), None, dt.date(2025, 5, 1)):
        make.FollowUpFactory(effect={"status": "promised", "review_on": review} | due("2025-06-02"))
    assert len(listed()[1]) == 3 and listed()[1] == listed(at(on="2025-03-01"))[1]


def test_what_is_stored_is_listed_as_the_rule_has_it_whatever_a_date_can_mean(clock):
    texts = [
        "2025-02-28", "2025-03-10", "2025-03-11", "about 2025-03-09", "before 2025-03-10", "before 2025-03-11",
        "after 2025-01-02", "after 2024-01-02", "2025-02", "2025-03", "2025-04", "about 2025-02", "about 2025-03",
        "2024", "2025", "about 2024", "about 2025", "between 5 Jan and 9 Mar 2025", "between 5 Jan and 1 Apr 2025",
        "between 5 Jan 2024 and 10 Mar 2025",
    ]  # fmt: skip
    with one_instant():
        items = [owe(text, title=text) for text in texts]
        for review in ("2025-03-09", "2025-03-10", "2025-03-11"):
            phrase = {"due_phrase": "soon", "review_on": dt.date.fromisoformat(review)}
            items.append(make.FollowUpFactory(title=review, effect={"status": "promised"} | phrase))
        make.TalkFactory(effect={"status": "held"} | due("2025-03-12"))
    clock("2025-03-10T12:00Z")
    reader = make.UserFactory()

    def titles(clocks, limit):
        with reading(clocks.known):
            return [[item.title for item in part] for part in dues(reader, clocks, limit)]

    for limit in (1, 3, 5, 30):
        assert titles(PRESENT, limit) == titles(at(on="2025-03-10"), limit)
    late, coming = titles(PRESENT, 30)
    assert len(late) + len(coming) == len(items) and "2025-03-10" in coming and "before 2025-03-10" in late
    clock("2025-03-20T12:00Z")
    for item in items[::2]:
        make.DevelopmentFactory(process=item.process, effects=[Effect(item=item, status="done")])
    later = at(known="2025-03-10")
    for limit in (1, 3, 30):
        assert titles(later, limit) == titles(Clocks(on=dt.date(2025, 3, 10), known=later.known), limit)
    assert titles(later, 30) == [late, coming] and sum(map(len, titles(PRESENT, 30))) == len(items[1::2])
