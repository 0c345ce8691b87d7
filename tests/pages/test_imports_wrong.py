"""What the page of an import says of rows that cannot be taken, and of what a new record needs."""

import pytest

from tests import factories as make
from tests.files.test_importing import as_file
from tests.pages.reading import Page
from tests.pages.test_imports import do, sent
from tracker.files.importing import launch, runs, uploads
from tracker.files.importing.columns import Columns
from tracker.files.importing.guide import guide
from tracker.files.importing.texts import OTHER_TEXTS
from tracker.models import ImportRun, Party
from tracker.register import BY_URL_NAME

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = make.UserFactory(editor=True)
    client.force_login(user)
    return user


def messages(number=2):
    """The rules that a row of the last import breaks, by column."""
    row = ImportRun.objects.first().rows.get(number=number)
    return {message["column"]: message["rule"] for message in row.messages}


@pytest.mark.parametrize(
    ("url_name", "needed"),
    [
        ("party", {"name", "kind"}),
        ("development", {"process", "occurred_on", "kind", "headline", "basis"}),
        ("talk", {"process", "title", "development_kind", "development_occurred_on", "development_basis"}),
        ("delegation", {"talk", "party", "role"}),
        ("citation", {"development", "source"}),
    ],
)
def test_the_columns_that_a_new_record_needs_are_listed(client, editor, url_name, needed):
    page = Page(client, f"/imports/?type={url_name}")
    rows = [row for row in page.soup.select(".import-columns tbody tr") if "required" in row.get_text()]
    assert {row.select_one("code").get_text() for row in rows} == needed
    assert "or party_id" in page.section("columns") or url_name not in ("development", "delegation")


@pytest.mark.parametrize("url_name", BY_URL_NAME)
def test_the_listed_columns_are_those_that_are_read(url_name):
    columns = Columns(BY_URL_NAME[url_name])
    listed = {
        name for _, helps in guide(columns).groups for help in helps for name in (help.name, help.or_ids)
    }
    left_out = columns.targets.keys() - listed
    # What sets several rows' worth of texts is read as a whole.
    assert listed - {"", *({OTHER_TEXTS} & {*columns.known})} <= columns.targets.keys()
    # What an item of the kind cannot have is refused, and not offered.
    of_others = {"firmness", "outcome", "due_on", "due_precision", "due_phrase", "review_on"}
    assert left_out <= of_others and (not left_out or "development_kind" in listed)
    assert url_name != "demand" or ("firmness" in listed and left_out == of_others - {"firmness"})


def test_a_column_that_every_new_record_needs_and_the_file_lacks_is_told(client, editor):
    page = sent(client, "party", "name\nRuritania\nSyldavia\n").text()
    assert "The file has no column kind , which every new party needs." in page
    assert "2 rows, kind : A new party needs it." in page


def test_all_that_is_wrong_with_a_row_is_said_at_once(client, editor):
    make.ProcessFactory(title="River talks")
    row = {
        "process": "River talks", "occurred_on": "2999-01-01", "headline": "", "kind": "statement", "party": "Nobody",
        "basis": "paraphrase", "occurred_inferred": "maybe", "effect_stance": "affirm", "citation_quote": "Words",
    }  # fmt: skip
    sent(client, "development", as_file([row]))
    assert messages().keys() == {
        "occurred_on", "headline", "party", "occurred_inferred", "effect_item", "effect_stance", "citation_source",
        "speech_act",
    }  # fmt: skip
    assert "after today" in messages()["occurred_on"] and "speech act" in messages()["speech_act"]


def test_the_rules_of_what_raises_an_item_are_said_at_its_columns(client, editor):
    process = make.ProcessFactory(title="River talks")
    row = {
        "process": "River talks", "title": "Withdraw", "kind": "demnd", "party": make.PartyFactory().name,
        "status": "held", "development_kind": "statement", "development_occurred_on": "2999-01-01",
        "development_basis": "own_words", "talk": make.TalkFactory().title, "due_on": "2025-03-01",
    }  # fmt: skip
    sent(client, "demand", as_file([row]))
    found = messages()
    assert found.keys() == {
        "kind",
        "talk",
        "status",
        "development_occurred_on",
        "development_speech_act",
        "due_on",
    }
    assert "Nearest: demand." in found["kind"]
    assert "is not a code of this column" in found["status"] and "under_way" not in found["status"]
    row |= {"kind": "demand", "talk": "", "status": "open", "due_on": ""}
    sent(client, "demand", as_file([row]))
    assert messages().keys() == {"development_occurred_on", "development_speech_act"}
    assert not process.items.exists()


