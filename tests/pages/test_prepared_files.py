"""Packages and workbooks that are prepared in the background: the same bytes as at their address, for one reader."""

import hashlib
from unittest.mock import Mock

import pytest

from tests import factories as make
from tests.pages.filling import sent
from tests.pages.reading import Page, Words
from tracker import recording, write_lock
from tracker.jobs import background
from tracker.jobs.queue import FILES
from tracker.models import PreparedFile, User
from tracker.pages import pagination, preparing
from tracker.pages.preparing import prepare

pytestmark = pytest.mark.django_db

WORKBOOK = "/demands.xlsx"
PACKAGE = "/package.zip"


@pytest.fixture(autouse=True)
def started(client, carol, monkeypatch, settings, tmp_path):
    """The commands for which a process was started; carol, a viewer, is signed in, and one row more is many."""
    client.force_login(carol)
    commands, settings.UPLOAD_DIR = [], tmp_path
    monkeypatch.setattr(
        background.subprocess, "Popen", lambda command, **options: commands.append(command[2]) or Mock()
    )
    monkeypatch.setattr(pagination, "COUNT_UP_TO", 1)
    return commands


@pytest.fixture
def record():
    """A process with two demands, and what was said of them."""
    process = make.ProcessFactory(title="Talks")
    for title in ("Withdrawal", "Ceasefire"):
        make.DemandFactory(process=process, title=title)
    return process


def asked(client, address):
    """The file that is asked for by the page that offers it."""
    response = client.post("/files/prepare/", sent(client.get("/files/prepare/", {"address": address})))
    assert response.status_code == 302
    return PreparedFile.objects.get(ref=response["Location"].split("/")[-2])


def work_through():
    """Prepare all files that wait."""
    FILES.work_through({PreparedFile: prepare})


def ready(client, address):
    """The page of the file at `address`, once it was prepared."""
    file = asked(client, address)
    work_through()
    return file, Page(client, file.get_absolute_url())


def link(page):
    return page.soup.select_one("#job a.button")["href"]


def content(response):
    assert response.status_code == 200
    return b"".join(response.streaming_content)


@pytest.mark.both
@pytest.mark.parametrize("address", [WORKBOOK, f"{WORKBOOK}?columns=title&sort=-title", PACKAGE])
def test_it_has_the_bytes_of_its_address(client, record, started, address):
    file = asked(client, address)
    assert started == ["prepare_files"]
    assert "It waits for its turn." in Page(client, file.get_absolute_url()).text()
    work_through()
    page = Page(client, file.get_absolute_url())
    assert "It is ready, and is kept until" in page.text("#status-of-job")
    response, direct = client.get(link(page)), client.get(address)
    assert content(response) == (expected := content(direct))
    for name in ("Content-Type", "Content-Disposition"):
        assert response[name] == direct[name]
    assert response["Content-Length"] == str(len(expected))
    assert hashlib.sha256(expected).hexdigest() in page.text("#job")
    (kept,) = write_lock.work_folder().glob("fil-*")
    assert kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("address", [WORKBOOK, PACKAGE])
def test_it_is_read_at_the_instant_of_the_page(client, record, clock, address):
    clock("2027-02-01T10:00Z")
    make.DemandFactory(process=record, title="Disarmament")
    known = "2027-02-01T10:30:00Z"
    before = content(client.get(f"{address}?known={known}", follow=True))
    clock("2027-02-02T10:00Z")
    make.DemandFactory(process=record, title="Reparations")
    _, page = ready(client, f"{address}?known={known}")
    assert "with what we knew on 1 Feb 2027" in page.text("#job")
    assert content(client.get(link(page))) == before != content(client.get(address))


def test_an_instant_to_come_is_that_of_the_last_recording(client, record):
    _, page = ready(client, f"{WORKBOOK}?known=2999-01-01")
    assert content(client.get(link(page))) == content(client.get(WORKBOOK))


def test_lists_offer_it_where_they_do_not_count_their_rows(client, record):
    page = Page(client, "/demands/?sort=title")
    (offer,) = [url for url in page.links() if url.startswith("/files/prepare/?address=/demands")]
    assert "Prepare in the background" in page.text(".take")
    page = Page(client, offer)
    assert sent(page.response)["address"] == ["/demands.xlsx?sort=title"]
    assert {"/demands.xlsx?sort=title", "/demands/?sort=title"} <= {*page.links()}
    few = Page(client, "/demands/?process=" + make.ProcessFactory().ref)
    assert "in the background" not in few.text()


