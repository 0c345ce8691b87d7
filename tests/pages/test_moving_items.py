"""An item recorded under the wrong process is moved as a whole, or not at all; strangers learn only that it was."""

import datetime as dt

import pytest

from tests import factories as make
from tests.pages.filling import errors, sent
from tests.pages.reading import Page
from tests.pages.test_merging import assert_sound, words
from tracker import recording
from tracker.clocks import instant_iso
from tracker.models import Change, Citation, Claim, Delegation, Development, Effect, Item
from tracker.queries.record_lookup import find
from tracker.recording.moving import move
from tracker.recording.timestamps import last_instant
from tracker.register import BY_MODEL

pytestmark = pytest.mark.django_db

KINDS = {
    "talk": make.TalkFactory,
    "principle": make.PrincipleFactory,
    "demand": make.DemandFactory,
    "follow-up": make.FollowUpFactory,
}
NOTE = "Filed by mistake."


def address(item):
    return f"/{BY_MODEL[type(item)].path}/{item.ref}/move/"


def previewed(client, item, process):
    return client.get(f"{address(item)}?to={process.ref}")


def moved(client, item, process, note=NOTE):
    """`item` as it stands in `process`."""
    page = previewed(client, item, process)
    response = client.post(address(item), sent(page) | {"note": note})
    assert response.status_code == 302, errors(response)
    assert_sound()
    there = type(item).objects.get(pk=Item.everything.get(pk=item.pk).merged_into_id)
    assert response.url == there.get_absolute_url()
    return there


def filed(client, alice, clock, restricted_process):
    """A demand of open talks with two developments, a secret channel, and an instant before; alice is signed in."""
    clock("2025-03-01T12:00Z")
    client.force_login(alice)
    item = make.DemandFactory(process__title="Open talks", title="Withdrawal", by=alice)
    said = make.DevelopmentFactory(
        process=item.process,
        headline="They insist",
        by=alice,
        effects=[Effect(item=item, firmness="red_line")],
        citations=[Citation(source=make.SourceFactory())],
    )
    known = instant_iso(last_instant())
    clock("2025-03-02T12:00Z")
    return item, said, restricted_process, known


@pytest.fixture
def scene(client, alice, clock, restricted_process):
    """What was filed in the wrong process, as `filed` has it."""
    return filed(client, alice, clock, restricted_process)


@pytest.mark.parametrize("name", KINDS)
def test_it_moves_with_all_that_touches_it_and_back(client, alice, clock, name):
    clock("2025-03-01T12:00Z")
    client.force_login(alice)
    issue, process = make.IssueFactory(), make.ProcessFactory(title="Other talks")
    item = KINDS[name](process__title="Open talks", title="It", issues=[issue])
    said = make.DevelopmentFactory(process=item.process, effects=[Effect(item=item, wording="As it is.")])
    known = instant_iso(last_instant())
    clock("2025-03-02T12:00Z")
    there = moved(client, item, process)
    item.refresh_from_db()
    assert (there.process, there.title, there.current_status) == (process, "It", there.current_status)
    assert there.current_wording == "As it is." and [*there.issues.all()] == [issue]
    rows = Development.objects.filter(ended_at=None)
    assert {*rows.values_list("process", "effects__item", "version")} == {(process.pk, there.pk, 2)}
    assert {*Development.objects.exclude(ended_at=None).values_list("process", "ended_reason")} == {
        (item.process_id, "wrong_process")
    }
    assert rows.get(ref=said.ref).recorded_at == rows.exclude(ref=said.ref).get().recorded_at
    path = BY_MODEL[type(item)].path
    assert client.get(f"/{path}/{item.ref}/").url == there.get_absolute_url()
    assert find(type(item).objects.all(), item.ref) == there == find(type(item).objects.all(), "It")
    for ref, held in ((item.process.ref, 0), (process.ref, 1)):
        listed = client.get(f"/{path}.csv?process={ref}").getvalue().decode().strip().splitlines()
        assert len(listed) == 1 + held
        listed = client.get(f"/{path}.csv?process={ref}&known={known}").getvalue().decode()
        assert len(listed.strip().splitlines()) == 2 - held
    assert "It" in Page(client, f"{item.get_absolute_url()}?known={known}").text("h1")
    assert "Open talks" in words(client.get(f"{there.get_absolute_url()}history/"))
    clock("2025-03-03T12:00Z")
    back = moved(client, there, item.process)
    assert back.process_id == item.process_id
    assert client.get(f"/{path}/{item.ref}/").url == back.get_absolute_url()
    response = client.post(f"/{path}/{item.ref}/unmerge/", {"note": "Back"})
    assert response.status_code == 404
    assert {
        *Development.objects.filter(ended_at=None).values_list("process", "effects__item", "version")
    } == {(item.process_id, back.pk, 3)}


