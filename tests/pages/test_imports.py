"""The pages of import: a file or pasted rows, a preview that writes nothing, then a word, and a way back."""

import csv
import io
import subprocess
import sys
from unittest.mock import Mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import factories as make
from tests.pages.reading import Page
from tracker import recording
from tracker.files.importing import launch, uploads
from tracker.jobs import background
from tracker.models import Change, Development, ImportRun, Party

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = make.UserFactory(editor=True)
    client.force_login(user)
    return user


def sent(client, url_name, text, name="file.csv", **said):
    """The page that one is led to who brings in a file."""
    file = SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())
    response = client.post("/imports/", {"type": url_name, "file": file, **said})
    assert response.status_code == 302, response.content.decode()
    return Page(client, response["Location"])


def do(client, what):
    """Press a button of the last import's page."""
    run = ImportRun.objects.first()
    client.post(run.get_absolute_url(), {"do": what})
    run.refresh_from_db()
    return run


def test_the_preview_says_of_every_row_what_it_would_do_and_writes_nothing(client, editor):
    old = make.PartyFactory(name="Graustark", kind="state")
    text = (
        "id,name,kind,iso_code\n"
        f"{old.ref},Graustark,union,\n"
        f"{old.ref},Graustark,state,\n"
        ",Ruritania,state,RU\n"
        ",Syldavia,stat,\n"
    )
    page = sent(client, "party", text)
    said = page.text()
    assert "Preview only: 2 rows can be imported, 2 cannot." in said
    assert "kind: state → union" in said
    assert "Row 2 is of the same record." in said
    assert "“stat” is not a code of this column. Nearest: state." in said
    assert list(Party.objects.values_list("name", flat=True)) == ["Graustark"]
    assert not Change.objects.filter(action="changed").exists()


def test_only_the_valid_rows_are_written_and_the_others_come_back_as_they_came(client, editor):
    text = 'name,kind,description\nRuritania,state,=1+1\nSyldavia,stat,"\'=2, and\nmore"\n'
    sent(client, "party", text)
    run = do(client, "valid")
    assert run.state == "done"
    assert Party.objects.get().description == "=1+1"
    file = b"".join(client.get(f"{run.get_absolute_url()}wrong.csv").streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(file.removeprefix("\ufeff"))))
    assert [{**row, "messages": ""} for row in rows] == [
        {"name": "Syldavia", "kind": "stat", "description": "'=2, and\nmore", "messages": ""}
    ]
    assert "Nearest: state." in rows[0]["messages"]
    mended = sent(client, "party", file.replace("stat,", "state,"))
    assert "1 row can be imported." in mended.text()
    assert do(client, "all").state == "done"
    assert Party.objects.get(name="Syldavia").description == "=2, and\nmore"


def test_cells_beyond_the_header_are_told_of_and_given_back(client, editor):
    page = sent(client, "party", "name,kind\nRuritania,state,more\n")
    assert "The row has 3 cells, the header 2: those from cell 3 on are left over." in page.text()
    address = ImportRun.objects.get().get_absolute_url()
    file = b"".join(client.get(f"{address}wrong.csv").streaming_content).decode()
    assert list(csv.reader(io.StringIO(file)))[1][-1] == "more"


def test_what_is_undone_is_as_before_all_of_it_or_nothing(client, editor):
    party = make.PartyFactory(name="Graustark")
    sent(client, "party", f"id,name,kind,short_name\n{party.ref},,,G\n,Ruritania,state,R\n")
    run = do(client, "all")
    new = Party.objects.get(name="Ruritania")
    make.PersonFactory(party=new)
    run = do(client, "undo")
    page = Page(client, run.get_absolute_url()).text()
    assert "It could not be undone; nothing was changed" in page
    assert "Row 3: other records rest on it." in page
    party.refresh_from_db()
    assert party.short_name == "G"
    recording.delete(editor, new.people.get())
    assert do(client, "undo").state == "undone"
    party.refresh_from_db()
    assert party.short_name == "" and not Party.objects.filter(name="Ruritania").exists()


