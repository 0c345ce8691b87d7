"""Merges and moves that change very many records: they are left to the queue, and pages say what became of them."""

from unittest.mock import Mock

import pytest
from bs4 import BeautifulSoup

from tests import factories as make
from tests.pages.filling import sent
from tests.pages.reading import Page, Words
from tests.pages.test_merging import assert_sound
from tracker import recording, write_lock
from tracker.jobs import background, changes, queue
from tracker.models import Development, Effect, Job, Party, User
from tracker.pages import merging
from tracker.recording import booking
from tracker.recording.merging import HandOver
from tracker.register import BY_MODEL

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def started(client, bob, monkeypatch):
    """The commands for which a process was started; bob, an editor, is signed in, and two changes are many."""
    client.force_login(bob)
    commands = []

    def start(command, **options):
        commands.append(command[2])
        return Mock()

    monkeypatch.setattr(background.subprocess, "Popen", start)
    # Very few are written sooner than many.
    monkeypatch.setattr(booking, "MARGIN", booking.MARGIN / 5)
    monkeypatch.setattr(booking, "SHORTLY", booking.SHORTLY / 2)
    monkeypatch.setattr("tracker.queries.merging.MOST", 1)
    monkeypatch.setattr("tracker.queries.moving.MOST", 1)
    monkeypatch.setattr(merging, "MOST", 1)
    return commands


@pytest.fixture
def pair():
    """A party that two developments name, and the one that it is to be merged into."""
    survivor = make.PartyFactory(name="Ruritania")
    merged = make.PartyFactory(name="Kingdom of Ruritania")
    process = make.ProcessFactory(title="Talks")
    for headline in ("They come", "They go"):
        make.DevelopmentFactory(process=process, party=merged, headline=headline)
    return merged, survivor


def asked(client, record, other, name="merge", field="into", **answers):
    """The answer to the confirmed form of a merge or a move."""
    address = f"/{BY_MODEL[type(record)].path}/{record.ref}/{name}/"
    page = client.get(address, {field: other.ref})
    return client.post(address, sent(page) | {"note": "The same"} | answers)


def merge(client, pair):
    """The job that merges the pair."""
    response = asked(client, *pair)
    assert response.status_code == 302
    return Job.objects.get(ref=response["Location"].split("/")[-2])


def work_through():
    queue.CHANGES.work_through({Job: changes.do})


def parties():
    return sorted(Development.objects.filter(ended_at=None).values_list("party__name", flat=True))


def test_a_merge_of_many_is_announced_and_waits_for_the_queue(client, pair, started):
    page = client.get(f"/parties/{pair[0].ref}/merge/", {"into": pair[1].ref})
    assert "2 records change, so this is done in the background" in Words(page).text()
    job = merge(client, pair)
    assert started == ["run_jobs"] and parties() == ["Kingdom of Ruritania"] * 2
    assert "It waits for its turn." in Page(client, job.get_absolute_url()).text()
    work_through()
    assert parties() == ["Ruritania"] * 2
    assert_sound()
    page = client.get(job.get_absolute_url())
    assert "Done" in Words(page).text("#status-of-job") and not Words(page).soup.select("#job[hx-get]")
    assert client.get(f"/parties/{pair[0].ref}/").status_code == 301


def test_one_below_the_limit_is_done_at_once(client, pair, started):
    few = make.PartyFactory(name="Graustark")
    make.DevelopmentFactory(party=few)
    assert asked(client, few, pair[1])["Location"] == pair[1].get_absolute_url()
    assert not Job.objects.exists() and not started


def test_a_page_that_asks_again_gets_the_part_that_changes(client, pair):
    job = merge(client, pair)
    response = client.get(job.get_absolute_url(), headers={"HX-Request": "true"})
    part = BeautifulSoup(response.content, "lxml")
    assert part.select_one("#job")["hx-get"] == job.get_absolute_url() and part.select_one("h1") is None
    assert "waits" in part.select_one("#status-of-job[hx-swap-oob]").get_text()
    with write_lock.holding(job.ref) as handle:
        write_lock.publish(handle, 1)
        response = client.get(job.get_absolute_url(), headers={"HX-Request": "true"})
    assert "1 of 2 records so far" in Words(response).text("#status-of-job")


