"""Administrators load datasets from a page: tried out first, then loaded, by the code of the commands."""

import csv
import io
from unittest.mock import Mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.loaders import files
from tests.loaders.files import MEND, ROUND, counts
from tests.pages.reading import Page, Words
from tracker import write_lock
from tracker.jobs import background, queue
from tracker.jobs.queue import CHANGES
from tracker.loaders import background as background_loads
from tracker.loaders import loading
from tracker.loaders.background import load_in_background
from tracker.loaders.records import Recorder
from tracker.models import Claim, DatasetLoad, Process, User

pytestmark = pytest.mark.django_db

SECOND = {"med_event_ID": "ARL202301-2", "Day": "7", "Summary": "Nothing like the first."}
UNDATED = {"med_event_ID": "ARL202301-3", "Year": ""}


@pytest.fixture(autouse=True)
def started(client, dave, monkeypatch, settings, tmp_path):
    """The commands for which a process was started; dave, an administrator, is signed in."""
    client.force_login(dave)
    commands, settings.UPLOAD_DIR = [], tmp_path / "uploads"
    monkeypatch.setattr(
        background.subprocess, "Popen", lambda command, **options: commands.append(command[2]) or Mock()
    )
    return commands


@pytest.fixture
def sent(client, tmp_path):
    """Sends rows of MEND, each a round of talks with some cells otherwise; returns the load."""

    def send(*changes, release="2025-03", name="mend.csv"):
        write = files.write_sheet if name.endswith("xlsx") else files.write
        path = write(tmp_path / name, MEND, *(ROUND | cells for cells in changes or ({},)))
        return sent_file(client, path.read_bytes(), release, name)

    return send


def sent_file(client, content, release="2025-03", name="mend.csv", dataset="MEND"):
    file = SimpleUploadedFile(name, content)
    response = client.post("/datasets/", {"dataset": dataset, "release": release, "file": file})
    assert response.status_code == 302, Words(response).text()
    return DatasetLoad.objects.get(ref=response["Location"].split("/")[-2])


def work_through():
    """Do all that waits."""
    CHANGES.work_through({DatasetLoad: load_in_background})


def tried(client, work):
    """The page of `work` once it was tried out."""
    work_through()
    return Page(client, work.get_absolute_url())


def shown(page):
    """The counts that a page has in its report."""
    facts = dict(zip(page.texts("#job dt"), page.texts("#job dd"), strict=True))
    return {name.lower(): int(number) for name, number in facts.items() if number.isdigit()}


def left():
    return [*write_lock.work_folder().glob("lod-*")]


@pytest.mark.both
@pytest.mark.parametrize("name", ["mend.csv", "mend.xlsx"])
def test_a_release_is_tried_out_and_then_loaded_as_by_the_command(client, sent, started, mend, name):
    work = sent({}, SECOND, UNDATED, name=name)
    assert started == ["run_jobs"]
    assert "It waits for its turn." in Page(client, work.get_absolute_url()).text()
    page = tried(client, work)
    assert "It was tried out. Nothing is kept until you load it." in page.text("#status-of-job")
    assert not Process.objects.exists() and not Claim.objects.exists()
    told = shown(page)
    assert (told["made"], told["set aside"]) == (2, 1) and "no date: Year is not a year: 1" in page.text()
    client.post(work.get_absolute_url(), {"do": "load"})
    assert started == ["run_jobs"] * 2
    page = tried(client, work)
    assert "Loaded." in page.text("#status-of-job") and shown(page) == told
    assert Process.objects.get().title and not left()
    client.post(work.get_absolute_url(), {"do": "load"})
    assert started == ["run_jobs"] * 2 and "any more" in Page(client, "/datasets/").text("body")
    # By the command nothing is new in it.
    assert counts(mend({}, SECOND, UNDATED)) == {
        "read": 3, "made": 0, "changed": 0, "unchanged": 2, "set aside": 1,
    }  # fmt: skip
    work.refresh_from_db()
    assert not work.is_trial and Claim.objects.filter(release="2025-03").count() > 2


def test_a_release_with_nothing_new_is_loaded_as_well(client, sent, mend):
    mend()
    work = sent()
    assert shown(tried(client, work))["unchanged"] == 1
    client.post(work.get_absolute_url(), {"do": "load"})
    assert "Loaded." in tried(client, work).text("#status-of-job")


