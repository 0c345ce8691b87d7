"""The worked example: what an analyst finds in the record once the Riyadh talks are loaded."""

import datetime as dt
import re
import tomllib
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import TestCase

from tests.factories import UserFactory
from tracker.clocks import Clocks
from tracker.domain.standing import standings
from tracker.management.commands.load_example import RIYADH
from tracker.models import (
    Assessment,
    Change,
    Citation,
    Delegation,
    Demand,
    Development,
    Effect,
    FollowUp,
    Item,
    Party,
    Person,
    Principle,
    Process,
    Source,
    Talk,
    WatchPhrase,
)
from tracker.models.evidence import stands_in

ARTICLE = Path(__file__).resolve().parents[3] / "shared" / "data" / "riyadh-article.txt"
LONGEST_QUOTE = 90
RECORDS = [
    Assessment, Change, Citation, Delegation, Development, Effect, Item, Party, Person, Process, Source,
    WatchPhrase,
]  # fmt: skip


def load():
    """Load the example; return what the command prints."""
    out = StringIO()
    call_command("load_example", stdout=out)
    return out.getvalue()


def standing(ref, on=None):
    """How the item `ref` stands at the end of the day `on`, in full knowledge."""
    (found,) = standings(Item.objects.filter(ref=ref), Clocks(on=on)).values()
    return found


def stances(ref, on=None):
    """{party: stance} of the item `ref`."""
    return {str(party): effect.stance for party, effect in standing(ref, on).stances.items()}


def words(effect):
    """The words quoted for the development behind an effect."""
    return [citation.quote for citation in effect.development.citations.all()]


