"""Prepared files that are cancelled, removed, expired, or lost with their process: nothing is left of them."""

import threading

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.pages.reading import Page, Words
from tests.pages.test_prepared_files import (  # noqa: F401
    PACKAGE,
    WORKBOOK,
    asked,
    content,
    link,
    ready,
    record,
    started,
    work_through,
)
from tracker import recording, write_lock
from tracker.files import prepared
from tracker.files.data_package import writing
from tracker.files.export import progress
from tracker.jobs import background, queue
from tracker.models import Party, PreparedFile, Process, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]


def require_gone(client, file, words, status=410):
    page = Page(client, file.get_absolute_url())
    assert words in page.text("#status-of-job") and not page.soup.select("#job a.button")
    assert not [*write_lock.work_folder().glob("fil-*")]
    assert client.get(f"{file.get_absolute_url()}{file.name}").status_code == status


def test_one_that_waits_is_cancelled_at_once(client):
    file = asked(client, WORKBOOK)
    assert client.get(f"{file.get_absolute_url()}{file.name}").status_code == 409
    client.post(file.get_absolute_url())
    require_gone(client, file, "Cancelled. There is no file.")
    work_through()
    require_gone(client, file, "Cancelled. There is no file.")


@pytest.mark.parametrize("address", [WORKBOOK, PACKAGE])
def test_one_that_is_written_is_cancelled(client, monkeypatch, address):
    monkeypatch.setattr(progress, "CHUNK_ROWS", 1)
    file, publish, told = asked(client, address), queue.publish, []

    def cancelled(handle, done):
        publish(handle, done)
        told.append(done)
        if done:
            page = Page(client, file.get_absolute_url())
            assert "It is being prepared: 1 row so far." in page.text() or address == PACKAGE
            client.post(file.get_absolute_url())
            assert "It is being cancelled." in Page(client, file.get_absolute_url()).text()

    monkeypatch.setattr(queue, "publish", cancelled)
    work_through()
    assert told[0] == 0 < told[-1]
    require_gone(client, file, "Cancelled. There is no file.")


def test_its_reader_removes_it(client):
    file, page = ready(client, WORKBOOK)
    form = page.soup.select_one("#job form button")
    client.post(file.get_absolute_url(), {form["name"]: form["value"]})
    file.refresh_from_db()
    require_gone(client, file, "It is no longer kept.")


def test_it_is_kept_for_some_days(client, clock, settings, monkeypatch):
    settings.PREPARED_FILE_DAYS = 2
    clock("2027-02-01T10:00Z")
    file, page = ready(client, WORKBOOK)
    file.refresh_from_db()
    assert "is kept until 3 Feb 2027, 10:00" in page.text()
    for seconds, is_kept in ((-1, True), (0, False)):
        instant = file.expires_at.timestamp() + seconds
        monkeypatch.setattr(prepared.time, "time", lambda instant=instant: instant)
        prepared.remove_expired()
        assert prepared.is_there(file) == is_kept
    clock("2027-02-03T10:00:01Z")
    client.force_login(file.by)
    require_gone(client, file, "It is no longer kept.")


def test_one_whose_bytes_are_lost_is_prepared_again(client):
    file, page = ready(client, WORKBOOK)
    prepared.remove(file)
    assert client.get(link(page)).status_code == 410
    page = Page(client, file.get_absolute_url())
    assert "It is no longer kept." in page.text()
    client.post("/files/prepare/", {"address": page.soup.select_one("#job [name=address]")["value"]})
    work_through()
    assert content(client.get(link(Page(client, PreparedFile.objects.first().get_absolute_url()))))


def test_one_that_is_cut_short_is_not_sent(client):
    _, page = ready(client, WORKBOOK)
    (kept,) = write_lock.work_folder().glob("fil-*")
    kept.write_bytes(kept.read_bytes()[:-1])
    assert client.get(link(page)).status_code == 410


@pytest.mark.parametrize(
    ("attempts", "state"), [(background.ATTEMPTS - 1, "done"), (background.ATTEMPTS, "refused")]
)
def test_one_whose_processes_keep_ending_is_given_up(client, attempts, state):
    file = asked(client, WORKBOOK)
    PreparedFile.objects.update(attempts=attempts)
    work_through()
    file.refresh_from_db()
    assert file.state == state


