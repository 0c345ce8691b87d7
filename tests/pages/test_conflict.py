"""Two people correct or withdraw the same development: both texts stand side by side, and nothing typed is lost."""

import pytest
from django.urls import reverse

from tests import factories as make
from tests.corrections import copied, correct
from tests.pages.filling import errors, sent, submit
from tests.pages.reading import Words
from tracker import recording
from tracker.models import Citation, Development, Effect

pytestmark = pytest.mark.django_db


class Conflict(Words):
    """What a page with two texts tells of each field: who changed it, and both texts as they are marked."""

    def __getitem__(self, label):
        for row in self.soup.select(".sides tr:has(> td)"):
            name, *by = row.th.get_text("|", strip=True).split("|")
            if name == label:
                return by[-1], *("".join(map(str, cell.contents)).strip() for cell in row.select("td"))
        return None

    def groups(self):
        return self.texts(".sides [scope=rowgroup]")


@pytest.fixture(scope="module")
def development(module_record):
    """A development with two effects and a citation."""
    process = make.ProcessFactory(title="Peace talks")
    russia = make.PartyFactory(name="Russia")
    source = make.SourceFactory(title="A report")
    items = [make.PrincipleFactory(process=process, title=title) for title in ("Missions", "Team")]
    make.DemandFactory(process=process, title="Withdrawal")
    return make.DevelopmentFactory(
        process=process, party=russia, headline="They refuse to talk", detail="At noon.",
        effects=[Effect(item=item, party=russia, stance="rejects") for item in items],
        citations=[Citation(source=source, quote="no and no")],
    )  # fmt: skip


@pytest.fixture
def scene(development, client, alice):
    """The development as it is on record; alice, who is signed in, has its form open."""
    client.force_login(alice)
    return Development.objects.get(pk=development.pk)


@pytest.fixture
def url(scene):
    return reverse("development:edit", args=[scene.ref])


@pytest.fixture
def opened(client, url):
    """What alice's form would send; she gives her reason and corrects the headline."""
    return sent(client.get(url)) | {"reason": "recoded", "headline": "They refuse to talk today"}


def effects(development, *stances):
    """The effects of `development`, unsaved, with other stances; None leaves one out."""
    rows = zip(development.effects.order_by("pk"), stances, strict=True)
    return [copied(row, stance=stance) for row, stance in rows if stance]


def test_both_texts_stand_side_by_side_with_who_changed_what(client, scene, url, opened, bob):
    correct(
        scene, by=bob, note="Read again.", headline="They decline to talk", kind="decision",
        effects=effects(scene, "disputes", "rejects"),
    )  # fmt: skip
    response = client.post(url, opened | {"effects-0-stance": "conditional"})
    assert response.status_code == 409
    conflict = Conflict(response)
    told = conflict.text(".error-summary")
    assert "bob : corrected: We misread it, “Read again.”" in told
    assert conflict["Headline"] == (
        "both, differently",
        "They <del>refuse </del><ins>decline </ins>to talk",
        "They refuse to talk <ins>today</ins>",
    )
    assert conflict["Type"] == ("only they", "<del>Report </del><ins>Decision</ins>", "Report")
    assert conflict["Stance"][0] == "both, differently"
    assert (
        "<ins>Disputes</ins>" in conflict["Stance"][1] and "<ins>Conditional</ins>" in conflict["Stance"][2]
    )
    assert conflict.groups() == ["What happened", "Effect: Missions"]
    assert "At noon." in conflict.text(".unchanged") and "no and no" in conflict.text(".unchanged")
    assert Development.objects.filter(ref=scene.ref).count() == 2