class RiyadhTest(TestCase):
    """What the record says once the Riyadh talks are loaded."""

    @classmethod
    def setUpTestData(cls):
        UserFactory(username="head", administrator=True)
        cls.printed = load()

    def seats(self, talk):
        return dict(Delegation.objects.filter(talk__ref=talk).values_list("party__name", "role"))

    def test_the_command_tells_what_it_made(self):
        assert re.search(r"^development +39 +0 +0 +0 +0$", self.printed, re.MULTILINE)
        assert re.search(r"^delegation +20 ", self.printed, re.MULTILINE)

    def test_processes_and_their_precedents(self):
        process = Process.objects.get(ref="prc-us-russia-ukraine")
        links = process.links.values_list("kind", "to_process__title")
        resets = {("precedent", f"US-Russia reset of {year}") for year in ("2001", "2009")}
        assert set(links) == resets
        for year in ("2001", "2009"):
            begun, ended = Development.objects.filter(process__title__endswith=year).order_by("sequence")
            assert begun.occurred.iso == year and not begun.occurred_inferred
            assert "strained" in ended.headline

    def test_talks_held_and_to_come(self):
        found = {talk.ref: (talk.current_status, talk.current_outcome) for talk in Talk.objects.all()}
        assert found == {
            "tlk-trump-putin-call": ("held", "not_reported"),
            "tlk-paris-2025-02-17": ("held", "no_agreement"),
            "tlk-riyadh-2025-02-18": ("held", "understanding"),
            "tlk-trump-putin-summit": ("proposed", None),
            "tlk-consultations-on-ukraine": ("proposed", None),
            "tlk-putin-zelenskyy": ("proposed", None),
            "tlk-talks-with-ukraine": ("proposed", None),
        }
        riyadh = Talk.objects.get(ref="tlk-riyadh-2025-02-18")
        assert (riyadh.length_phrase, riyadh.minutes) == ("more than four hours", None)
        assert riyadh.predecessor.ref == "tlk-trump-putin-call"

    def test_everybody_named_has_an_office(self):
        assert set(Person.objects.values_list("name", flat=True)) == {
            "Marco Rubio", "Sergei Lavrov", "Yury Ushakov", "Donald Trump", "Vladimir Putin",
            "Volodymyr Zelenskyy", "Michael Waltz", "Tammy Bruce", "Dmitry Peskov", "Maria Zakharova",
            "George W. Bush", "Barack Obama", "John Deni", "Jana Puglierin", "Mike Eckel", "Reid Standish",
        }  # fmt: skip
        assert not Person.objects.filter(offices=None).exists()
        assert Person.objects.get(aliases__icontains="Zeleneskyy").name == "Volodymyr Zelenskyy"

    def test_who_was_in_the_room_and_who_was_not(self):
        assert self.seats("tlk-riyadh-2025-02-18") == {
            "United States": "principal",
            "Russia": "principal",
            "Ukraine": "absent_affected",
            "European allies": "absent_affected",
            "European Union": "offered_later",
            "Turkey": "asked_to_join",
            "United Kingdom": "asked_to_join",
        }
        assert self.seats("tlk-talks-with-ukraine")["European Union"] == "asked_to_join"
        russia = Delegation.objects.get(ref="dlg-riyadh-russia")
        seated = {seat.person.name: (seat.capacity, str(seat.office)) for seat in russia.delegates.all()}
        assert seated == {
            "Sergei Lavrov": ("head", "Foreign Minister"),
            "Yury Ushakov": ("member", "Foreign policy adviser to the President"),
        }

    def test_four_principles_as_the_us_side_claims_them(self):
        numbered = Principle.objects.filter(number__isnull=False).order_by("number")
        assert [principle.number for principle in numbered] == [1, 2, 3, 4]
        for principle in numbered:
            assert principle.current_status == "claimed"
            assert principle.current_wording
            raised = standing(principle.ref).raised.development
            assert str(raised.speaker) == "Marco Rubio" and raised.speech_act == "claims_agreement"
            assert stances(principle.ref)["United States"] == "affirms"

    def test_missions_are_confirmed_with_reserve_beside_a_firmer_paraphrase(self):
        item = standing("pri-diplomatic-missions")
        (stance,) = [effect for party, effect in item.stances.items() if str(party) == "Russia"]
        assert stance.stance == "affirms_with_reserve"
        assert (stance.development.basis, str(stance.development.speaker)) == ("own_words", "Sergei Lavrov")
        assert words(stance) == ["practically agreed"]
        firmer = Effect.objects.filter(item=item.item, party__name="Russia", stance="affirms")
        assert {effect.development.basis for effect in firmer} == {"paraphrase", "reporters_summary"}

    def test_what_russia_says_of_the_other_principles(self):
        assert stances("pri-high-level-team")["Russia"] == "affirms_with_reserve"
        assert stances("pri-cooperation") == {"United States": "affirms"}
        assert stances("pri-staying-engaged")["Russia"] == "conditional"
        assert stances("pri-address-irritants") == {"United States": "affirms"}

    def test_every_demand_red_line_and_condition_with_its_speaker(self):
        raised = {
            demand.ref: (
                demand.party.name,
                str(standing(demand.ref).raised.development.speaker or ""),
                demand.kind,
                demand.current_firmness,
            )
            for demand in Demand.objects.all()
        }
        assert raised == {
            "dem-compounds-returned": ("Russia", "", "demand", "signalled"),
            "dem-no-nato-troops": ("Russia", "Sergei Lavrov", "demand", "red_line"),
            "dem-nato-disavow-2008": ("Russia", "Maria Zakharova", "demand", "stated"),
            "dem-ukraine-neutrality": ("Russia", "Maria Zakharova", "demand", "stated"),
            "dem-security-of-the-continent": ("Russia", "Dmitry Peskov", "precondition", "insisted"),
            "dem-nato-troops-offered": ("Western governments (unnamed)", "", "offer", "signalled"),
            "dem-european-defence-spending": ("United States", "", "demand", "insisted"),
            "dem-european-led-guarantee": ("United States", "Michael Waltz", "demand", "insisted"),
            "dem-seat-for-ukraine": ("Ukraine", "Volodymyr Zelenskyy", "demand", "stated"),
            "dem-seat-for-eu": ("Ukraine", "Volodymyr Zelenskyy", "demand", "stated"),
            "dem-seat-for-turkey": ("Ukraine", "Volodymyr Zelenskyy", "demand", "stated"),
            "dem-seat-for-uk": ("Ukraine", "Volodymyr Zelenskyy", "demand", "stated"),
        }

    def test_russia_softened_on_talking_to_zelenskyy(self):
        first, second = Effect.objects.filter(item__ref="tlk-putin-zelenskyy").order_by("happened_key")
        assert (str(first.development.occurred), first.stance) == ("before 18 Feb 2025", "rejects")
        assert (str(second.development.occurred), second.stance) == ("18 Feb 2025", "conditional")
        assert stances("tlk-putin-zelenskyy") == {"Russia": "conditional"}

    def test_ukraine_criticises_talks_without_it(self):
        assert stances("tlk-riyadh-2025-02-18")["Ukraine"] == "disputes"
        reaction = Development.objects.get(kind="reaction")
        assert (reaction.party.name, str(reaction.speaker)) == ("Ukraine", "Volodymyr Zelenskyy")

    def test_what_nato_promised_in_2008_and_who_is_against_it(self):
        promised = standing("fup-nato-membership")
        assert str(promised.raised.development.occurred) == "2008"
        assert promised.due.due_phrase == "one day"
        assert stances("fup-nato-membership") == {"NATO": "affirms", "Russia": "rejects"}
        assert stances("fup-nato-membership", on=dt.date(2025, 2, 17)) == {"NATO": "affirms"}

    def test_every_follow_up_with_its_phrase_and_what_it_waits_for(self):
        found = {
            item.ref: (item.current_status, item.current_due_phrase or "", str(item.waits_for or ""))
            for item in FollowUp.objects.all()
        }
        after = "after the US has named its representatives"
        assert found == {
            "fup-nato-membership": ("promised", "one day", ""),
            "fup-us-names-team": ("promised", "", ""),
            "fup-russia-names-envoy": ("promised", "as soon as possible", ""),
            "fup-consultations-begin": ("promised", after, "US names its team on Ukraine"),
            "fup-putin-decides": ("expected", "", ""),
            "fup-us-staffs-embassy": ("promised", "", ""),
            "fup-russia-staffs-embassy": ("promised", "", ""),
            "fup-eu-at-the-table": ("expected", "at some point", ""),
            "fup-uk-contribution": ("expected", "", ""),
            "fup-france-contribution": ("expected", "", ""),
        }
        assert FollowUp.objects.get(ref="fup-russia-names-envoy").current_review_on == dt.date(2025, 3, 20)

    def test_to_whom_each_promise_is_owed_as_far_as_somebody_is_named(self):
        owed = FollowUp.objects.filter(promised_to__isnull=False).values_list("ref", "promised_to__name")
        assert dict(owed) == {
            "fup-nato-membership": "Ukraine", "fup-eu-at-the-table": "European Union",
            "fup-us-names-team": "Russia", "fup-russia-names-envoy": "United States",
            "fup-us-staffs-embassy": "Russia", "fup-russia-staffs-embassy": "United States",
        }  # fmt: skip

    def test_experts_judge_and_take_no_position(self):
        experts = Person.objects.filter(party=None)
        assert {person.name for person in experts if person.assessments.exists()} == {
            "John Deni", "Jana Puglierin", "Mike Eckel", "Reid Standish",
        }  # fmt: skip
        assert not Development.objects.filter(speaker__in=experts).exists()

    def test_root_causes_are_watched_for(self):
        phrase = WatchPhrase.objects.get()
        assert phrase.phrase == "root causes" and "independence" in phrase.why
        used = Development.objects.get(ref="dev-kremlin-root-causes")
        assert (str(used.speaker), used.basis) == ("Vladimir Putin", "official_text")
        assert used.talk.ref == "tlk-trump-putin-call"

    def test_every_development_cites_the_article_in_short_words(self):
        for development in Development.objects.prefetch_related("citations"):
            cited = list(development.citations.all())
            assert cited and all(citation.quote and citation.place for citation in cited), development.ref
        quotes = Citation.objects.values_list("quote", flat=True)
        assert max(map(len, quotes)) <= LONGEST_QUOTE
        source = Source.objects.get()
        assert source.text == ""
        assert (str(source.published), source.published_inferred) == ("Feb 2025", True)

    def test_a_day_printed_without_its_year_is_marked_as_inferred(self):
        of_the_day = Development.objects.filter(occurred_on__year=2025)
        assert of_the_day.exists() and not of_the_day.filter(occurred_inferred=False).exists()
        assert not Development.objects.get(ref="dev-nato-promise-2008").occurred_inferred

    def test_a_second_load_changes_nothing(self):
        before = {model: list(model.objects.order_by("pk").values()) for model in RECORDS}
        printed = load()
        assert {model: list(model.objects.order_by("pk").values()) for model in RECORDS} == before
        assert re.search(r"^development +0 +0 +39 +0 +0$", printed, re.MULTILINE)