def test_a_development_is_recorded_now_and_undone_by_withdrawal(client, editor):
    process, party = make.ProcessFactory(title="Talks"), make.PartyFactory(name="Graustark")
    item, source = (
        make.DemandFactory(process=process, title="That it be said"),
        make.SourceFactory(title="Gazette"),
    )
    text = (
        "occurred_on,headline,kind,party,process,basis,recorded_at,effect_item,effect_stance,citation_source,"
        "citation_quote\n2025-02,They said so,report,graustark,Talks,paraphrase,2020-01-01T00:00:00Z,"
        "That it be said,rejects,Gazette,No.\n"
    )
    assert "1 row can be imported" in sent(client, "development", text).text()
    run = do(client, "all")
    development = Development.objects.get(headline="They said so")
    assert development.recorded_at.date() == run.written_at.date()
    assert development.occurred_precision == "month"
    assert [(effect.item_id, effect.party_id) for effect in development.effects.all()] == [
        (item.pk, party.pk)
    ]
    assert development.citations.get().source_id == source.pk
    assert "Nothing would change." in sent(client, "development", text).text()
    run = ImportRun.objects.get(state="done")
    client.post(run.get_absolute_url(), {"do": "undo"})
    development.refresh_from_db()
    assert development.ended_as == "withdrawn" and run.ref in development.ended_note


def test_an_older_version_conflicts(client, editor):
    development = make.DevelopmentFactory()
    text = f"id,version,detail\n{development.ref},1,More\n"
    sent(client, "development", text, reason="recoded")
    assert do(client, "all").state == "done"
    page = sent(client, "development", text.replace("More", "Less"), reason="recoded").text()
    assert "Conflicting 1" in " ".join(page.split()) and "version 2 is on record" in page


def test_a_record_that_changed_after_the_preview_is_not_overwritten(client, editor):
    party = make.PartyFactory(short_name="old")
    sent(client, "party", f"id,short_name\n{party.ref},new\n")
    party.short_name = "other"
    recording.save(editor, party)
    run = do(client, "all")
    assert run.state == "ready"
    assert "other → new" in Page(client, run.get_absolute_url()).text()
    party.refresh_from_db()
    assert party.short_name == "other"


def test_several_that_may_be_meant_are_named_but_none_that_is_hidden(client, bob, restricted_process):
    process = make.ProcessFactory(title="Open")
    first, second = (make.DemandFactory(process=process, title="Twin") for _ in range(2))
    hidden = make.DemandFactory(process=restricted_process, title="Twin")
    client.force_login(bob)
    party = make.PartyFactory()
    header = "process,occurred_on,headline,kind,party,basis,effect_item,effect_stance\n"
    page = sent(
        client, "development", f"{header}Open,2025-02-18,Said,report,{party.ref},paraphrase,Twin,rejects\n"
    ).text()
    assert first.ref in page and second.ref in page and hidden.ref not in page
    page = sent(client, "demand", f"id,title\n{hidden.ref},Mine\n").text()
    assert "There is no demand with this id." in page
    page = sent(
        client, "development", f"{header}Secret channel,2025-02-18,S,report,{party.ref},paraphrase,,\n"
    ).text()
    assert "There is no process called “Secret channel”" in page


def test_an_analyst_may_add_shared_records_but_not_change_those_of_others(client):
    client.force_login(make.UserFactory(analyst=True))
    party = make.PartyFactory()
    page = sent(client, "party", f"id,name,kind\n{party.ref},Other,\n,New,state\n").text()
    assert (
        "Your role may not change parties that are not your own." in page and "1 row can be imported" in page
    )


def test_readers_may_not_import_and_others_imports_are_not_there(client, editor):
    sent(client, "party", "name,kind\nA,state\n")
    run = ImportRun.objects.get()
    client.force_login(make.UserFactory(editor=True))
    assert client.get(run.get_absolute_url()).status_code == 404
    client.force_login(make.UserFactory(viewer=True))
    assert client.get("/imports/").status_code == 403
    assert "Import" not in Page(client, "/parties/").texts(".actions a")


@pytest.mark.parametrize("path", ["/parties/", "/effects/", "/follow-ups/"])
def test_lists_lead_to_import(client, editor, path):
    link = Page(client, path).soup.select_one(".actions a[href^='/imports/?type=']")
    assert client.get(link["href"]).status_code == 200


def test_pasted_rows_are_read_as_a_spreadsheet_gives_them(client, editor):
    response = client.post("/imports/", {"type": "party", "text": "name\tkind\nA, or B\tstate\n"})
    assert "1 row can be imported" in Page(client, response["Location"]).text()
    response = client.post("/imports/", {"type": "party", "text": ""})
    assert response.status_code == 422 and "Choose a file, or paste rows" in response.content.decode()