def test_a_talk_moves_with_its_seats_and_what_was_said_at_it(client, alice):
    client.force_login(alice)
    process = make.ProcessFactory()
    talk = make.TalkFactory(process__title="Open talks")
    seat = make.DelegationFactory(talk=talk)
    delegate = make.DelegateFactory(delegation=seat)
    said = make.DevelopmentFactory(process=talk.process, talk=talk)
    assert "1 delegation" in words(previewed(client, talk, process))
    page = previewed(client, talk, process)
    added = make.DelegationFactory(talk=talk, role="observer")
    again = client.post(address(talk), sent(page) | {"note": NOTE})
    assert again.status_code == 409 and "2 delegations" in words(again)
    recording.delete(alice, added)
    there = moved(client, talk, process)
    assert Delegation.objects.get().talk == there and there.delegations.get().delegates.get() == delegate
    now = Development.objects.get(ref=said.ref, ended_at=None)
    assert (now.talk, now.process) == (there, process)
    assert client.get(there.get_absolute_url()).status_code == 200


def test_the_order_of_a_day_is_kept_and_fitted_into_that_of_the_other_process(client, alice, clock):
    clock("2025-03-01T12:00Z")
    client.force_login(alice)
    process, day = make.ProcessFactory(), dt.date(2025, 2, 1)
    item = make.DemandFactory(development__occurred_on=dt.date(2025, 1, 1))
    here = {"process": item.process, "occurred_on": day, "occurred_zone": "UTC"}
    times = ("16:00", "10:00")
    for time in times:
        make.DevelopmentFactory(
            **here,
            headline=time,
            occurred_time=dt.time.fromisoformat(time),
            effects=[Effect(item=item, wording=time)],
        )
    make.DevelopmentFactory(
        process=process, occurred_on=day, occurred_zone="UTC", occurred_time=dt.time(13), headline="13:00"
    )
    there = moved(client, item, process)
    assert there.current_wording == "16:00"
    rows = Development.objects.filter(process=process, ended_at=None, occurred_on=day)
    order = rows.order_by("happened_key", "placed_at", "place").values_list("headline", flat=True)
    assert [*order] == ["10:00", "13:00", "16:00"]


def hindrance(name, item):
    """Something that stands in the way of moving `item`, and the words that name it."""
    process = item.process
    if name == "another item":
        other = make.DemandFactory(process=process, title="Other")
        effects = [Effect(item=item, wording="A"), Effect(item=other, wording="B")]
        make.DevelopmentFactory(process=process, headline="On both", effects=effects)
        return "Developments that touch it also touch another item: On both"
    if name == "a talk":
        talk = make.TalkFactory(process=process, title="The round")
        make.DevelopmentFactory(process=process, talk=talk, effects=[Effect(item=item, wording="A")])
        return "Developments that touch it belong to a talk: The round"
    if name == "its talk":
        item.talk = make.TalkFactory(process=process, title="The round")
        recording.save(make.UserFactory(administrator=True), item)
        return "It refers to another item of its process: The round"
    if name == "what waits for it":
        make.FollowUpFactory(process=process, title="Waiting", waits_for=item.item)
        return "Follow-ups refer to it: Waiting"
    if name == "an assessment":
        make.AssessmentFactory(
            process=process, item=item.item, author_name="Ann", author=None, statement="It fails"
        )
        return "Assessments refer to it: Ann: It fails"
    if name == "a source":
        source = make.SourceFactory(process=process, publisher="Own", title="Cable")
        effects = [Effect(item=item, wording="A")]
        make.DevelopmentFactory(process=process, effects=effects, citations=[Citation(source=source)])
        return "It is cited from a source that is kept to its process: Own: Cable"
    if name in ("a predecessor", "a successor"):
        day = {"process": process, "occurred_on": dt.date(2025, 2, 1)}
        own, other = {"effects": [Effect(item=item, wording="A")]}, {"headline": "Beside"}
        first, second = (other, own) if name == "a predecessor" else (own, other)
        earlier = make.DevelopmentFactory(**day, **first)
        make.DevelopmentFactory(**day, **second, follows=earlier.ref)
        return {
            "a predecessor": "A development that touches it comes after another one of its day",
            "a successor": "Another development comes after one that touches it: Beside",
        }[name]
    claim = {"record_type": "demand", "record_ref": item.ref, "process": process}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tracker.models.base.require_writes_allowed", lambda what: None)
        Claim(dataset="some", release="1", upstream_id="1", row_hash="0", **claim).save()
    return "It follows a row of a dataset, which belongs to its process"