def test_pressed_twice_it_is_one_job_and_another_of_the_record_waits(client, pair):
    address = f"/parties/{pair[0].ref}/merge/"
    form = sent(client.get(address, {"into": pair[1].ref})) | {"note": "The same"}
    first, second = (client.post(address, form)["Location"] for _ in range(2))
    assert first == second and Job.objects.count() == 1
    response = asked(client, pair[0], make.PartyFactory(name="Strelsau"))
    page = Words(client.get(response["Location"]))
    assert "Another job changes “Kingdom of Ruritania” already" in page.text("body")
    assert Job.objects.count() == 1


def test_jobs_are_done_in_their_order_and_say_how_many_come_before(client, pair):
    first = merge(client, pair)
    others = make.PartyFactory(name="Graustark"), make.PartyFactory(name="Axphain")
    make.DevelopmentFactory.create_batch(2, party=others[0])
    assert "after 1 other." in Page(client, merge(client, others).get_absolute_url()).text()
    work_through()
    first, second = Job.objects.order_by("pk")
    assert [first.state, second.state] == ["done", "done"] and first.ended_at < second.ended_at


def test_what_was_changed_since_is_not_merged(client, pair, bob):
    job = merge(client, pair)
    pair[1].name = "Ruritania the Great"
    recording.save(bob, pair[1])
    work_through()
    assert_refused(client, job, "It was changed in the meantime: look again at what would happen.")


@pytest.mark.parametrize(
    ("lost", "why"),
    [
        ({"role": "analyst"}, "Only editors merge records."),
        ({"is_active": False}, "The account that asked for it has been closed."),
    ],
)
def test_the_rights_are_those_of_the_time_when_it_is_done(client, pair, bob, dave, lost, why):
    job = merge(client, pair)
    User.objects.filter(pk=bob.pk).update(**lost)
    work_through()
    client.force_login(dave)
    assert_refused(client, job, why)


def assert_refused(client, job, why):
    assert parties() == ["Kingdom of Ruritania"] * 2
    page = Page(client, job.get_absolute_url()).text()
    assert "It could not be done. Nothing was changed." in page and why in page


def test_a_waiting_job_is_cancelled_at_once(client, pair):
    job = merge(client, pair)
    assert client.post(job.get_absolute_url())["Location"] == job.get_absolute_url()
    assert "Cancelled. Nothing was changed." in Page(client, job.get_absolute_url()).text()
    work_through()
    assert parties() == ["Kingdom of Ruritania"] * 2
    client.post(job.get_absolute_url())
    assert "It cannot be cancelled any more." in Page(client, job.get_absolute_url()).text("body")


@pytest.mark.parametrize("is_written", [False, True], ids=["made ready", "written"])
def test_a_job_that_is_cancelled_while_it_is_done_is_rolled_back(client, pair, monkeypatch, is_written):
    job = merge(client, pair)
    place, name = (HandOver, "renew") if is_written else (queue, "publish")
    going_on = getattr(place, name)

    def cancelled(*args):
        going_on(*args)
        assert bool(Party.everything.get(pk=pair[0].pk).merged_into_id) == is_written
        client.post(job.get_absolute_url())
        assert Job.objects.get().state == "waiting"

    monkeypatch.setattr(place, name, cancelled)
    work_through()
    job.refresh_from_db()
    assert job.state == "cancelled" and not [*write_lock.work_folder().glob("job-*")]
    assert parties() == ["Kingdom of Ruritania"] * 2
    assert_sound()


def test_one_that_is_cancelled_at_the_very_end_is_not_done_either(client, pair, monkeypatch):
    job = merge(client, pair)
    monkeypatch.setattr(
        changes, "carry_out", lambda job, *args: Job.objects.filter(pk=job.pk).update(state="cancelled")
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queue, "_telling", lambda *args: lambda done: None)
        work_through()
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_a_process_is_started_for_what_waits_unless_one_is_at_it(client, pair, started):
    assert not queue.CHANGES.begin()
    merge(client, pair)
    started.clear()
    with write_lock.holding(queue.CHANGES.name):
        assert not queue.CHANGES.begin() and not started
    assert queue.CHANGES.begin() and started == ["run_jobs"]