@pytest.mark.parametrize(("number", "is_offered"), [(1, False), (2, True)])
def test_a_package_is_offered_in_the_background_from_so_many_developments_on(client, number, is_offered):
    make.DevelopmentFactory.create_batch(number, process=make.ProcessFactory())
    offer = Page(client, "/").soup.select_one(".account a[href*=package]")["href"]
    page = Page(client, offer)
    assert PACKAGE in page.links()
    assert ("Prepare in the background" in page.text()) == is_offered


def test_the_menu_keeps_the_instant_that_is_read(client, record):
    make.DevelopmentFactory(process=record)
    known = Words(client.get("/demands/?known=2999-01-01", follow=True))
    (offer,) = [link["href"] for link in known.soup.select("a[href*=package]")]
    address = Page(client, offer).soup.select_one("#main a.button")["href"]
    assert address.startswith("/package.zip?known=") and client.get(address).status_code == 200


ELSEWHERE = ("https://a.b/demands.xlsx", "\t//a.b/demands.xlsx", "javascript:/demands.xlsx?/-x()", "http://[")


@pytest.mark.parametrize("address", ["", "/demands.csv", "/demands/", "/nowhere.xlsx", *ELSEWHERE])
def test_nothing_else_can_be_prepared(client, address):
    assert client.get("/files/prepare/", {"address": address}).status_code == 404
    assert client.post("/files/prepare/", {"address": address}).status_code == 404
    assert not PreparedFile.objects.exists()


def test_asked_for_twice_it_is_one_file_until_it_is_done(client, record):
    first, second = asked(client, WORKBOOK), asked(client, WORKBOOK)
    assert first == second and asked(client, PACKAGE) != first
    assert "after 1 other." in Page(client, asked(client, PACKAGE).get_absolute_url()).text()
    work_through()
    assert asked(client, WORKBOOK) != first


def test_nobody_has_more_than_so_many(client, record, monkeypatch, bob):
    monkeypatch.setattr(preparing, "MOST_KEPT", 2)
    _, page = ready(client, WORKBOOK)
    asked(client, PACKAGE)
    form = sent(client.get("/files/prepare/", {"address": f"{WORKBOOK}?sort=title"}))
    refused = client.post("/files/prepare/", form)
    assert refused.status_code == 422 and "You have 2 prepared files." in Words(refused).text()
    # One that is removed makes room, and those of others take none.
    client.post(page.response.wsgi_request.path, {"do": "remove"})
    asked(client, f"{WORKBOOK}?sort=title")
    client.force_login(bob)
    asked(client, WORKBOOK)


def test_an_address_that_is_too_long_is_refused(client):
    refused = client.post("/files/prepare/", {"address": f"{WORKBOOK}?title={'é' * 1_000}"})
    assert refused.status_code == 422 and "too many filters" in Words(refused).text()


@pytest.mark.parametrize(
    ("address", "why"),
    [
        (f"{WORKBOOK}?status=nothing", "status: "),
        ("/processes/prc-nowhere/timeline.xlsx", "you may no longer see it"),
        (f"{PACKAGE}?on=2025-02-18", "a package takes no parameter but known"),
    ],
)
def test_what_its_address_refuses_is_not_prepared(client, address, why):
    _, page = ready(client, address)
    assert "It could not be prepared. There is no file." in page.text() and why in page.text(".error-summary")
    assert not [*write_lock.work_folder().glob("fil-*")]