def test_the_report_has_a_line_for_each_row(client, sent):
    work = sent({}, UNDATED | {"med_event_ID": "=1+1"})
    tried(client, work)
    response = client.get(f"{work.get_absolute_url()}report.csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert response.content.startswith("\ufeff".encode()) and "attachment" in response["Content-Disposition"]
    assert {(row["row"], row["outcome"]) for row in rows} >= {("2", "made"), ("3", "set aside")}
    # What its publisher wrote is no formula to a spreadsheet.
    assert [row["upstream_id"] for row in rows if row["row"] == "3"] == ["'=1+1"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"release": " "}, "This field is required"),
        ({"dataset": "ACLED"}, "Select a valid choice"),
        ({"file": ""}, "This field is required"),
        ({"release": "x" * 101}, "at most"),
    ],
)
def test_what_is_missing_is_said(client, given, message):
    form = {"dataset": "MEND", "release": "v1", "file": SimpleUploadedFile("a.csv", b"a")} | given
    refused = client.post("/datasets/", form)
    assert refused.status_code == 422 and message in Words(refused).text()
    assert not DatasetLoad.objects.exists()


@pytest.mark.parametrize("is_trial", [True, False])
def test_it_is_cancelled_while_it_waits(client, sent, is_trial):
    work = sent()
    if not is_trial:
        tried(client, work)
        client.post(work.get_absolute_url(), {"do": "load"})
    client.post(work.get_absolute_url())
    page = tried(client, work)
    assert "Cancelled. Nothing of it was kept." in page.text()
    assert not Process.objects.exists() and not left()


def test_it_is_cancelled_while_it_is_loaded(client, sent, monkeypatch):
    monkeypatch.setattr(loading, "REPORT_EVERY", 1)
    work, publish, told = sent({}, SECOND), queue.publish, []
    tried(client, work)
    client.post(work.get_absolute_url(), {"do": "load"})

    def cancelled(handle, done):
        publish(handle, done)
        told.append(done)
        if done:
            assert "It is being loaded" in Page(client, work.get_absolute_url()).text()
            client.post(work.get_absolute_url())

    monkeypatch.setattr(queue, "publish", cancelled)
    page = tried(client, work)
    assert len(told) == 2 and "Cancelled. Nothing of it was kept." in page.text()
    assert not Process.objects.exists() and not left()


@pytest.mark.parametrize("how", ["cancelled", "killed"])
def test_what_is_kept_is_said_to_be_in_one_transaction(client, sent, monkeypatch, how):
    work, add_claims, end = sent(), loading.add_claims, background_loads.end
    tried(client, work)
    client.post(work.get_absolute_url(), {"do": "load"})

    def cancelled(claims):
        add_claims(claims)
        client.post(work.get_absolute_url())

    def killed(*args, **values):
        end(*args, **values)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if how == "cancelled":
            patch.setattr(loading, "add_claims", cancelled)
            work_through()
        else:
            patch.setattr(background_loads, "end", killed)
            with pytest.raises(KeyboardInterrupt):
                work_through()
    assert not Process.objects.exists()
    work.refresh_from_db()
    assert work.state == ("cancelled" if how == "cancelled" else "waiting")


def test_what_was_tried_is_discarded(client, sent):
    work = sent()
    tried(client, work)
    client.post(work.get_absolute_url(), {"do": "discard"})
    assert "Cancelled. Nothing of it was kept." in Page(client, work.get_absolute_url()).text()
    for do in ("load", "discard"):
        client.post(work.get_absolute_url(), {"do": do})
        assert "That cannot be done with this load any more." in Page(client, "/datasets/").text("body")
    assert not left() and not Process.objects.exists()


def test_it_is_loaded_once_however_often_its_process_ends(client, sent, monkeypatch):
    work = sent()
    tried(client, work)
    client.post(work.get_absolute_url(), {"do": "load"})

    def killed(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Recorder, "seat", killed)
        with pytest.raises(KeyboardInterrupt):
            work_through()
    assert not Process.objects.exists()
    assert "Loaded." in tried(client, work).text()
    work.refresh_from_db()
    assert work.attempts == 2 and Process.objects.count() == 1


@pytest.mark.parametrize("lost", [{"role": "editor"}, {"is_active": False}])
def test_whoever_is_no_administrator_any_more_loads_nothing(client, sent, dave, lost):
    work = sent()
    User.objects.filter(pk=dave.pk).update(**lost)
    work_through()
    work.refresh_from_db()
    assert work.state == "refused" and not Process.objects.exists() and not left()


def test_others_than_administrators_have_no_such_pages(client, sent, bob):
    address = sent().get_absolute_url()
    client.force_login(bob)
    for path in ("/datasets/", address, f"{address}report.csv"):
        refused = client.get(path)
        assert refused.status_code == 403 and "Only administrators load datasets." in Words(refused).text()
    assert "/datasets/" not in client.get("/").text


def test_the_list_takes_as_many_queries_for_many_loads(client, dave):
    numbers = []
    for more in (2, 18):
        DatasetLoad.objects.bulk_create(
            DatasetLoad(
                ref=f"lod-{more}-{place}", by=dave, dataset="MEND", release="v1", size=1, state="done"
            )
            for place in range(more)
        )
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/datasets/").status_code == 200
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