def test_a_long_import_says_how_far_it_is_and_can_be_gone_on_with(client, editor, monkeypatch):
    begun = []
    monkeypatch.setattr(launch, "SMALL_BYTES", 0)
    monkeypatch.setattr(
        background.subprocess, "Popen", lambda command, **options: begun.append(command) or Mock()
    )
    page = sent(client, "party", "name,kind\nA,state\n")
    run = ImportRun.objects.get()
    assert begun[0][2:4] == ["import_run", run.ref]
    assert "It was interrupted while being read" in page.text()
    with uploads.at_work(run) as told:
        told.tell(1234)
        page = Page(client, run.get_absolute_url())
        assert "1234 rows so far" in page.text() and page.soup.select_one("#run [hx-trigger='every 2s']")
        assert [button["value"] for button in page.soup.select("button[name=do]")] == ["drop"]
        # Without JavaScript there is a link; a screen reader is told once, not at every count.
        assert page.links("#run a")[0] == run.get_absolute_url()
        status = page.text("#status-of-run[role=status]")
        assert "being read" in status and "1234" not in status
        told.tell(2345)
        again = client.get(run.get_absolute_url(), headers={"HX-Request": "true"})
        assert "2345 rows so far" in again.content.decode() and "<h1" not in again.content.decode()
        assert "HX-Retarget" not in again
    monkeypatch.undo()
    assert do(client, "go-on").state == "ready"
    last = client.get(run.get_absolute_url(), headers={"HX-Request": "true"})
    assert last["HX-Retarget"] == "#run" and "every 2s" not in last.content.decode()
    assert 'id="status-of-run" hx-swap-oob' in last.content.decode()


def test_a_file_that_is_too_large_is_refused(client, editor, settings):
    settings.IMPORT_LIMIT_MB = 1
    file = SimpleUploadedFile("a.csv", b"name\n" + b"a" * 1024**2)
    response = client.post("/imports/", {"type": "party", "file": file})
    assert response.status_code == 413 and "larger than 1 MB" in response.content.decode()


@pytest.mark.parametrize("role", ["editor", "analyst"])
def test_the_admin_leads_to_import(client, role):
    client.force_login(make.UserFactory(**{role: True}))
    for model, url_name in (("party", "party"), ("followup", "follow-up"), ("development", "development")):
        links = Page(client, f"/admin/tracker/{model}/").links(".object-tools a")
        assert f"/imports/?type={url_name}" in links


def test_a_long_import_is_handed_to_a_process_that_has_hold_of_it_from_the_first(client, editor, monkeypatch):
    # It ends at once, as the database of the tests is not its own; until then nobody takes it for interrupted.
    monkeypatch.setattr(launch, "SMALL_BYTES", 0)
    begun, real = [], subprocess.Popen

    def popen(command, **options):
        assert options["start_new_session"]
        begun.append(real([sys.executable, "-c", "input()"], **options | {"stdin": subprocess.PIPE}))
        return begun[-1]

    monkeypatch.setattr(background.subprocess, "Popen", popen)
    page = sent(client, "party", "name,kind\nA,state\n")
    assert "0 rows so far" in page.text()
    begun[0].communicate(b"\n", timeout=60)
    assert "It was interrupted" in Page(client, ImportRun.objects.get().get_absolute_url()).text()


def test_its_pages_cost_the_same_for_two_rows_and_for_twenty(client, editor):
    cost = {}
    for number in (2, 20):
        rows = "".join(f"Party {number} {one},state\n" for one in range(number))
        page = sent(client, "party", f"name,kind\n{rows}")
        do(client, "all")
        cost[number] = (page.queries, Page(client, ImportRun.objects.first().get_absolute_url()).queries)
    assert cost[2] == cost[20]
    few = Page(client, "/imports/").queries
    for _ in range(18):
        sent(client, "party", "name\n")
    assert Page(client, "/imports/").queries == few


def test_rows_are_turned_in_pages_and_shown_by_what_they_do(client, editor):
    make.PartyFactory(name="Old", kind="state")
    rows = "".join(f"Party {one},state\n" for one in range(60))
    page = sent(client, "party", f"name,kind\nOld,state\n{rows}Bad,stat\n")
    assert len(page.soup.select(".history tbody tr")) == 50
    address = ImportRun.objects.first().get_absolute_url()
    page = Page(client, address + page.soup.select_one("a[rel=next]")["href"])
    assert len(page.soup.select(".history tbody tr")) == 12
    assert len(Page(client, f"{address}?show=unchanged").soup.select(".history tbody tr")) == 1


def test_an_import_can_be_given_up(client, editor):
    sent(client, "party", "name,kind\nA,state\n")
    assert do(client, "drop").state == "dropped"
    assert do(client, "all").state == "dropped" and not Party.objects.exists()