def texts_of(value):
    """Every text in a parsed file, or in a part of it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts_of(inner)


def too_long(text):
    """Every run of characters in `text` that is just too long to be quoted."""
    return {text[end - LONGEST_QUOTE - 1 : end] for end in range(LONGEST_QUOTE + 1, len(text) + 1)}


@pytest.mark.skipif(not ARTICLE.exists(), reason="the article is not here")
class TestAgainstTheArticle:
    """The file quotes the article truly, and no more of it than short quotations."""

    def test_quotations_are_found_in_it(self):
        article = ARTICLE.read_text(encoding="utf-8")
        document = tomllib.loads(RIYADH.read_text(encoding="utf-8"))
        records = [record for rows in document.values() for record in rows]
        records += [citation for record in records for citation in record.get("citation", [])]
        quotes = [record["quote"] for record in records if "quote" in record]
        assert len(quotes) > 80
        assert [quote for quote in quotes if not stands_in(quote, article)] == []

    def test_nothing_long_is_taken_from_it(self):
        runs = too_long(" ".join(ARTICLE.read_text(encoding="utf-8").split()).casefold())
        document = tomllib.loads(RIYADH.read_text(encoding="utf-8"))
        for text in texts_of(document):
            plain = " ".join(text.split()).casefold()
            assert not too_long(plain) & runs
