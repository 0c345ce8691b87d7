"""A later release of MEND: what changed follows, what is new is added, and no event is taken for another."""

import pytest
from django.core.management import CommandError, call_command

from tests.corrections import correct
from tests.loaders.files import counts, reported
from tracker import recording
from tracker.models import Change, Claim, Delegation, Development, Process, Talk

WORDS = "Egypt brought the two houses together in Cairo, where they spoke of the elections of the spring."
OTHER = "Envoys of the River Union met commanders of the army at the border, and called for a halt to the fighting."
FIRST = {"med_event_ID": "ARL202301-1", "Summary": WORDS}
SECOND = {
    "med_event_ID": "ARL202301-2", "Summary": OTHER, "Day": "6", "third_party": "River Union",
    "third_party_id_GLOPAD": "IGO_9", "local_parties": "Army of the North", "individual_med_named": "Cy Ster",
}  # fmt: skip


def texts():
    """What the developments in force say."""
    return sorted(Development.objects.filter(ended_at__isnull=True).values_list("detail", flat=True))


def everything():
    """Every row that a load could touch, as it is stored."""
    models = (Development, Talk, Delegation, Claim, Change, Process)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_a_second_load_of_either_release_changes_nothing(mend):
    mend(FIRST, SECOND)
    mend(FIRST | {"Summary": WORDS + " They parted."}, SECOND, release="2025-07")
    before = everything()
    for release, first in (("2025-03", FIRST), ("2025-07", FIRST | {"Summary": WORDS + " They parted."})):
        assert counts(mend(first, SECOND, release=release)) == {
            "read": 2, "made": 0, "changed": 0, "unchanged": 2, "set aside": 0,
        }  # fmt: skip
    assert everything() == before


def test_what_changed_is_corrected_because_its_source_changed(mend):
    mend(FIRST)
    printed = mend(FIRST | {"Summary": WORDS + " They parted.", "Day": "7"}, release="2025-07")
    assert counts(printed)["changed"] == 1
    old, new = Development.objects.order_by("version")
    assert (old.ended_reason, old.ended_note) == ("source_changed", "From MEND 2025-07.")
    assert (new.ref, new.version, str(new.occurred)) == (old.ref, 2, "7 Jan 2023")


def test_between_the_loads_the_first_release_is_read(mend, client, carol, clock):
    clock("2025-03-26T10:00Z")
    mend(FIRST)
    clock("2025-07-03T10:00Z")
    mend(FIRST | {"Summary": WORDS + " They parted."}, release="2025-07")
    clock("2025-08-01T10:00Z")
    client.force_login(carol)
    url = Development.objects.first().get_absolute_url()
    now, then = (client.get(url + query).content.decode() for query in ("", "?known=2025-05-01"))
    assert "They parted." in now and "since 2025-03" in now
    assert WORDS in then and "They parted." not in then and "2025-07" not in then.split("<footer")[0]


def test_a_row_is_known_by_what_it_says_whatever_its_id(mend, tmp_path):
    mend(FIRST, SECOND)
    before = texts()
    swapped = FIRST | {"med_event_ID": "ARL202301-2"}, SECOND | {"med_event_ID": "ARL202301-1"}
    printed = mend(*swapped, release="2025-07", report=tmp_path / "report.csv")
    assert counts(printed)["unchanged"] == 2 and "2  the row had another id before" in printed
    assert texts() == before and Talk.objects.count() == 2
    moved = [row for row in reported(tmp_path / "report.csv") if row[1] == "note" and "another id" in row[2]]
    assert {(row[0], row[3]) for row in moved} == {
        ("ARL202301-2", "ARL202301-1 before"),
        ("ARL202301-1", "ARL202301-2 before"),
    }


def test_an_id_that_names_another_event_overwrites_nothing(mend):
    mend(FIRST)
    talk = Talk.objects.get()
    printed = mend(SECOND | {"med_event_ID": "ARL202301-1", "Month": "1", "Day": "5"}, release="2025-07")
    assert counts(printed)["made"] == 1 and counts(printed)["changed"] == 0
    assert "1  the id named another event before" in printed
    assert "1  the release no longer has the row" in printed
    assert texts() == sorted([WORDS, OTHER])
    talk.refresh_from_db()
    assert "Egypt" in talk.title


