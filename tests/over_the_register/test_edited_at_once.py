"""Two people edit one record, of any type: neither erases what the other changed, nor is blamed for it."""

import pytest

from tests import factories as make
from tests.over_the_register.editing import edit_url, last_changes, plain_texts
from tests.over_the_register.makers import MAKERS
from tests.pages.filling import errors, sent
from tracker import recording
from tracker.forms.composite import RecordWithParts
from tracker.models import Party, Source
from tracker.register import BY_URL_NAME, DEVELOPMENT, RECORD_TYPES

pytestmark = pytest.mark.django_db

EDITED = [each.url_name for each in RECORD_TYPES if each is not DEVELOPMENT and len(plain_texts(each)) > 1]
"""The types with a text for each of the two; a development is not edited but corrected."""

types = pytest.mark.parametrize("url_name", EDITED)


@pytest.fixture
def record(url_name, process):
    return MAKERS[url_name](process)


@pytest.fixture
def process():
    return make.ProcessFactory()


@types
def test_a_late_save_erases_nothing_and_is_blamed_for_nothing(client, dave_in, bobs, record, url_name):
    mine, *_, theirs = plain_texts(BY_URL_NAME[url_name])
    url = edit_url(record)
    typed = sent(client.get(url)) | {mine: ["My own words"]}
    assert bobs.post(url, sent(bobs.get(url)) | {theirs: "Their own words"}).status_code == 302
    response = client.post(url, typed)
    assert response.status_code == 409
    record.refresh_from_db()
    assert (getattr(record, mine) != "My own words", getattr(record, theirs)) == (True, "Their own words")
    kept = sent(response)
    assert (kept[mine], kept[theirs]) == (["My own words"], ["Their own words"])
    assert "bob" in errors(response)[0]
    response = client.post(url, kept)
    assert response.status_code == 302, errors(response)
    record.refresh_from_db()
    assert (getattr(record, mine), getattr(record, theirs)) == ("My own words", "Their own words")
    assert last_changes(record, 2) == [("dave", [mine]), ("bob", [theirs])]


@types
def test_the_same_change_by_both_is_no_conflict(client, dave_in, bobs, record, url_name):
    mine, *_ = plain_texts(BY_URL_NAME[url_name])
    url = edit_url(record)
    typed = sent(client.get(url)) | {mine: ["The same words"]}
    assert bobs.post(url, sent(bobs.get(url)) | {mine: "The same words"}).status_code == 302
    assert client.post(url, typed).status_code == 302
    assert last_changes(record, 1) == [("bob", [mine])]


def test_who_goes_back_and_saves_once_more_is_not_stopped_by_that(client, dave_in, bobs, process):
    """Nor is anything of it undone that was changed elsewhere."""
    demand = make.DemandFactory(process=process, title="Old")
    url = edit_url(demand)
    typed = sent(client.get(url))
    assert client.post(url, typed | {"title": "Nwe"}).status_code == 302
    assert client.post(url, typed | {"title": "New"}).status_code == 302
    assert client.post(url, typed | {"note": "Seen twice."}).status_code == 302
    demand.refresh_from_db()
    assert (demand.title, demand.note) == ("New", "Seen twice.")
    bobs.post(url, sent(bobs.get(url)) | {"title": "Theirs"})
    assert client.post(url, typed | {"title": "Newer"}).status_code == 409


def test_where_both_changed_one_field_mine_is_kept_and_theirs_shown(client, dave_in, bobs, process):
    demand = make.DemandFactory(process=process, note="Old")
    url = edit_url(demand)
    typed = sent(client.get(url)) | {"note": "Mine"}
    bobs.post(url, sent(bobs.get(url)) | {"note": "Theirs"})
    response = client.post(url, typed)
    assert response.status_code == 409 and "both, differently" in response.text
    assert "<ins>Theirs</ins>" in response.text and sent(response)["note"] == ["Mine"]
    # What is changed once more is shown once more.
    bobs.post(url, sent(bobs.get(url)) | {"note": "Theirs again"})
    response = client.post(url, sent(response))
    assert response.status_code == 409 and sent(response)["note"] == ["Mine"]
    assert client.post(url, sent(response)).status_code == 302
    demand.refresh_from_db()
    assert demand.note == "Mine"