def test_what_was_typed_stays_and_takes_their_place_when_it_is_sent_again(client, scene, url, opened, bob):
    correct(scene, by=bob, headline="They decline to talk")
    opened |= {
        "effects-TOTAL_FORMS": ["3"], "effects-2-item": ["Withdrawal"], "effects-2-status": ["met"],
        "effects-1-DELETE": ["on"], "note": ["As the book has it."],
    }  # fmt: skip
    response = client.post(url, opened)
    kept = sent(response)
    typed = {name: value if isinstance(value, list) else [value] for name, value in opened.items()}
    del typed["opened"]
    assert {name: kept[name] for name in typed} == typed
    assert Conflict(response).groups() == [
        "What happened",
        "Effect: Team taken out by you",
        "Effect: Withdrawal added by you",
    ]
    assert client.post(url, kept).status_code == 302
    first, second, third = Development.objects.filter(ref=scene.ref).order_by("version")
    assert (second.headline, second.ended_note) == ("They decline to talk", "As the book has it.")
    assert third.headline == "They refuse to talk today"
    assert [(str(row.item), row.stance or row.status) for row in third.effects.order_by("pk")] == [
        ("Missions", "rejects"),
        ("Withdrawal", "met"),
    ]


def test_what_only_they_changed_is_not_overwritten(client, scene, url, opened, bob):
    """Their detail and stance, the row they added, not the one they took out; my row, and my word where both did."""
    withdrawal = scene.process.items.get(title="Withdrawal")
    theirs = correct(
        scene, by=bob, detail="At dusk.", occurred_inferred=True, headline="They decline to talk",
        effects=[*effects(scene, "disputes", None), Effect(item=withdrawal, status="met")],
    )  # fmt: skip
    opened |= {
        "citations-TOTAL_FORMS": ["3"], "citations-2-source": ["A report"], "citations-2-quote": ["never"],
    }  # fmt: skip
    late = client.post(url, opened)
    assert Conflict(late).groups()[-3:] == [
        "Effect: Team taken out by them",
        "Effect: Withdrawal added by them",
        "Citation: Daily Gazette: A report added by you",
    ]
    assert Conflict(late)["Detail"][0] == "only they" and Conflict(late)["Headline"][0] == "both, differently"
    assert Development.objects.get(ref=scene.ref, ended_at=None) == theirs
    assert client.post(url, sent(late)).status_code == 302
    merged = Development.objects.get(ref=scene.ref, version=theirs.version + 1)
    assert (merged.headline, merged.detail, merged.occurred_inferred) == (
        "They refuse to talk today",
        "At dusk.",
        True,
    )
    assert [(str(row.item), row.stance or row.status) for row in merged.effects.order_by("pk")] == [
        ("Missions", "disputes"),
        ("Withdrawal", "met"),
    ]
    assert [row.quote for row in merged.citations.all()] == ["no and no", "never"]


def test_rows_are_added_and_errors_mended_after_a_conflict(client, scene, url, opened, bob):
    correct(scene, by=bob, headline="They decline to talk", detail="At dusk.")
    kept = sent(client.post(url, opened))
    more = client.post(url, kept | {"add": "effects"})
    assert "effects-2-item" in sent(more) and sent(more)["opened"] == kept["opened"]
    wrong = client.post(url, sent(more) | {"occurred_on": "Monday"})
    assert wrong.status_code == 422 and errors(wrong)[-1].startswith("Occurred on: “Monday”")
    assert client.post(url, sent(wrong) | {"occurred_on": "2025-02-18"}).status_code == 302
    current = Development.objects.get(ref=scene.ref, ended_at=None)
    assert (current.headline, current.detail) == ("They refuse to talk today", "At dusk.")


def test_nobody_writes_over_what_they_have_not_been_shown(client, scene, url, opened, bob):
    second = correct(scene, by=bob, headline="They decline to talk", detail="At dusk.")
    kept = sent(client.post(url, opened))
    correct(second, by=bob, headline="They decline to say anything", detail="At dawn.")
    response = client.post(url, kept)
    assert response.status_code == 409
    conflict = Conflict(response)
    assert conflict["Headline"][1] == "They decline to <del>talk </del><ins>say anything</ins>"
    assert len(conflict.texts(".error-summary li")) == 1
    # It was never touched here, whatever of theirs the form had taken over.
    assert conflict["Detail"][0] == "only they"
    assert client.post(url, sent(response)).status_code == 302
    current = Development.objects.get(ref=scene.ref, ended_at=None)
    assert (current.version, current.headline, current.detail) == (4, "They refuse to talk today", "At dawn.")