def test_what_is_gone_stays_and_its_page_says_so(mend, client, carol):
    mend(FIRST, SECOND)
    mend(SECOND, release="2025-07")
    client.force_login(carol)
    gone = Talk.objects.get(title__startswith="Egypt")
    assert gone.current_status == "held"
    assert "no longer in 2025-07" in " ".join(client.get(gone.get_absolute_url()).text.split())
    kept = Talk.objects.exclude(pk=gone.pk).get()
    assert "no longer in" not in client.get(kept.get_absolute_url()).content.decode()


def test_words_that_come_later_find_the_round_without_words(mend):
    mend(FIRST | {"Summary": ""})
    printed = mend(FIRST | {"med_event_ID": "ARL202301-9"}, release="2025-07")
    assert counts(printed)["changed"] == 1 and texts() == [WORDS]


def test_rounds_of_the_same_words_are_told_apart_by_day_and_parties(mend):
    rows = [FIRST | {"med_event_ID": f"ARL202301-{day}", "Day": str(day)} for day in (1, 2, 3)]
    mend(*rows)
    turned = [row | {"med_event_ID": f"ARL202301-{9 - int(row['Day'])}"} for row in rows]
    assert counts(mend(*turned, release="2025-07"))["unchanged"] == 3


def test_the_talk_and_its_seats_follow_with_a_note_in_the_trail(mend):
    mend(FIRST)
    mend(FIRST | {"third_party": "Egypt; Jordan", "med_location - MULTISELECT": "Giza"}, release="2025-07")
    talk = Talk.objects.get()
    assert talk.place == "Giza, Egypt"
    assert {str(row.party) for row in talk.delegations.filter(role="mediator")} == {"Egypt", "Jordan"}
    assert Change.objects.filter(
        action="deleted", record_type="delegation", note="From MEND 2025-07."
    ).exists()


def test_what_people_changed_here_is_left_as_it_is(mend, bob):
    mend(FIRST)
    talk = Talk.objects.get()
    talk.title = "The Cairo round"
    recording.save(bob, talk)
    mend(FIRST | {"med_location - MULTISELECT": "Giza"}, release="2025-07")
    talk.refresh_from_db()
    assert (talk.title, talk.place) == ("The Cairo round", "Giza, Egypt")


def test_a_correction_of_ours_is_not_overwritten(mend, bob):
    mend(FIRST)
    correct(Development.objects.get(), by=bob, headline="They met in Giza.")
    printed = mend(FIRST | {"Summary": WORDS + " They parted."}, release="2025-07")
    assert counts(printed)["set aside"] == 1 and "1  corrected here since" in printed
    assert texts() == [WORDS]


def test_what_was_withdrawn_here_stays_withdrawn(mend, bob):
    mend(FIRST)
    recording.withdraw(bob, Development.objects.get(), "Not a round of talks.")
    printed = mend(FIRST | {"Summary": WORDS + " They parted."}, release="2025-07")
    assert counts(printed)["set aside"] == 1 and "1  withdrawn here" in printed
    assert texts() == []


def test_a_column_that_a_release_leaves_empty_takes_nothing_away(mend):
    mend(FIRST | {"local_indiv_group": "Di Oak"})
    printed = mend(FIRST | {"Day": "7"}, release="2025-07")
    assert "People of local parties named: Di Oak" in Talk.objects.get().note
    assert "1  a column is empty in the whole file" in printed


def test_an_older_release_is_refused_after_a_newer_one(mend):
    mend(FIRST, release="2025-07-03")
    with pytest.raises(CommandError, match="2025-03-26 is older than 2025-07-03"):
        mend(FIRST, release="2025-03-26")


def test_the_standing_of_everything_is_right_afterwards(mend):
    mend(FIRST, SECOND)
    mend(FIRST | {"agmt": "1", "agmt_name": "Cairo paper"}, SECOND, release="2025-07")
    call_command("check_standing")
    assert Talk.objects.get(title__startswith="Egypt").current_outcome == "understanding"
