"""A row that is set aside is in its release all the same: the page of its record says so, why, and what can be done."""

import html
import re

import pytest

from tests.corrections import correct
from tests.loaders.files import counts
from tracker.models import Claim, Development, Principle, Process, Talk

WORDS = "Egypt brought the two houses together in Cairo, where they spoke of the elections of the spring."
FIRST = {"Summary": WORDS}
MOVED = {"PP": "8", "PPName": "Hills"}


@pytest.fixture
def page_text(client, carol):
    """The text of a record's page."""
    client.force_login(carol)

    def text(record):
        answer = client.get(record.get_absolute_url())
        return html.unescape(re.sub(r"(<[^>]+>|\s)+", " ", answer.content.decode()))

    return text


def records():
    """The records of the only agreement."""
    return Talk.objects.get(), Principle.objects.get(), Development.objects.get()


class TestAnAgreementThatMoved:
    def test_is_not_said_to_be_gone_and_a_way_forward_is_shown(self, pax, page_text):
        pax()
        printed = pax(MOVED, release="v10")
        assert "coded under another process now" in printed and "no longer has the row" not in printed
        for record in records():
            text = page_text(record)
            assert "no longer in" not in text
            for words in (
                "PA-X v10, 431",
                "Not followed: coded under another process now. Reed Isles process before, Hills now.",
                "record it in the other process and withdraw it here",
                "What v10 says otherwise",
                "PP 8 before: 7",
                "since v9, under the same id",
            ):
                assert words in text
        assert not Process.objects.filter(title="Hills").exists()

    def test_is_set_aside_again_and_claimed_once(self, pax):
        pax()
        pax(MOVED, release="v10")
        before = list(Claim.objects.values())
        assert counts(pax(MOVED, release="v10")) == {
            "read": 1, "made": 0, "changed": 0, "unchanged": 0, "set aside": 1,
        }  # fmt: skip
        assert list(Claim.objects.values()) == before

    def test_is_followed_again_once_it_is_back(self, pax, page_text):
        pax()
        pax(MOVED, release="v10")
        assert counts(pax(release="v11"))["unchanged"] == 1
        assert "Not followed" not in page_text(Talk.objects.get())

    def test_in_an_older_release_undoes_nothing(self, pax):
        pax()
        pax(MOVED, release="v10")
        pax({"Dat": "1993-02-17"}, release="v11")
        assert counts(pax(MOVED, release="v10"))["set aside"] == 1
        assert str(Development.objects.get(ended_at__isnull=True).occurred) == "17 Feb 1993"


@pytest.mark.parametrize(
    "cells", [{"Dat": "soon"}, {"Agt": " "}, {"PP": ""}, {"Con": "x" * 201}, {"Part": "a\0b"}]
)
def test_an_incomplete_row_is_not_gone(pax, page_text, cells):
    pax()
    printed = pax(cells, release="v10")
    assert counts(printed)["set aside"] == 1 and "no longer has the row" not in printed
    for record in records():
        text = page_text(record)
        assert "Not followed: the row is incomplete." in text and "no longer in" not in text
    before = list(Claim.objects.values())
    pax(cells, release="v10")
    assert list(Claim.objects.values()) == before


@pytest.mark.parametrize(
    "cells", [{"Year": ""}, {"conflict_country": ""}, {"third_party": "", "local_parties": ""}]
)
def test_an_incomplete_round_is_found_by_what_it_says_or_by_its_id(mend, page_text, cells):
    mend(FIRST)
    assert counts(mend(FIRST | cells, release="2025-07"))["set aside"] == 1
    text = page_text(Talk.objects.get())
    assert "Not followed: the row is incomplete." in text and "no longer in" not in text


def test_a_correction_of_ours_is_told_beside_the_row(mend, page_text, bob):
    mend(FIRST)
    correct(Development.objects.get(), by=bob, headline="They met in Giza.")
    mend(FIRST | {"Day": "7"}, release="2025-07")
    text = page_text(Talk.objects.get())
    assert "Not followed: corrected here since." in text and "Day 7 before: 5" in text
    assert "no longer in" not in text


def test_what_is_gone_is_still_said_to_be_gone(pax, page_text):
    pax({}, {"AgtId": "432", "Agt": "Charter of the Hills"})
    pax({"AgtId": "432", "Agt": "Charter of the Hills"}, release="v10")
    gone, kept = (Talk.objects.get(title__contains=name) for name in ("Reeds", "Hills"))
    assert "no longer in v10" in page_text(gone) and "Not followed" not in page_text(gone)
    assert "no longer in" not in page_text(kept)


class TestARoundOfSeveralCountries:
    def test_stays_one_record_though_its_id_changed(self, mend, page_text):
        mend(FIRST)
        printed = mend(
            FIRST | {"conflict_country": "Arland; Egypt", "med_event_ID": "ARL202301-9"}, release="2025-07"
        )
        assert counts(printed)["made"] == 0 and counts(printed)["changed"] == 1
        assert "several conflict countries" in printed and "another id before" in printed
        talk = Talk.objects.get()
        assert talk.note.startswith("Other conflict countries: Egypt") and Process.objects.count() == 1
        assert "no longer in" not in page_text(talk)

    def test_stays_in_its_process_whichever_is_named_first(self, mend):
        mend(FIRST)
        both = FIRST | {"conflict_country": "Egypt; Arland"}
        assert counts(mend(both, release="2025-07"))["changed"] == 1
        assert counts(mend(FIRST, release="2025-08"))["set aside"] == 0
        assert Process.objects.get().title == "Arland: mediation events"

    def test_that_went_to_another_country_is_set_aside(self, mend, page_text):
        mend(FIRST, FIRST | {"conflict_country": "Egypt", "Summary": "Others.", "Month": "9"})
        moved = FIRST | {"conflict_country": "Egypt"}
        assert counts(mend(moved, release="2025-07"))["made"] == 1
        assert Talk.objects.count() == 3
