"""A name, alias or address that is on record already is told before it is recorded again; a person may go on."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.admin.pages import typed
from tests.files.test_importing import as_file, brought_in
from tests.pages.filling import errors, sent, submit
from tests.pages.test_forms_records import NEW
from tracker import recording
from tracker.models import Demand, Party, Source
from tracker.queries.namesakes import namesakes
from tracker.register import BY_URL_NAME

pytestmark = pytest.mark.django_db

STATE = {"kind": "state"}


@pytest.fixture
def editor(client, bob):
    client.force_login(bob)
    return client


@pytest.mark.parametrize("name", ["Türkiye", "turkiye", "TURKEY ", "Тurkey"], ids=ascii)
def test_a_name_or_alias_on_record_is_told_and_a_person_may_go_on(editor, name):
    known = make.PartyFactory(name="Turkey", aliases=["Türkiye"])
    response = submit(editor, "/parties/new/", name=name, **STATE)
    told = f"On record already: Turkey [{known.ref}]. If it is another one, tick “It is another one”."
    assert response.status_code == 422 and [line for line in errors(response) if told in line]
    box = BeautifulSoup(response.content, "lxml").select_one("[name=is_another]")
    again = editor.post("/parties/new/", sent(response) | {"is_another": box["value"]})
    assert again.status_code == 302 and Party.objects.count() == 2


def test_what_only_shares_a_surname_or_changes_another_field_is_not_asked_about(editor):
    make.PersonFactory(name="Maria Holm")
    assert submit(editor, "/people/new/", name="Erik Holm").status_code == 302
    make.PersonFactory(name="Jo March")
    twin = make.PersonFactory(name="Jo March")
    assert submit(editor, f"/people/{twin.ref}/edit/", description="Another.").status_code == 302


@pytest.mark.parametrize(
    ("typed_in", "is_told"),
    [
        ("http://www.gazette.example/report/", True),
        ("https://gazette.example/report#top", True),
        ("https://gazette.example/report?utm_source=x&fbclid=1", True),
        ("https://gazette.example/report?page=2", False),
        ("https://gazette.example/report?page=2&utm_source=x", False),
        ("https://gazette.example/reports", False),
    ],
)
def test_an_address_is_told_however_it_is_written(editor, typed_in, is_told):
    make.SourceFactory(title="Report", url="https://gazette.example/report")
    values = {"publisher": "Other", "title": "Anew", "kind": "news_report", "url": typed_in}
    form = sent(editor.get("/sources/new/")) | values
    assert (editor.post("/sources/new/", form).status_code == 422) == is_told
    assert Source.objects.filter(title="Anew").exists() != is_told


@pytest.mark.parametrize(
    ("typed_in", "is_told"), [("/report", True), ("/report?gclid=2", True), ("/rep", False)]
)
def test_an_address_on_record_is_told_whatever_it_says_of_where_its_readers_came_from(
    editor, typed_in, is_told
):
    make.SourceFactory(title="Report", url="https://gazette.example/report?utm_source=x&utm_medium=mail")
    values = {
        "publisher": "Other",
        "title": "Anew",
        "kind": "news_report",
        "url": f"https://gazette.example{typed_in}",
    }
    form = sent(editor.get("/sources/new/")) | values
    assert (editor.post("/sources/new/", form).status_code == 422) == is_told


def previewed(editor, url_name, rows):
    """What the preview of a file with `rows` says of each row, {number: rules}."""
    run = brought_in(editor, BY_URL_NAME[url_name], as_file(rows))
    assert set(run.counts) == {"created"}
    return {
        row.number: [message["rule"] for message in row.messages] for row in run.rows.all() if row.messages
    }


def test_an_address_that_a_file_has_twice_is_told_in_its_preview(dave):
    urls = ["/story?utm_source=x", "/story", "/other", "/story/"]
    rows = [
        {
            "title": f"Copy {number}",
            "publisher": "Wire",
            "kind": "news_report",
            "url": f"https://example.org{url}",
        }
        for number, url in enumerate(urls)
    ]
    told = "Row 2 has the same name or address, or one that looks like it."
    assert previewed(dave, "source", rows) == {3: [told], 5: [told]}


def test_a_name_that_a_file_has_twice_is_told_in_its_preview(dave):
    rows = [{"name": name, "kind": "state"} for name in ("Graustark", "Ruritania", "Grаustark")]
    told = "Row 2 has the same name or address, or one that looks like it."
    assert previewed(dave, "party", rows) == {4: [told]}
    people = [make.PersonFactory(name=name) for name in ("Rudolf", "Flavia")]
    offices = [{"person": person.name, "title": "Envoy", "organisation": "Court"} for person in people]
    assert previewed(dave, "office", [*offices, offices[0] | {"organisation": "League"}]) == {4: [told]}


def test_the_texts_of_sources_are_compared_without_being_read(bob):
    made = make.SourceFactory(title="Wire", url="https://example.org/a", text="They met today.")
    again = Source(title="Wire", url=made.url, text=made.text)
    with CaptureQueriesContext(connection) as asked:
        assert namesakes([again], bob) == [[made]]
    assert not any('"tracker_source"."text"' in query["sql"] for query in asked)


def test_a_text_that_gave_way_while_its_source_was_kept_is_told_to_those_who_saw_it(
    alice, bob, restricted_process
):
    cable = make.SourceFactory(by=alice, title="Cable", text="They whispered.", process=restricted_process)
    for field, value in (("text", "They met."), ("process", None)):
        setattr(cable, field, value)
        recording.save(alice, cable)
    told = {
        (user.username, text): namesakes([Source(title="Wire", text=text)], user)[0]
        for user in (alice, bob)
        for text in ("They whispered.", "They met.")
    }
    assert {asked for asked, others in told.items() if others == [cable]} == {
        ("alice", "They whispered."),
        *((user.username, "They met.") for user in (alice, bob)),
    }


def test_an_item_is_compared_with_those_of_its_process(editor):
    process = make.ProcessFactory()
    make.PartyFactory(name="Freedonia")
    make.PartyFactory(name="Sylvania")
    url_name, texts = NEW[Demand]
    make.DemandFactory(title=texts["title"])
    assert submit(editor, f"/{url_name}s/new/", process=process.ref, **texts).status_code == 302
    assert submit(editor, f"/{url_name}s/new/", process=process.ref, **texts).status_code == 422


def test_what_a_reader_may_not_see_is_not_told(client, carol, alice, restricted_process):
    make.DemandFactory(process=restricted_process, title="Hidden")
    carol.role = "analyst"
    carol.save()
    client.force_login(carol)
    values = {"title": str(restricted_process.title), "aim": "An aim."}
    assert submit(client, "/processes/new/", **values).status_code == 302


def test_the_admin_tells_it_as_well(client, dave):
    client.force_login(dave)
    known = make.PartyFactory(name="Turkey")
    address = "/admin/tracker/party/add/"
    form = typed(client.get(address)) | {"name": "turkey", "kind": "state"}
    response = client.post(address, form)
    assert f"On record already: Turkey [{known.ref}]" in response.text
    answer = next(each for each in response.context["questions"] if each.asked).value
    assert client.post(address, form | {"is_another": answer}).status_code == 302
