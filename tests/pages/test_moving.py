"""A development of the wrong process is moved by a correction; whoever may not see the other learns nothing."""

import pytest
from django.core.exceptions import ValidationError

from tests import factories as make
from tests.corrections import correct
from tests.over_the_register.past import addresses, plain
from tests.pages.filling import errors, sent, submit
from tests.pages.reading import Page
from tracker.clocks import instant_iso
from tracker.models import Citation, Claim, Development, Effect
from tracker.recording.denormalized import CHECKS
from tracker.recording.timestamps import last_instant

pytestmark = pytest.mark.django_db

WHY = {"reason": "wrong_process", "note": "Filed by mistake."}


@pytest.fixture
def scene(client, alice, restricted_process):
    """A development of open talks on one of their demands, and a demand in the secret channel; alice is signed in."""
    client.force_login(alice)
    here = make.DemandFactory(process__title="Open talks", title="Withdrawal")
    there = make.DemandFactory(process=restricted_process, title="Ransom")
    said = make.DevelopmentFactory(
        headline="They insist on the hall",
        by=alice,
        effects=[Effect(item=here, firmness="red_line")],
        citations=[Citation(source=make.SourceFactory())],
    )
    return here, there, said


def moved(client, scene):
    """The version in the secret channel, with words of its own."""
    _, there, said = scene
    typed = {"process": there.process.ref, "effects-0-item": "Ransom", "headline": "They insist on the vault"}
    response = submit(client, f"/developments/{said.ref}/edit/", **typed, **WHY)
    assert response.status_code == 302, errors(response)
    return Development.objects.get(ref=said.ref, ended_at=None)


def test_it_counts_in_the_other_process_from_then_on(client, scene):
    here, there, said = scene
    known = instant_iso(last_instant())
    now = moved(client, scene)
    assert (now.process, now.version, now.effects.get().item_id) == (there.process, 2, there.pk)
    for item, firmness in ((here, "stated"), (there, "red_line")):
        item.refresh_from_db()
        assert (item.current_firmness == "red_line") == (firmness == "red_line")
    assert [
        line for model, unlike, _ in CHECKS for line in unlike(model.objects.values_list("pk", flat=True))
    ] == []
    page = Page(client, now.get_absolute_url())
    assert "Wrong process" in page.text() and "Filed by mistake." in page.text()
    assert "They insist on the hall" in Page(client, f"{said.get_absolute_url()}?known={known}").text("h1")


def test_the_pages_that_delete_what_it_named_tell_a_stranger_its_words_from_before(client, bob, scene):
    said = scene[2]
    moved(client, scene)
    client.force_login(bob)
    for record in (said.citations.get().source, said.party, said.process):
        page = Page(client, f"{record.get_absolute_url()}delete/").text()
        assert "They insist on the hall" in page and "vault" not in page, record


def test_the_reason_and_the_process_go_together(client, scene):
    _, there, said = scene
    address = f"/developments/{said.ref}/edit/"
    told = "Process: To move it to another process, give the reason “Wrong process”."
    typed = {"process": there.process.ref, "effects-0-item": "Ransom"}
    assert told in errors(submit(client, address, **typed, reason="recoded"))
    told = "“Wrong process” is the reason to move it to another process; it stays in this one."
    assert any(told in line for line in errors(submit(client, address, headline="Anew", **WHY)))
    # An item of the process that it leaves is none of the other's, and what was typed stays.
    response = submit(client, address, process=there.process.ref, **WHY)
    assert response.status_code == 422 and sent(response)["process"] == [there.process.ref]
    assert Development.objects.filter(ref=said.ref).count() == 1


def test_only_who_may_see_both_can_move_it(bob, scene):
    _, there, said = scene
    with pytest.raises(ValidationError, match="between processes that you may see"):
        correct(said, by=bob, effects=[], reason="wrong_process", process=there.process)


def test_what_a_dataset_tells_stays(alice, scene):
    here, there, said = scene
    claim = {
        "record_type": "demand",
        "record_ref": here.ref,
        "development_ref": said.ref,
        "process": here.process,
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tracker.models.base.require_writes_allowed", lambda what: None)
        Claim(dataset="some", release="1", upstream_id="1", row_hash="0", **claim).save()
    with pytest.raises(ValidationError, match="a row of a dataset"):
        correct(said, by=alice, effects=[], reason="wrong_process", process=there.process)


@pytest.mark.parametrize("to_secret", [True, pytest.param(False, marks=pytest.mark.prove)])
def test_a_stranger_reads_only_what_is_said_in_the_process_that_is_open(client, bob, alice, scene, to_secret):
    here, there, said = scene
    early = instant_iso(last_instant())
    now = moved(client, scene)
    later = instant_iso(last_instant())
    hidden = "vault"
    if not to_secret:
        back = [Effect(item=here, firmness="red_line")]
        cited = [Citation(source=make.SourceFactory())]
        words = {"headline": "They insist on the court", "process": here.process}
        correct(now, by=alice, effects=back, citations=cited, reason="wrong_process", **words)
    client.force_login(bob)
    told = "They insist on the hall" if to_secret else "They insist on the court"
    shown = Page(client, said.get_absolute_url())
    assert told in shown.text("h1") and ("Moved to another process" in shown.text()) == to_secret
    shows = ("/?", "/developments", "/timeline", "/processes/", "/demands")
    read = [address for address in plain(addresses([here.process, here, said])) if address.startswith(shows)]
    for address in (*read, "/search/?q=insist", "/search/?q=vault"):
        for clocks in ("", f"&known={later}"):
            body = client.get(f"{address}{clocks}".replace("?&", "?")).getvalue().decode(errors="replace")
            assert hidden not in body.replace("q=vault", "").replace('value="vault"', ""), (address, clocks)
    compare = f"/processes/{here.process.ref}/compare/?from_known={early}"
    assert hidden not in client.get(compare).text
