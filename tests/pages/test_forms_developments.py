"""Recording developments on their pages: with all their parts, and refused for all that is wrong."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from tests.factories import (
    DemandFactory,
    FollowUpFactory,
    PartyFactory,
    PersonFactory,
    PrincipleFactory,
    ProcessFactory,
    SourceFactory,
    TalkFactory,
)
from tests.pages.filling import errors, sent, submit
from tracker.models import Development, Effect, Process

SAID = {
    "process": "Peace talks",
    "occurred_on": "2025-02-18",
    "kind": "statement",
    "headline": "Freedonia insists",
    "party": "Freedonia",
    "speech_act": "demands",
    "basis": "own_words",
}
NEW = "/developments/new/"


@pytest.fixture(scope="module")
def process(module_record):
    """A process with an item of each kind, and two parties."""
    freedonia, sylvania = PartyFactory(name="Freedonia"), PartyFactory(name="Sylvania")
    process = ProcessFactory(title="Peace talks")
    SourceFactory(title="A report", text="He said: we insist, we always did.")
    PersonFactory(name="Rudolf", party=freedonia)
    TalkFactory(process=process, title="Round one")
    PrincipleFactory(process=process, title="Missions", parties=[freedonia, sylvania])
    DemandFactory(process=process, title="Withdrawal", party=freedonia)
    FollowUpFactory(process=process, title="Envoy", owner=sylvania)
    return process


@pytest.fixture
def scene(process, alice, client):
    """The process as it is on record; alice is signed in."""
    client.force_login(alice)
    return Process.objects.get(pk=process.pk)


def recorded():
    return Development.objects.filter(headline=SAID["headline"])


def test_a_development_with_several_effects_and_citations(client, scene, alice):
    more = {"effects-TOTAL_FORMS": "3", "citations-TOTAL_FORMS": "2"}
    effects = {
        "effects-0-item": "Withdrawal",
        "effects-0-status": "under_discussion",
        "effects-0-firmness": "insisted",
        "effects-1-item": "Missions",
        "effects-1-stance": "conditional",
        "effects-1-party": "Sylvania",
        "effects-2-item": "Envoy",
        "effects-2-due_phrase": "as soon as possible",
        "effects-2-wording": "An envoy is named.",
    }
    citations = {
        "citations-0-source": "A report",
        "citations-0-quote": "we insist",
        "citations-0-credibility": "2",
        "citations-1-source": "A report",
        "citations-1-quote": "we never said so",
        "citations-1-credibility": "6",
    }
    response = submit(client, NEW, **SAID, speaker="Rudolf", talk="Round one", **more, **effects, **citations)
    assert response.status_code == 302, errors(response)
    development = recorded().get()
    assert response.url == development.get_absolute_url()
    assert (development.recorded_by, development.speaker.name, development.talk.title) == (
        alice,
        "Rudolf",
        "Round one",
    )
    assert set(
        development.effects.values_list("item__title", "status", "stance", "party__name", "firmness")
    ) == {
        ("Withdrawal", "under_discussion", None, None, "insisted"),
        ("Missions", None, "conditional", "Sylvania", None),
        ("Envoy", None, None, None, None),
    }
    assert development.effects.get(item__title="Envoy").review_on == dt.date(2025, 3, 20)
    assert list(development.citations.values_list("quote", "credibility", "found")) == [
        ("we insist", "2", True),
        ("we never said so", "6", False),
    ]


@pytest.mark.parametrize(
    ("typed", "precision", "first"),
    [("2025-02", "month", dt.date(2025, 2, 1)), ("2025", "year", dt.date(2025, 1, 1))]
    + [("Before 2025-02-18", "before", dt.date(2025, 2, 18))],
)
def test_a_date_is_kept_as_precisely_as_it_is_known(client, scene, typed, precision, first):
    submit(client, NEW, **SAID | {"occurred_on": typed})
    development = recorded().get()
    assert (development.occurred_precision, development.occurred_on) == (precision, first)


@pytest.mark.parametrize("named", ["dem-known", "Withdrawal [dem-known]", "withdrawal", "WITHDRAWAL"])
def test_an_item_is_named_by_id_or_title(client, scene, named):
    DemandFactory(process=ProcessFactory(), title="Withdrawal")
    item = (
        DemandFactory(process=scene, title="withdrawal of all", ref="dem-known") if "dem" in named else None
    )
    submit(client, NEW, **SAID, **{"effects-0-item": named, "effects-0-stance": "affirms"})
    effect = recorded().get().effects.get()
    assert effect.item.title == (item.title if item else "Withdrawal") and effect.item.process == scene


def tomorrow():
    return (timezone.localdate() + dt.timedelta(days=1)).isoformat()


BAD = {
    "a date to come": ({"occurred_on": tomorrow}, "Occurred on: It cannot have happened after today"),
    "a date in another form": ({"occurred_on": "03/04/2025"}, "“03/04/2025”: 3 Apr 2025 or 4 Mar 2025?"),
    "a day that is none": ({"occurred_on": "2025-02-30"}, "February 2025 has 28 days. Nearest: 28 Feb 2025"),
    "an unknown party": (
        {"party": "Fredonia"},
        "Party: There is no party called “Fredonia”. Nearest: Freedonia.",
    ),
    "an unknown id": ({"party": "pty-nowhere"}, "There is no party called “pty-nowhere”."),
    "a null character": ({"party": "Free\0donia"}, "Null characters are not allowed"),
    "a code that is none": (
        {"basis": "own_word"},
        "Basis: “own_word” is not a code of this field. Nearest: own_words.",
    ),
    "a statement that does nothing": ({"speech_act": ""}, "Speech act: A statement needs its speech act."),
    "nobody and nowhere": ({"party": ""}, "Party: Name the party that acts or speaks, or the talk"),
    "a status of another kind": (
        {"effects-0-item": "Withdrawal", "effects-0-status": "signed"},
        "Effect 1, Status: “signed” is not a status of a demand; choose from open, under_discussion",
    ),
    "a status of no kind": (
        {"effects-0-item": "Withdrawal", "effects-0-status": "opened"},
        "Effect 1, Status: “opened” is not a code of this field. Nearest: open.",
    ),
    "a firmness of a principle": (
        {"effects-0-item": "Missions", "effects-0-firmness": "stated"},
        "Effect 1, Firmness: Only a demand has a firmness.",
    ),
    "an outcome of a demand": (
        {"effects-0-item": "Withdrawal", "effects-0-outcome": "walk_out"},
        "Effect 1, Outcome: Only a talk has an outcome.",
    ),
    "a due date of a demand": (
        {"effects-0-item": "Withdrawal", "effects-0-due_on": "2025-03"},
        "Effect 1, Due: Only a follow-up or a talk has a due date.",
    ),
    "an effect that does nothing": ({"effects-0-item": "Withdrawal"}, "Effect 1: Set at least one of"),
    "an effect on nothing": ({"effects-0-stance": "rejects"}, "Effect 1, Item: This field is required."),
    "a stance of nobody": (
        {"party": "", "talk": "Round one", "effects-0-item": "Missions", "effects-0-stance": "affirms"},
        "Effect 1, Whose stance: A stance is somebody’s: name the party",
    ),
    "two effects on one item": (
        {
            "effects-TOTAL_FORMS": "2",
            "effects-0-item": "Withdrawal",
            "effects-0-status": "open",
            "effects-1-item": "Withdrawal",
            "effects-1-status": "met",
        },
        "This development gives “Withdrawal” two different values of status.",
    ),
    "a quote from nowhere": (
        {"citations-0-quote": "we insist"},
        "Citation 1, Source: This field is required.",
    ),
    "a day in another form": (
        {"effects-0-item": "Envoy", "effects-0-due_phrase": "soon", "effects-0-review_on": "1.3.2025"},
        "Effect 1, Review on: “1.3.2025”: 1 Mar 2025 or 3 Jan 2025? Write it as 2025-03-01 or 2025-01-03.",
    ),
}


@pytest.mark.parametrize("bad", BAD)
def test_bad_input_is_told_at_its_field_kept_and_not_written(client, scene, bad):
    typed, message = BAD[bad]
    typed = {name: value() if callable(value) else value for name, value in typed.items()}
    typed = SAID | {"detail": "Kept <as typed>."} | typed
    counts = Development.objects.count(), Effect.objects.count()
    response = submit(client, NEW, **typed)
    assert response.status_code == 422
    assert any(message in line for line in errors(response)), errors(response)
    kept = sent(response)
    assert {name: kept[name] for name in typed if "\0" not in typed[name] and name != "basis"} == {
        name: [value]
        for name, value in typed.items()
        if "\0" not in value and name != "basis" and value != "opened"
    } | ({"effects-0-status": [""]} if "opened" in typed.values() else {})
    assert (Development.objects.count(), Effect.objects.count()) == counts


def test_an_ambiguous_name_is_answered_with_the_candidates(client, scene):
    one, two = PersonFactory(name="Lee"), PersonFactory(name="Lee")
    response = submit(client, NEW, **SAID, speaker="Lee")
    (line,) = errors(response)
    assert f"[{one.ref}]" in line and f"[{two.ref}]" in line
    assert submit(client, NEW, **SAID, speaker=f"Lee [{two.ref}]").status_code == 302
    assert recorded().get().speaker == two


def test_each_line_of_the_summary_leads_to_its_field(client, scene):
    response = submit(client, NEW, **SAID | {"basis": "", "effects-0-item": "Nothing"})
    page = BeautifulSoup(response.content, "lxml")
    links = [link["href"].removeprefix("#") for link in page.select(".error-summary a")]
    assert len(links) == 2
    for target in links:
        field = page.find(id=target)
        assert field["aria-invalid"] == "true"
        said = field["aria-describedby"].split()
        assert any("errorlist" in page.find(id=one).get("class", []) for one in said if page.find(id=one))


@pytest.mark.parametrize("part", ["effects", "citations"])
def test_a_button_gives_another_row_and_keeps_what_was_typed(client, scene, part):
    typed = SAID | {"basis": "", "effects-0-item": "Withdr", "citations-0-quote": "we insist"}
    response = submit(client, NEW, ("add", part), **typed)
    assert response.status_code == 200
    assert not errors(response)
    kept = sent(response)
    assert {name: kept[name] for name in typed} == {name: [value] for name, value in typed.items()}
    assert kept[f"{part}-TOTAL_FORMS"] == ["2"] and f"{part}-1-DELETE" not in kept
    assert (f"{part}-1-item" if part == "effects" else f"{part}-1-source") in kept
    assert not recorded().exists()


def test_a_row_marked_for_removal_is_left_out(client, scene):
    row = {"effects-0-item": "Withdrawal", "effects-0-status": "met", "effects-0-DELETE": "on"}
    assert submit(client, NEW, **SAID, **row).status_code == 302
    assert not recorded().get().effects.exists()


def test_tampering_with_the_rows_is_refused(client, scene):
    for total in ("", "-1", "x", "99999999"):
        assert submit(client, NEW, **SAID, **{"effects-TOTAL_FORMS": total}).status_code in (302, 422)
    response = client.post(NEW, SAID)
    assert response.status_code == 422


@pytest.mark.parametrize("field", ["speaker", "talk"])
def test_a_misspelt_name_is_the_only_error(client, scene, field):
    typed = SAID | {
        "party": "",
        field: "Rudolff",
        "effects-0-item": "Withdrawal",
        "effects-0-stance": "affirms",
    }
    said = errors(submit(client, NEW, **typed))
    assert len(said) == (1 if field == "speaker" else 2) and said[0].startswith(
        f"{field.capitalize()}: There is no"
    )
    assert not [line for line in said if line.startswith("Party:")]


def test_a_link_fills_the_form_in(client, scene):
    item = scene.items.get(title="Withdrawal")
    source = SourceFactory(title="Another")
    kept = sent(client.get(f"{NEW}?item={item.ref}&source={source.ref}&kind=readout&next=/demands/"))
    assert kept["process"] == [f"Peace talks [{scene.ref}]"]
    assert kept["effects-0-item"] == [f"Withdrawal [{item.ref}]"]
    assert kept["citations-0-source"] == [f"{source} [{source.ref}]"]
    assert (kept["kind"], kept["next"]) == (["readout"], ["/demands/"])


@pytest.mark.parametrize(("asked", "local"), [("/demands/?status=open", True), ("//evil.example", False)])
def test_after_saving_one_goes_where_one_came_from_within_the_site(client, scene, asked, local):
    response = submit(client, NEW, **SAID, next=asked)
    assert response.url == (asked if local else recorded().get().get_absolute_url())


def test_the_page_of_an_item_records_what_came_next(client, scene):
    item = scene.items.get(title="Withdrawal")
    page = client.get(f"{item.get_absolute_url()}update/")
    typed = {name: SAID[name] for name in SAID if name != "process"}
    address = f"{item.get_absolute_url()}update/"
    response = client.post(address, sent(page) | typed | {"effects-0-status": "met"})
    assert response.status_code == 302 and response.url == item.get_absolute_url()
    item.refresh_from_db()
    assert item.current_status == "met"
