"""Files of datasets that cannot be loaded from a page: the reason is shown, and the file is removed."""

import io
import zipfile
from unittest.mock import Mock

import pytest
from django.db import OperationalError

from tests.loaders import files
from tests.loaders.files import MEND, ROUND
from tests.loaders.test_dataset_pages import left, sent, sent_file, shown, started, tried  # noqa: F401
from tracker.files.importing import uploads
from tracker.jobs import background, queue
from tracker.loaders import background as background_loads
from tracker.models import DatasetLoad, Process

pytestmark = pytest.mark.django_db


@pytest.mark.both
def test_an_id_with_a_nul_character_is_set_aside_as_well(client, sent):  # noqa: F811
    page = tried(client, sent({}, {"med_event_ID": "ARL\0"}))
    assert (shown(page)["made"], shown(page)["set aside"]) == (1, 1)
    assert "med_event_ID holds a NUL character" in page.text("#job")


@pytest.mark.both
def test_a_column_with_a_nul_character_is_named_all_the_same(client):
    header = ",".join(MEND).replace("Year", "Yea\0r")
    page = tried(client, sent_file(client, f"{header}\n".encode()))
    assert "the column Year is missing (the nearest is Yea\ufffdr)" in page.text()


@pytest.mark.parametrize("sheet", [b"<worksheet><sheetData><row", b"", b"<a/>" * 2 * 1024**2])
def test_a_workbook_that_is_broken_or_too_large_inside_is_refused_with_the_reason(
    client, tmp_path, settings, sheet
):
    settings.IMPORT_LIMIT_MB = 1
    whole, content = files.write_sheet(tmp_path / "mend.xlsx", MEND, ROUND), io.BytesIO()
    with zipfile.ZipFile(whole) as parts, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as broken:
        for name in parts.namelist():
            broken.writestr(name, sheet if name.endswith("sheet1.xml") else parts.read(name))
    page = tried(client, sent_file(client, content.getvalue(), name="mend.xlsx"))
    assert "mend.xlsx cannot be loaded: it is not an XLSX file, or a broken one:" in page.text()
    assert ("unpacks to more than 5 MB" in page.text()) == (len(sheet) > 1024**2) and not left()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"name,age\nAnn,3\n", "mend.csv cannot be loaded: it does not hold MEND: 14 columns are missing"),
        (b"caf\xe9\n", "mend.csv cannot be loaded: it is not UTF-8"),
    ],
)
def test_a_file_that_is_something_else_is_refused(client, content, why):
    page = tried(client, sent_file(client, content))
    assert "It could not be tried out. Nothing of it was kept." in page.text() and why in page.text()
    assert not left() and not page.soup.select("#job form")


def test_a_file_that_was_changed_since_it_was_sent_is_not_loaded(client, sent):  # noqa: F811
    work = sent()
    uploads.upload(work).write_bytes(b"something else")
    assert "The file that was kept is not the one that was sent" in tried(client, work).text()
    assert not Process.objects.exists()


@pytest.mark.parametrize("how", ["given up", "failed", "cancelled while SQLite is locked"])
def test_the_file_of_a_load_that_cannot_be_begun_any_more_is_removed(client, sent, monkeypatch, how):  # noqa: F811
    work = sent()
    if how == "given up":
        DatasetLoad.objects.update(attempts=background.ATTEMPTS)
    elif how == "failed":
        monkeypatch.setattr(background_loads, "load", Mock(side_effect=RuntimeError))
    else:
        with monkeypatch.context() as patch:
            patch.setattr(queue, "end", Mock(side_effect=OperationalError))
            patch.setattr(queue, "is_locked_out", lambda error: True)
            client.post(work.get_absolute_url())
    assert uploads.upload(work).exists()
    tried(client, work)
    work.refresh_from_db()
    assert work.state in ("refused", "cancelled") and not left()