@pytest.mark.parametrize(
    "name",
    [
        "another item", "a talk", "its talk", "what waits for it", "an assessment", "a source", "a predecessor",
        "a successor", "a row of a dataset",
    ],
)  # fmt: skip
def test_it_moves_whole_or_not_at_all_and_says_what_stands_in_the_way(client, scene, name):
    item, _, process, _ = scene
    page = previewed(client, item, process)
    told = hindrance(name, item)
    versions = Development.objects.count()
    assert told in words(previewed(client, item, process))
    response = client.post(address(item), sent(page) | {"note": NOTE})
    assert response.status_code == 422 and told in words(response)
    assert not Item.everything.exclude(merged_into=None).exists() and Development.objects.count() == versions
    assert not Item.everything.filter(process=process).exists()


def test_only_who_may_see_both_and_record_can_move_it(client, scene, bob, carol, alice):
    item, _, process, _ = scene
    assert "/move/" in client.get(item.get_absolute_url()).text
    client.force_login(bob)
    response = previewed(client, item, process)
    assert response.status_code == 422 and process.title not in response.text
    assert client.post(address(item), {"to": process.ref, "note": NOTE, "seen": ""}).status_code == 409
    with pytest.raises(Exception, match="between processes that you may see"):
        move(bob, item, process, NOTE)
    client.force_login(carol)
    assert previewed(client, item, process).status_code == 403
    assert "/move/" not in client.get(item.get_absolute_url()).text
    client.force_login(alice)
    assert previewed(client, item, item.process).status_code == 422
    assert not Item.everything.exclude(merged_into=None).exists()


def test_what_was_done_to_it_since_the_preview_is_shown_first(client, scene):
    item, _, process, _ = scene
    page = previewed(client, item, process)
    make.DevelopmentFactory(
        process=item.process, headline="Late words", effects=[Effect(item=item, status="met")]
    )
    again = client.post(address(item), sent(page) | {"note": NOTE})
    assert again.status_code == 409 and "changed while this page was open" in errors(again)[0]
    assert "Late words" in words(again) and sent(again)["note"] == [NOTE]
    assert client.post(address(item), sent(again)).status_code == 302


def test_the_trail_says_once_on_either_side_that_it_was_moved(client, scene):
    item, _, process, _ = scene
    before = Change.objects.count()
    there = moved(client, item, process)
    entries = Change.objects.order_by("pk")[before:]
    assert [(entry.record_ref, entry.action, entry.process, entry.note) for entry in entries] == [
        (item.ref, "moved", item.process, ""),
        (there.ref, "moved", process, NOTE),
    ]


def test_the_reason_stays_when_something_stands_in_the_way_meanwhile(client, scene):
    item, _, process, _ = scene
    page = previewed(client, item, process)
    waiting = make.FollowUpFactory(process=item.process, title="Waiting", waits_for=item.item)
    refused = client.post(address(item), sent(page) | {"note": NOTE})
    assert refused.status_code == 422 and sent(refused)["note"] == [NOTE]
    assert client.post(address(item), sent(refused)).status_code == 422
    waiting.refresh_from_db()
    waiting.waits_for = None
    recording.save(make.UserFactory(administrator=True), waiting)
    assert client.post(address(item), sent(refused)).status_code == 302
    assert Change.objects.filter(action="moved").latest("pk").note == NOTE


def test_the_reason_stays_when_the_process_goes_out_of_sight_meanwhile(client, scene, alice):
    item, _, process, _ = scene
    page = client.get(f"{address(item)}?to={process.title}")
    clerk, other = make.UserFactory(administrator=True), make.ProcessFactory(title="Other talks")
    recording.save(clerk, process, {"members": []})
    refused = client.post(address(item), sent(page) | {"note": NOTE})
    assert refused.status_code == 409 and sent(refused) == {"to": [process.title], "note": [NOTE]}
    assert f"Move to: There is no process called “{process.title}”." in errors(refused)[0]
    again = client.post(address(item), sent(refused) | {"to": other.title})
    assert again.status_code == 200 and "They insist" in words(again) and errors(again) == []
    assert client.post(address(item), sent(again)).status_code == 302
    assert Change.objects.filter(action="moved", process=other).get().note == NOTE


def test_what_was_shown_of_one_process_does_not_move_it_to_another_of_the_same_title(client, scene, alice):
    item, _, process, _ = scene
    page = client.get(f"{address(item)}?to={process.title}")
    clerk = make.UserFactory(administrator=True)
    recording.save(clerk, process, {"members": []})
    other = make.ProcessFactory(title=process.title)
    again = client.post(address(item), sent(page) | {"note": NOTE})
    assert again.status_code == 409 and other.get_absolute_url() in again.text
    assert not Item.everything.exclude(merged_into=None).exists()
