"""The order of the agreement grid and whom a principle binds, on either side of the clocks."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.db.models import prefetch_related_objects
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.corrections import correct
from tracker import recording
from tracker.clocks import PRESENT, Clocks
from tracker.models import Effect, Principle
from tracker.models.past import reading
from tracker.queries.agreements import (
    count_agreement,
    group_by_talk,
    keys_of,
    number_bound,
    principle_agreements,
)
from tracker.recording.timestamps import last_instant

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def process(clock):
    clock("2025-03-10T12:00Z")
    return make.ProcessFactory()


def talked(process, title, day, **sets):
    """A talk first proposed on 1 January, of which something was said on `day` of February."""
    talk = make.TalkFactory(
        process=process,
        title=title,
        effect={"status": "proposed"},
        development={"occurred_on": dt.date(2025, 1, 1)},
    )
    effects = [Effect(item=talk, **sets)]
    make.DevelopmentFactory(process=process, occurred_on=dt.date(2025, 2, day), effects=effects)
    return talk


def titles(process, clocks=PRESENT, talk=None):
    return [point.principle.title for point in principle_agreements(keys_of(process, clocks, talk), clocks)]


def test_the_talk_whose_status_was_set_last_comes_first_and_no_talk_last(process):
    held = talked(process, "Held", 10, status="held")
    older = talked(process, "Older", 5, status="held")
    # What is said of a talk afterwards does not move it.
    make.DevelopmentFactory(
        process=process, occurred_on=dt.date(2025, 3, 1), effects=[Effect(item=older, wording="As it was.")]
    )
    for title, number, talk in (
        ("Stray", 1, None), ("Zebra", None, held), ("Aardvark", None, held), ("Second", 2, held), ("First", 1, held),
        ("Earlier", 1, older),
    ):  # fmt: skip
        make.PrincipleFactory(process=process, talk=talk, number=number, title=title)
    make.PrincipleFactory(title="Elsewhere")
    expected = ["First", "Second", "Aardvark", "Zebra", "Earlier", "Stray"]
    assert (
        titles(process)
        == titles(process, Clocks(known=dt.datetime(2025, 3, 10, 23, tzinfo=dt.UTC)))
        == expected
    )
    assert titles(process, talk=held) == expected[:4]
    groups = group_by_talk(principle_agreements(keys_of(process, PRESENT), PRESENT))
    assert [(group.talk, len(group.points)) for group in groups] == [(held, 4), (older, 1), (None, 1)]


def test_a_talk_without_a_status_is_placed_by_when_it_was_raised(process):
    talks = {}
    for title, day in (("Early", 3), ("Late", 5)):
        raised = {"occurred_on": dt.date(2025, 2, day)}
        effect = {"status": None, "wording": "They would meet."}
        talks[title] = make.TalkFactory(process=process, effect=effect, development=raised)
        make.PrincipleFactory(process=process, talk=talks[title], title=title)
    later = [Effect(item=talks["Early"], wording="They will meet.")]
    make.DevelopmentFactory(process=process, occurred_on=dt.date(2025, 3, 1), effects=later)
    assert titles(process) == ["Late", "Early"]


def test_talks_of_one_day_stay_apart_and_one_that_is_not_on_record_yet_is_none(process):
    talks = [talked(process, title, 10, status="held") for title in ("Morning", "Evening")]
    early = {"occurred_on": dt.date(2024, 12, 1)}
    for number, talk in ((2, talks[0]), (1, talks[1]), (4, talks[0]), (3, talks[1]), (5, None)):
        make.PrincipleFactory(
            process=process, talk=talk, number=number, title=f"No. {number}", development=early
        )
    assert titles(process) == ["No. 2", "No. 4", "No. 1", "No. 3", "No. 5"]
    before = Clocks(on=dt.date(2024, 12, 31))
    assert titles(process, before) == [f"No. {number}" for number in range(1, 6)]
    (group,) = group_by_talk(principle_agreements(keys_of(process, before), before))
    assert group.talk is None


def test_a_principle_is_there_from_the_day_on_which_it_was_raised(process):
    for day in (10, 12):
        occurred = {"occurred_on": dt.date(2025, 2, day)}
        make.PrincipleFactory(process=process, title=f"Of the {day}th", development=occurred)
    for day, expected in (
        (9, []),
        (10, ["Of the 10th"]),
        (11, ["Of the 10th"]),
        (12, ["Of the 10th", "Of the 12th"]),
    ):
        assert titles(process, Clocks(dt.date(2025, 2, day))) == expected


def test_parties_that_are_bound_come_first_each_by_name(process):
    parties = {name: make.PartyFactory(name=name) for name in ("Ruritania", "Graustark", "Borduria", "Aland")}
    bound = [parties["Ruritania"], parties["Graustark"]]
    principle = make.PrincipleFactory(process=process, parties=bound)
    for name in ("Borduria", "Aland", "Ruritania"):
        effects = [Effect(item=principle, stance="affirms")]
        make.DevelopmentFactory(process=process, party=parties[name], effects=effects)
    (group,) = group_by_talk(principle_agreements(keys_of(process, PRESENT), PRESENT))
    assert [party.name for party in group.parties] == ["Graustark", "Ruritania", "Aland", "Borduria"]
    (point,) = group.points
    assert [(say.party.name, say.bound, say.word is not None) for say in point.words.values()] == [
        ("Aland", False, True), ("Borduria", False, True), ("Graustark", True, False), ("Ruritania", True, True),
    ]  # fmt: skip
    assert point.agreement == count_agreement(principle, PRESENT).agreement == "claimed_by_one_side"
    assert point.claim == principle.effects.get(status="claimed")


def test_a_principle_binds_a_party_from_the_instant_at_which_that_was_recorded(process, clock, bob):
    first = make.PartyFactory(name="Aland")
    principle = make.PrincipleFactory(process=process, parties=[first])
    effects = [Effect(item=principle, stance="affirms")]
    make.DevelopmentFactory(process=process, party=first, effects=effects)
    clock("2025-03-11T12:00Z")
    second = make.PartyFactory(name="Borduria")
    recording.save(bob, principle, {"parties": [first, second]})
    then = Clocks(known=last_instant())
    before = Clocks(known=last_instant() - dt.datetime.resolution)
    for clocks, agreement, number in ((then, "claimed_by_one_side", 2), (before, "confirmed_by_all", 1)):
        with reading(clocks.known):
            read = type(principle).objects.get(pk=principle.pk)
            assert count_agreement(read, clocks).bound == number
            assert count_agreement(read, clocks).agreement == agreement
            (point,) = principle_agreements([principle.pk], clocks)
            assert point.agreement == agreement and len(point.words) == number


def test_how_many_a_principle_binds_is_counted_by_the_database_alike(process, clock):
    first = make.PartyFactory()
    parties = {"Nobody": [], "One": [first], "Two": [first, make.PartyFactory()]}
    for title, bound in parties.items():
        make.PrincipleFactory(process=process, title=title, parties=bound)
    before = Clocks(known=first.recorded_at)
    for clocks, numbers in ((PRESENT, (0, 1, 2)), (before, (0, 1, 1))):
        rows = Principle.objects.annotate(bound=number_bound(clocks)).order_by("title")
        assert tuple(rows.values_list("bound", flat=True)) == numbers


def test_whom_another_principle_binds_and_what_is_said_of_it_does_not_count(process):
    bound, other = make.PartyFactory(), make.PartyFactory()
    principle = make.PrincipleFactory(process=process, parties=[bound])
    elsewhere = make.PrincipleFactory(process=process, parties=[bound, other])
    for item, party, stance in (
        (principle, bound, "affirms"), (principle, other, "rejects"), (elsewhere, bound, "rejects"),
    ):  # fmt: skip
        make.DevelopmentFactory(process=process, party=party, effects=[Effect(item=item, stance=stance)])
    assert count_agreement(principle, PRESENT).agreement == "confirmed_by_all"


def test_what_counts_instead_of_the_latest_stance(process):
    principle = make.PrincipleFactory(process=process)
    party = principle.parties.first()
    for basis, stance in (("own_words", "affirms"), ("paraphrase", "rejects")):
        effects = [Effect(item=principle, stance=stance)]
        make.DevelopmentFactory(process=process, party=party, basis=basis, effects=effects)
    summed = count_agreement(principle, PRESENT)
    prefetch_related_objects([principle], "parties")
    with CaptureQueriesContext(connection) as queries:
        assert keys_of(process, PRESENT) == [principle.pk]
        count_agreement(principle, PRESENT)
    # What is sorted or looked up afterwards need not be sorted before.
    assert not [query["sql"] for query in queries if re.search(r"ORDER BY[^()]+$", query["sql"])]
    counting, latest = (principle.effects.get(stance=stance) for stance in ("affirms", "rejects"))
    assert summed.outranking(latest) == counting
    assert summed.outranking(counting) is summed.outranking(None) is None


def test_neither_a_refusal_dated_before_the_claim_nor_a_later_status_is_the_claim(process):
    principle = make.PrincipleFactory(process=process)
    claim = correct(principle.effects.get(status__isnull=False).development, headline="They agreed")
    for day, sets in (
        (dt.date(2024, 1, 1), {"stance": "rejects", "party": principle.parties.first()}),
        (dt.date(2025, 3, 1), {"status": "agreed"}),
    ):
        make.DevelopmentFactory(process=process, occurred_on=day, effects=[Effect(item=principle, **sets)])
    (point,) = principle_agreements([principle.pk], PRESENT)
    assert point.claim == claim.effects.get()
