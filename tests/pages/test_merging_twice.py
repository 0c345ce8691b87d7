"""A merge or move that is asked for twice, or while somebody else merges, moves or deletes one of the two records."""

import pytest

from tests import factories as make
from tests.pages.filling import errors, sent
from tests.pages.reading import Words
from tests.pages.test_merging import previewed, words
from tracker import recording
from tracker.models import Change, Item, Party
from tracker.pages import merging, moving
from tracker.recording.merging import merge as merge_at_once
from tracker.recording.moving import move

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bob_in(client, bob):
    """bob, an editor, signed in to the test's client."""
    client.force_login(bob)


@pytest.fixture
def parties():
    """Three parties."""
    return [make.PartyFactory(name=name) for name in ("Old", "New", "Third")]


def told(client, response, url):
    """The messages on the page at `url` that `response` leads to."""
    assert response.status_code == 302 and response.url == url, errors(response)
    return Words(client.get(url)).texts(".messages li")


def test_a_merge_that_is_sent_twice_is_done_once_and_leads_to_the_record_that_stays(client, parties):
    old, new, third = parties
    page = previewed(client, old, new)
    address, form = page.request["PATH_INFO"], sent(page) | {"note": "The same"}
    assert told(client, client.post(address, form), new.get_absolute_url()) == [
        "“Old” was merged into “New”."
    ]
    done = ["“Old” has been merged into “New” already."]
    assert told(client, client.post(address, form), new.get_absolute_url()) == done
    assert Change.objects.filter(action="merged").count() == 2
    # Into another one it was not merged.
    again = client.post(address, form | {"into": third.ref}, follow=True)
    assert "so nothing was saved" in again.text


def before(monkeypatch, module, name, deed):
    """Let `deed` be done by another user just before the function `name` of `module` works."""
    work = getattr(module, name)

    def late(*arguments):
        deed()
        return work(*arguments)

    monkeypatch.setattr(module, name, late)


OTHER_WAY = ("other way", "“New” was merged into “Old” in the meantime.", "")
ELSEWHERE = ("elsewhere", "“New” was merged into “Third” in the meantime.", "Third")
DELETED = ("deleted", "“New” was deleted, or is out of your sight, in the meantime.", "")


@pytest.mark.parametrize(
    ("is_late", "became", "words_of_it", "into"),
    [(True, *OTHER_WAY), (True, *ELSEWHERE), (True, *DELETED), (False, *OTHER_WAY), (False, *ELSEWHERE)],
)
def test_what_became_of_the_other_record_is_said_and_the_reason_kept(
    client, bob, monkeypatch, parties, is_late, became, words_of_it, into
):
    old, new, third = parties
    page = previewed(client, old, new)
    address, form = page.request["PATH_INFO"], sent(page) | {"note": "One and the same"}

    def deed():
        if became == "deleted":
            recording.delete(bob, new)
        else:
            other = Party.objects.get(pk=old.pk) if became == "other way" else third
            merge_at_once(bob, Party.objects.get(pk=new.pk), other, "Quicker")

    if is_late:
        before(monkeypatch, merging, "merge", deed)
    else:
        deed()
    again = client.post(address, form)
    monkeypatch.undo()
    assert again.status_code == 409 and f"{words_of_it} Nothing was merged." in words(again)
    expected = Party.objects.get(name=into).ref if into else ""
    assert sent(again)["note"] == ["One and the same"] and sent(again).get("into", [""]) == [expected]
    page = client.post(address, sent(again) | {"into": third.ref})
    assert sent(page)["note"] == ["One and the same"]
    assert client.post(address, sent(page)).status_code == 302
    assert Party.everything.get(pk=old.pk).merged_into == third


def test_of_two_equal_merges_at_once_the_second_leads_to_the_record_that_stays(
    client, bob, monkeypatch, parties
):
    old, new, _ = parties
    page = previewed(client, old, new)
    deed = lambda: merge_at_once(bob, *(Party.objects.get(pk=row.pk) for row in (old, new)), "Quicker")  # noqa: E731
    before(monkeypatch, merging, "merge", deed)
    response = client.post(page.request["PATH_INFO"], sent(page) | {"note": "The same"})
    done = ["“Old” has been merged into “New” already."]
    assert told(client, response, new.get_absolute_url()) == done


@pytest.mark.parametrize("is_late", [True, False])
def test_a_move_that_is_sent_twice_leads_to_the_moved_item(client, monkeypatch, is_late):
    item, process = make.DemandFactory(title="Grain"), make.ProcessFactory(title="Sea talks")
    address = f"/demands/{item.ref}/move/"
    form = sent(client.get(f"{address}?to={process.ref}")) | {"note": "Filed by mistake"}
    clerk = make.UserFactory(administrator=True)
    deed = lambda: move(clerk, type(item).objects.get(pk=item.pk), process, "Quicker")  # noqa: E731
    if is_late:
        before(monkeypatch, moving, "move", deed)
    else:
        deed()
    response = client.post(address, form)
    there = Item.objects.get()
    done = ["“Grain” has been moved to “Sea talks” already."]
    assert told(client, response, f"/demands/{there.ref}/") == done
    assert Change.objects.filter(action="moved").count() == 2