def test_what_a_killed_process_has_left_is_written_over(client):
    file = asked(client, WORKBOOK)
    (write_lock.work_folder() / f"{file.ref}.part").write_bytes(b"x" * 100_000)
    work_through()
    assert content(client.get(link(Page(client, file.get_absolute_url())))) == content(client.get(WORKBOOK))


@pytest.mark.fault
def test_a_full_disk_leaves_it_to_wait(client, monkeypatch):
    file = asked(client, PACKAGE)

    def full(number):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(prepared.os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            work_through()
    file.refresh_from_db()
    assert file.is_waiting and not [*write_lock.work_folder().glob("fil-*.p*t*")]
    work_through()
    file.refresh_from_db()
    assert file.state == "done"


def test_a_page_that_asks_again_gets_the_part_that_changes(client):
    file = asked(client, WORKBOOK)
    with write_lock.holding(file.ref) as handle:
        write_lock.publish(handle, 1_250)
        part = Words(client.get(file.get_absolute_url(), headers={"HX-Request": "true"}))
    assert part.soup.select_one("#job")["hx-get"] == file.get_absolute_url()
    assert part.soup.select_one("h1") is None and "1250 rows so far" in part.text("#status-of-job")
    work_through()
    part = Words(client.get(file.get_absolute_url(), headers={"HX-Request": "true"}))
    assert "It is ready" in part.text("#status-of-job") and not part.soup.select("#job[hx-get]")


@pytest.mark.both
@pytest.mark.parametrize("address", [WORKBOOK, PACKAGE])
@pytest.mark.django_db(transaction=True)
def test_others_save_while_it_is_written(client, carol, monkeypatch, address):
    monkeypatch.setattr(progress, "CHUNK_ROWS", 1)
    file, publish, saved = asked(client, address), queue.publish, []

    def save():
        if connection.vendor == "sqlite":
            connection.cursor().execute("PRAGMA busy_timeout = 200")
        saved.append(make.PartyFactory(name="Ruritania"))
        connections.close_all()

    def saving(handle, done):
        publish(handle, done)
        if done and not saved:
            thread = threading.Thread(target=save)
            thread.start()
            thread.join()

    monkeypatch.setattr(queue, "publish", saving)
    work_through()
    assert saved and Party.objects.filter(name="Ruritania").exists()
    file.refresh_from_db()
    assert file.state == "done"
    # It is one state of the record, that of before.
    kept = content(client.get(link(Page(client, file.get_absolute_url()))))
    assert address == WORKBOOK or kept != b"".join(writing.stream_package(carol))


def test_what_is_hidden_while_it_is_written_is_not_downloaded(client, dave, monkeypatch):
    file, publish, process = asked(client, PACKAGE), queue.publish, Process.objects.get()

    def hiding(handle, done):
        publish(handle, done)
        if done and not process.restricted:
            process.restricted = True
            recording.save(dave, process)

    monkeypatch.setattr(queue, "publish", hiding)
    work_through()
    file.refresh_from_db()
    assert process.restricted and file.state == "done"
    assert client.get(f"{file.get_absolute_url()}{file.name}").status_code == 403


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_what_is_changed_does_not_wait_for_it(client):
    """Each queue has a process of its own."""
    asked(client, PACKAGE)
    with write_lock.holding(queue.FILES.name):
        assert not queue.FILES.begin()
        queue.CHANGES.work_through({})
    assert queue.FILES.begin()


def test_the_list_of_jobs_takes_as_many_queries_for_many_files(client):
    numbers = []
    for more in (2, 18):
        PreparedFile.objects.bulk_create(
            PreparedFile(
                ref=f"fil-{more}-{place}",
                by=User.objects.get(username="carol"),
                state="done",
                address=WORKBOOK,
                name="demands.xlsx",
            )  # fmt: skip
            for place in range(more)
        )
        PreparedFile.objects.update(expires_at="2999-01-01T00:00Z")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get("/jobs/").status_code == 200
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


@pytest.mark.both
def test_a_nul_character_in_its_address_is_shown_and_stops_nobody_elses(client):
    file, other = asked(client, f"{PACKAGE}?known=%00"), asked(client, WORKBOOK)
    work_through()
    assert "“\ufffd” is not a date" in Page(client, file.get_absolute_url()).text()
    other.refresh_from_db()
    assert other.state == "done"