def test_wrong_rows_are_summed_up_by_cause_and_lead_to_their_rows(client, editor):
    make.ProcessFactory(title="River talks")
    row = {"process": "River talks", "occurred_on": "2025-02-18", "headline": "", "kind": "report", "party": "Nobody",
           "basis": "paraphrase"}  # fmt: skip
    rows = [row | {"headline": f"Said {number}"} for number in range(60)] + [
        row | {"headline": "x", "kind": "reprt"}
    ]
    page = sent(client, "development", as_file(rows))
    first, second = page.texts("#run section li")
    assert first.startswith("61 rows, party : There is no party called “Nobody”.") and first.endswith("31 …")
    assert second.startswith("1 row, kind :") and second.endswith("Row 62")
    link = page.soup.select("#run section li a")[-1]["href"]
    there = Page(client, ImportRun.objects.first().get_absolute_url() + link.partition("#")[0])
    assert there.soup.find(id=link.partition("#")[2])


@pytest.mark.parametrize("url_name", ["party", "talk", "delegation", "development"])
def test_what_was_undone_is_linked_only_where_it_can_still_be_read(client, editor, url_name):
    raised = "development_kind,development_occurred_on,development_basis,development_party"
    party, process = make.PartyFactory(name="Graustark"), make.ProcessFactory(title="River talks")
    talk = make.TalkFactory(process=process)
    text = {
        "party": "name,kind\nRuritania,state\n",
        "talk": f"process,title,form,{raised}\nRiver talks,Round,call,report,2025-02-18,paraphrase,{party.ref}\n",
        "delegation": f"talk,party,role\n{talk.ref},Graustark,host\n",
        "development": "process,occurred_on,headline,kind,party,basis\n"
        "River talks,2025-02-18,Said,report,Graustark,paraphrase\n",
    }[url_name]
    assert not sent(client, url_name, text).links("#run tbody a.ref")
    run = do(client, "all")
    (link,) = Page(client, run.get_absolute_url()).links("#run tbody a.ref")
    assert client.get(link).status_code == 200
    assert do(client, "undo").state == "undone"
    page = Page(client, run.get_absolute_url())
    assert page.soup.select_one("#run tbody .ref")
    assert all(client.get(link).status_code == 200 for link in page.links("#run tbody a.ref"))


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("name,knd", "has no column “knd”. Nearest: kind."),
        ("name,kind,name", "“name” is there twice."),
        ("name,,kind,kind", "“kind” is there twice."),
    ],
)
def test_a_header_that_cannot_be_read_is_refused_with_the_nearest(client, editor, header, said):
    assert said in sent(client, "party", f"{header}\nA,B,C\n").text()
    assert ImportRun.objects.get().state == "refused"


def test_an_import_that_is_being_read_can_be_cancelled(client, editor, monkeypatch):
    read = runs._previewed

    def cancelled(*args):
        do(client, "drop")
        return read(*args)

    monkeypatch.setattr(runs, "_previewed", cancelled)
    page, run = sent(client, "party", "name,kind\nA,state\n"), ImportRun.objects.get()
    assert run.state == "dropped" and not run.rows.exists() and not Party.objects.filter(name="A").exists()
    assert "Discarded. Nothing was written." in page.text() and not page.soup.select("button[name=do]")
    assert not uploads.upload(run).exists()


def test_a_page_has_as_many_rows_as_there_is_room_for(client, editor, monkeypatch):
    monkeypatch.setattr(launch, "SMALL_BYTES", 1_000_000)
    names = [column.name for column in BY_URL_NAME["talk"].columns if column.name != "id"]
    row = ",".join(f"“{name}” & so on {'as it was said there ' * 8}" for name in names)
    text = "\n".join([",".join(names), *[row] * 26])
    response = client.post("/imports/", {"type": "talk", "text": text})
    address, rows = response["Location"], []
    while address:
        page = Page(client, address)
        assert len(page.response.content) < 300_000
        shown = page.texts(".history tbody th")
        assert shown
        rows += shown
        [address] = page.links(".pager [rel=next]") or [""]
        address = address and response["Location"] + address
    assert rows == [str(number) for number in range(2, 28)]


@pytest.mark.parametrize(("most", "shown"), [(10**6, 3), (1, 1)])
def test_a_row_that_is_larger_than_a_page_is_shown_all_the_same(client, editor, monkeypatch, most, shown):
    monkeypatch.setattr("tracker.pages.imports.MOST_BYTES", most)
    page = sent(client, "party", "name,kind\nA,state\nB,state\nC,stat\n")
    assert len(page.texts(".history tbody th")) == shown
    assert bool(page.links(".pager [rel=next]")) == (shown < 3)