def test_relations_and_lists_that_they_changed_are_kept(client, dave_in, bobs, process):
    russia, china = make.PartyFactory(name="Russia"), make.PartyFactory(name="China", aliases=["PRC"])
    demand = make.DemandFactory(process=process, party=russia)
    issue = make.IssueFactory(name="Sanctions")
    url = edit_url(demand)
    typed = sent(client.get(url)) | {"title": "Mine"}
    bobs.post(
        url, sent(bobs.get(url)) | {"party": "PRC", "issues": ["Sanctions"], "addressed_to": ["Russia"]}
    )
    response = client.post(url, typed)
    assert response.status_code == 409 and client.post(url, sent(response)).status_code == 302
    demand.refresh_from_db()
    assert (demand.title, demand.party, list(demand.issues.all())) == ("Mine", china, [issue])
    assert list(demand.addressed_to.all()) == [russia]
    url = edit_url(china)
    typed = sent(client.get(url)) | {"description": "A great power."}
    bobs.post(url, sent(bobs.get(url)) | {"aliases": "PRC\nMainland China"})
    assert client.post(url, sent(client.post(url, typed))).status_code == 302
    china.refresh_from_db()
    assert (china.aliases, china.description) == (["PRC", "Mainland China"], "A great power.")


def test_a_name_written_otherwise_is_no_change(client, dave_in, bobs, process):
    """It is the party that counts: whoever types its alias has changed nothing, whatever they did meanwhile."""
    china = make.PartyFactory(name="China", aliases=["PRC"])
    demand = make.DemandFactory(process=process, party=china, title="Old")
    url = edit_url(demand)
    typed = sent(client.get(url)) | {"party": "PRC"}
    bobs.post(url, sent(bobs.get(url)) | {"title": "Theirs"})
    assert client.post(url, typed).status_code == 302
    demand.refresh_from_db()
    assert (demand.title, demand.party) == ("Theirs", china)


def test_a_long_text_that_one_of_us_changed_is_kept(client, dave_in, bobs):
    long = "word " * 3000 + "end"
    source = make.SourceFactory(text=long)
    url = edit_url(source)
    page = client.get(url)
    assert len(page.content) < 2 * len(long)
    typed = sent(page) | {"publisher": "Gazette"}
    bobs.post(url, sent(bobs.get(url)) | {"text": f"{long} of it"})
    response = client.post(url, typed)
    assert response.status_code == 409 and client.post(url, sent(response)).status_code == 302
    assert Source.objects.get().text == f"{long} of it"
    typed = sent(client.get(url)) | {"text": f"Mine: {long}"}
    bobs.post(url, sent(bobs.get(url)) | {"text": f"Theirs: {long}"})
    response = client.post(url, typed)
    assert "both, differently" in response.text and sent(response)["text"] == [f"Mine: {long}"]


def test_a_form_that_does_not_say_when_it_was_opened_writes_nothing_at_once(client, dave_in, process):
    other = make.PartyFactory(name="Ruritania")
    party = make.PartyFactory(name="Freedonia")
    url = edit_url(party)
    typed = sent(client.get(url)) | {"name": "Sylvania"}
    foreign = sent(client.get(edit_url(other)))["opened"]
    for opened in ([], ["nonsense"], foreign):
        response = client.post(url, typed | {"opened": opened})
        assert response.status_code == 409 and "Freedonia" in response.text
        assert Party.objects.get(pk=party.pk).name == "Freedonia"
    assert client.post(url, sent(response)).status_code == 302
    assert Party.objects.get(pk=party.pk).name == "Sylvania"


def test_what_changes_between_the_look_and_the_write_is_seen(client, dave_in, bob, monkeypatch):
    party = make.PartyFactory(name="Freedonia", description="")
    url = edit_url(party)
    typed = sent(client.get(url)) | {"name": "Sylvania"}

    def late(sheet, by, real=RecordWithParts.save):
        monkeypatch.undo()
        theirs = Party.objects.get(pk=party.pk)
        theirs.description = "A republic."
        recording.save(bob, theirs)
        return real(sheet, by)

    monkeypatch.setattr(RecordWithParts, "save", late)
    response = client.post(url, typed)
    assert response.status_code == 409 and "bob" in errors(response)[0]
    party.refresh_from_db()
    assert (party.name, party.description) == ("Freedonia", "A republic.")
