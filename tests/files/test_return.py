"""What was taken out in any form comes in again unchanged, also after a spreadsheet has opened and saved it."""

import shutil
import subprocess

import openpyxl
import pytest
from django.test import Client

from tests.examples import pairs
from tests.factories import PartyFactory, UserFactory
from tests.files.test_importing import brought_in, said
from tests.over_the_register.makers import several
from tracker.models import Party
from tracker.register import BY_URL_NAME

pytestmark = pytest.mark.django_db
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
FORMS = {
    "spreadsheet": ("csv?profile=spreadsheet", "file.csv", {}),
    "tools": ("csv?profile=tools", "file.tools.csv", {"profile": "tools"}),
    "workbook": ("xlsx", "file.xlsx", {"profile": "tools"}),
}
"""The ending of the address, the name under which the file is saved, and how an import is told to read it."""
# As its own dialog has it: commas, quotes, UTF-8, from the first line, quoted fields as text.
READ = "CSV:44,34,76,1,,0,true,true"
# The same on the way out, every text quoted.
WRITE = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,false"


def taken_out(user, kind, ending):
    """The file of all records of a type, as bytes."""
    client = Client()
    client.force_login(user)
    answer = client.get(f"/{kind.path}.{ending}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


@pairs(("url_name", "form"), BY_URL_NAME, FORMS)
def test_what_was_taken_out_in_any_form_comes_in_unchanged(url_name, form):
    editor, kind = UserFactory(administrator=True), BY_URL_NAME[url_name]
    several(url_name, 2)
    ending, name, options = FORMS[form]
    run = brought_in(editor, kind, taken_out(editor, kind, ending), name, **options)
    assert set(run.counts) == {"unchanged"}, said(run)


def saved(path, to, folder):
    """The file that LibreOffice makes of `path`: opened, and saved as `to`."""
    command = [
        OFFICE, "--headless", f"-env:UserInstallation=file://{folder}/profile", f"--infilter={READ}",
        "--convert-to", to, "--outdir", str(folder / "saved"), str(path),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / "saved" / f"{path.stem}.{to.partition(':')[0]}"


@pytest.mark.skipif(OFFICE is None, reason="no LibreOffice (on Debian: apt install libreoffice-calc-nogui)")
def test_opened_and_saved_by_libreoffice_no_cell_is_a_formula_and_all_comes_in_unchanged(tmp_path):
    editor, kind = UserFactory(administrator=True), BY_URL_NAME["party"]
    texts = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "'=1",
        "'",
        "007",
        "1,5",
        "2025-02-18",
        'say "yes"',
        "a\nb",
        "🕊 سلام",
    ]
    for text in texts:
        PartyFactory(description=text, aliases=[text])
    path = tmp_path / "parties.csv"
    path.write_bytes(taken_out(editor, kind, "csv?profile=spreadsheet"))
    run = brought_in(editor, kind, saved(path, WRITE, tmp_path).read_bytes())
    assert run.counts == {"unchanged": Party.objects.count()}, said(run)
    book = openpyxl.load_workbook(saved(path, "xlsx", tmp_path))
    assert not [cell.coordinate for row in book.active for cell in row if cell.data_type == "f"]