class TestWhoMayHaveIt:
    """Whoever asked for it alone, with the rights of the time when it is written, as long as they have these."""

    def test_others_do_not_know_of_it(self, client, record, bob):
        file, page = ready(client, WORKBOOK)
        client.force_login(bob)
        for address in (file.get_absolute_url(), link(page)):
            assert client.get(address).status_code == 404
        assert client.post(file.get_absolute_url()).status_code == 404
        assert file.ref not in client.get("/jobs/").text

    def test_administrators_see_that_it_is_there(self, client, record, dave):
        file, page = ready(client, f"{WORKBOOK}?sort=-title")
        client.force_login(dave)
        seen = Page(client, file.get_absolute_url())
        assert "It is ready, for carol alone" in seen.text() and "Workbook" in seen.text("h1")
        assert "-title" not in seen.response.text and "demands.xlsx" not in seen.response.text
        assert not seen.soup.select("#job a.button, #job form")
        assert client.get(link(page)).status_code == 404
        assert file.get_absolute_url() in Page(client, "/jobs/").links()

    def test_it_is_written_with_the_rights_of_that_time(self, client, record, dave):
        file = asked(client, WORKBOOK)
        record.restricted = True
        recording.save(dave, record)
        work_through()
        assert content(client.get(link(Page(client, file.get_absolute_url())))) == content(
            client.get(WORKBOOK)
        )

    @pytest.mark.parametrize("lost", ["a process", "the role"])
    def test_it_is_refused_once_rights_are_lost(self, client, record, dave, carol, lost):
        User.objects.filter(pk=carol.pk).update(role="analyst")
        _, page = ready(client, PACKAGE)
        assert content(client.get(link(page)))
        if lost == "a process":
            record.restricted = True
            recording.save(dave, record)
        else:
            User.objects.filter(pk=carol.pk).update(role="viewer")
        refused = client.get(link(page))
        assert refused.status_code == 403
        assert "It cannot be downloaded any more" in Words(refused).text("#status-of-job")
        assert not Words(refused).soup.select("#job a.button") and "Prepare it again" in Words(refused).text()
        User.objects.filter(pk=carol.pk).update(role="administrator")
        assert content(client.get(link(page)))

    def test_a_source_that_is_kept_elsewhere_since_is_no_longer_in_it(self, client, dave, restricted_process):
        source = make.SourceFactory()
        kept = make.SourceFactory(process=restricted_process)
        _, page = ready(client, "/sources.xlsx")
        # What was hidden all the time may be changed.
        kept.publisher = "The Herald"
        recording.save(dave, kept)
        assert content(client.get(link(page)))
        source.process = restricted_process
        recording.save(dave, source)
        assert client.get(link(page)).status_code == 403

    def test_what_is_hidden_from_its_beginning_was_not_in_it(self, client, record, restricted_process):
        _, page = ready(client, PACKAGE)
        make.ProcessFactory(restricted=True)
        assert content(client.get(link(page)))

    def test_who_has_no_account_any_more_gets_none(self, client, record, carol, dave):
        file = asked(client, WORKBOOK)
        User.objects.filter(pk=carol.pk).update(is_active=False)
        work_through()
        file.refresh_from_db()
        assert (file.state, file.problems) == ("refused", ["The account that asked for it has been closed."])
        # Why is nobody's business but the asker's, since it may repeat what was filtered by.
        client.force_login(dave)
        page = Page(client, file.get_absolute_url())
        assert "It could not be prepared." in page.text() and not page.soup.select(".error-summary")


class TestRest:
    """A download that broke off is resumed where it was."""

    @pytest.mark.parametrize("first", [1, 100, -1])
    def test_the_rest_is_sent(self, client, record, first):
        _, page = ready(client, WORKBOOK)
        whole = client.get(link(page))
        assert whole["Accept-Ranges"] == "bytes"
        every = content(whole)
        first %= len(every)
        rest = client.get(link(page), headers={"Range": f"bytes={first}-", "If-Range": whole["ETag"]})
        assert rest.status_code == 206 and b"".join(rest.streaming_content) == every[first:]
        assert rest["Content-Range"] == f"bytes {first}-{len(every) - 1}/{len(every)}"
        assert rest["Content-Length"] == str(len(every) - first)

    @pytest.mark.parametrize(
        "headers",
        [
            {"Range": "bytes=5-", "If-Range": '"another"'},
            {"Range": "bytes=0-"},
            {"Range": "bytes=-5"},
            {"Range": "bytes=5-9"},
            {"Range": "rows=1-"},
        ],
    )
    def test_otherwise_all_of_it(self, client, record, headers):
        _, page = ready(client, WORKBOOK)
        whole = client.get(link(page), headers=headers)
        assert b"".join(whole.streaming_content) == content(client.get(WORKBOOK))
        assert whole["Content-Length"] and whole.status_code == 200

    def test_where_there_is_no_rest_it_is_refused(self, client, record):
        file, page = ready(client, WORKBOOK)
        file.refresh_from_db()
        refused = client.get(link(page), headers={"Range": f"bytes={file.size}-"})
        assert (refused.status_code, refused["Content-Range"]) == (416, f"bytes */{file.size}")