def test_a_wrong_entry_in_a_late_correction_shows_the_other_text_at_once(client, scene, url, opened, bob):
    correct(scene, by=bob, headline="They decline to talk")
    response = client.post(url, opened | {"headline": ""})
    assert response.status_code == 409 and "Headline: This field is required." in errors(response)
    assert Conflict(response)["Headline"][0] == "both, differently"


def test_the_same_correction_by_both_is_no_conflict(client, scene, url, opened, bob):
    correct(scene, by=bob, headline="They refuse to talk today")
    response = client.post(url, opened, follow=True)
    assert response.redirect_chain == [(scene.get_absolute_url(), 302)]
    assert "nothing was recorded" in response.text
    assert Development.objects.filter(ref=scene.ref).count() == 2


def test_what_was_withdrawn_can_be_recorded_anew_with_one_press(client, scene, url, opened, bob):
    recording.withdraw(bob, scene, "Entered twice")
    opened |= {
        "effects-TOTAL_FORMS": ["3"], "effects-2-item": ["Withdrawal"], "effects-2-status": ["met"],
        "effects-1-DELETE": ["on"],
    }  # fmt: skip
    response = client.post(url, opened)
    conflict = Conflict(response)
    assert response.status_code == 409
    assert "bob : withdrawn" in conflict.text(".error-summary") and "“Entered twice”" in conflict.text()
    form = conflict.soup.select_one("form#sheet")
    assert form["action"] == reverse("development:create")
    assert client.post(url, sent(response)).status_code == 409
    response = client.post(form["action"], sent(response))
    assert response.status_code == 302, errors(response)
    new = Development.objects.get(ended_at=None, headline="They refuse to talk today")
    assert new.ref != scene.ref and response.url == new.get_absolute_url()
    assert (new.detail, new.party, new.process) == (scene.detail, scene.party, scene.process)
    assert [str(row.item) for row in new.effects.order_by("pk")] == ["Missions", "Withdrawal"]
    assert new.citations.get().quote == "no and no"


def test_a_text_of_several_lines_is_not_changed_by_being_sent_by_a_browser(client, scene, url):
    correct(scene, detail="At noon.\nAt the gate.")
    response = submit(client, url, detail="At noon.\r\nAt the gate.", reason="recoded")
    assert response.status_code == 302
    assert Development.objects.filter(ref=scene.ref).count() == 2


def test_who_withdraws_too_late_reads_what_changed_and_keeps_the_reason(client, scene, bob, alice):
    client.force_login(bob)
    delete = reverse("development:delete", args=[scene.ref])
    typed = sent(client.get(delete)) | {"note": "Entered twice"}
    correct(scene, by=alice, headline="They decline to talk", effects=effects(scene, "disputes", "rejects"))
    response = client.post(delete, typed)
    assert response.status_code == 409 and scene.ref in response.text
    page = Words(response)
    assert "by alice We misread it" in page.text(".form-part") and "decline" in page.text(".form-part ins")
    assert "Effect on “Missions”: Russia: Rejects Disputes" in page.texts(".rewordings li")
    assert sent(response)["note"] == ["Entered twice"]
    assert client.post(delete, sent(response)).status_code == 302
    assert Development.objects.get(ref=scene.ref, version=2).ended_note == "Entered twice"


def test_who_withdraws_what_was_withdrawn_is_told_by_whom_and_gets_the_reason_back(client, scene, bob, dave):
    client.force_login(bob)
    delete = reverse("development:delete", args=[scene.ref])
    typed = sent(client.get(delete)) | {"note": "Entered twice"}
    recording.withdraw(dave, scene, "A rumour")
    response = client.post(delete, typed, follow=True)
    assert response.redirect_chain == [(scene.get_absolute_url(), 302)]
    assert "“Entered twice”" in response.text and "by dave: A rumour" in Words(response).text(".notice")
    assert client.get(delete).status_code == 404