@pytest.mark.parametrize(
    ("attempts", "state"), [(background.ATTEMPTS - 1, "done"), (background.ATTEMPTS, "refused")]
)
def test_a_job_whose_processes_keep_ending_is_given_up(client, pair, attempts, state):
    job = merge(client, pair)
    Job.objects.update(attempts=attempts)
    work_through()
    job.refresh_from_db()
    assert (job.state, bool(job.problems)) == (state, state == "refused")


def test_a_job_that_fails_lets_the_next_one_be_done(client, pair, monkeypatch, caplog):
    job = merge(client, pair)
    monkeypatch.setattr(changes, "carry_out", lambda *args: 1 / 0)
    work_through()
    assert_refused(client, job, "It failed for a reason that the log of the server tells.")
    assert "ZeroDivisionError" in caplog.text


def test_undoing_a_merge_of_many_waits_as_well(client, pair):
    merge(client, pair)
    work_through()
    response = client.post(f"/parties/{pair[0].ref}/unmerge/", {"note": "They are two"})
    assert "Undo the merge of “Kingdom of Ruritania” into “Ruritania”" in Page(
        client, response["Location"]
    ).text("h1")
    work_through()
    assert parties() == ["Kingdom of Ruritania"] * 2
    assert_sound()


def test_undoing_what_somebody_has_built_on_is_refused_and_says_what(client, pair, bob):
    merge(client, pair)
    work_through()
    response = client.post(f"/parties/{pair[0].ref}/unmerge/", {"note": "They are two"})
    survivor = Party.objects.get()
    survivor.name = "Ruritania the Great"
    recording.save(bob, survivor)
    work_through()
    page = Page(client, response["Location"]).text()
    assert "built on since" in page and "“Ruritania the Great”" in page


def test_an_item_that_many_developments_touch_is_moved_by_the_queue(client):
    item = make.DemandFactory(process__title="Open talks", title="Withdrawal")
    for _ in range(2):
        make.DevelopmentFactory(process=item.process, effects=[Effect(item=item, firmness="red_line")])
    there = make.ProcessFactory(title="Back channel")
    response = asked(client, item, there, "move", "to")
    work_through()
    page = Page(client, response["Location"])
    assert "Move “Withdrawal” to “Back channel”" in page.text("h1")
    assert not Development.objects.filter(ended_at=None, process=item.process).exists()
    assert_sound()


class TestWhoSeesThem:
    """Their asker and administrators; what has become restricted since is named to nobody who may not see it."""

    def test_others_do_not(self, client, pair, dave):
        job = merge(client, pair)
        for user, status, shown in ((make.UserFactory(editor=True), 404, False), (dave, 200, True)):
            client.force_login(user)
            assert client.get(job.get_absolute_url()).status_code == status
            assert ("Kingdom" in Page(client, "/jobs/").text()) == shown

    def test_names_of_what_was_restricted_since_are_left_out(self, client, bob, dave):
        here = make.DemandFactory(process__title="Open talks", title="Withdrawal")
        other = make.DemandFactory(process=here.process, title="Retreat")
        for _ in range(2):
            make.DevelopmentFactory(process=here.process, effects=[Effect(item=here, firmness="red_line")])
        job = merge(client, (here, other))
        Job.objects.update(state="refused", problems=["“Withdrawal” would wait for itself."])
        here.process.restricted = True
        recording.save(dave, here.process)
        for user in (bob, make.UserFactory(editor=True)):
            client.force_login(user)
            for address in ("/jobs/", job.get_absolute_url()):
                response = client.get(address)
                content = response.content.decode()
                assert "Withdrawal" not in content and "Retreat" not in content, (user, address)
                assert user != bob or f"Merge of {here.ref}" in Words(response).text()
        client.force_login(dave)
        assert "“Withdrawal” would wait for itself." in Page(client, job.get_absolute_url()).text()

    def test_viewers_see_no_changes_not_even_their_own(self, client, pair, bob):
        address = merge(client, pair).get_absolute_url()
        User.objects.filter(pk=bob.pk).update(role="viewer")
        refused = client.get(address)
        assert refused.status_code == 403 and "Viewers read; they do not record." in Words(refused).text()
        assert "Merges" not in Page(client, "/jobs/").text()
