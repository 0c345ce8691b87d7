"""A source with a long text has a form of a usual size: its text has one of its own, and is left as it is meanwhile."""

import pytest

from tests import factories as make
from tests.admin.pages import typed, url
from tests.pages.filling import sent
from tests.pages.reading import Page, Words
from tracker import recording
from tracker.forms.sources import LONGEST_TEXT
from tracker.models import Source, SourceText

pytestmark = pytest.mark.django_db

LARGEST = 300_000
LONG = "“It is agreed.” " * 29_999 + "“It is agreed.”!"


@pytest.fixture
def source(client, bob):
    """A source with a text that no page holds; bob, an editor, is signed in."""
    client.force_login(bob)
    return make.SourceFactory(title="The treaty", text=LONG, by=bob)


def test_its_form_says_how_long_it_is_and_leaves_it_as_it_is(client, source):
    address = f"{source.get_absolute_url()}edit/"
    page = Page(client, address)
    assert not page.soup.select("[name=text]") and len(page.response.content) < LARGEST
    assert "The text is long (480,000 characters), and stays as it is." in page.text()
    assert [f"{source.get_absolute_url()}text/{end}" for end in ("", "edit/")] == page.links(".form-part p a")
    wrong = client.post(address, sent(page.response) | {"title": ""})
    assert wrong.status_code == 422 and "480,000 characters" in wrong.text and len(wrong.content) < LARGEST
    assert client.post(address, sent(wrong) | {"title": "The first treaty"}).status_code == 302
    source.refresh_from_db()
    assert (source.title, source.text) == ("The first treaty", LONG) and SourceText.objects.count() == 1


def test_it_is_changed_on_a_page_of_its_own(client, source):
    [address] = Page(client, f"{source.get_absolute_url()}text/").links(".page-head .actions a.button")
    form = sent(client.get(address))
    assert form["text"] == [LONG] and "title" not in form
    assert client.post(address, form | {"text": "Nothing is agreed."}).status_code == 302
    source.refresh_from_db()
    assert (source.title, source.text) == ("The treaty", "Nothing is agreed.")
    assert sent(client.get(f"{source.get_absolute_url()}edit/"))["text"] == ["Nothing is agreed."]


@pytest.mark.parametrize(("length", "is_there"), [(LONGEST_TEXT, True), (LONGEST_TEXT + 1, False)])
def test_a_text_of_some_length_stands_among_the_other_fields(client, source, length, is_there):
    other = make.SourceFactory(text='"' * length)
    for address in (f"{other.get_absolute_url()}edit/", url(Source, "change", other.pk)):
        page = client.get(address)
        assert ("text" in sent(page) or bool(Words(page).soup.select("textarea[name=text]"))) == is_there
        assert len(page.content) < LARGEST


def test_a_text_that_is_sent_all_the_same_is_taken(client, source):
    """As of a form from before it was long, or put back by the browser."""
    address = f"{source.get_absolute_url()}edit/"
    assert client.post(address, sent(client.get(address)) | {"text": "Short."}).status_code == 302
    source.refresh_from_db()
    assert source.text == "Short."


@pytest.mark.parametrize("admin", [False, True])
@pytest.mark.parametrize(("began", "became"), [("Short.", LONG), (LONG, "Short.")])
def test_a_text_that_another_one_changes_meanwhile_stays_theirs(client, dave, began, became, admin):
    client.force_login(dave)
    other = make.SourceFactory(title="Minutes", text=began)
    address = url(Source, "change", other.pk) if admin else f"{other.get_absolute_url()}edit/"
    read = typed if admin else sent
    form = read(client.get(address)) | {"title": "The minutes"}
    theirs = Source.objects.get(pk=other.pk)
    theirs.text = became
    recording.save(make.UserFactory(editor=True), theirs)
    asked = client.post(address, form)
    assert asked.status_code == 409
    saved = client.post(address, read(asked))
    assert saved.status_code == 302, Words(saved).text(".error-summary, .errornote ~ *")
    other.refresh_from_db()
    assert (other.title, other.text) == ("The minutes", became)


def test_the_admin_leaves_it_as_it_is_too(client, source, dave):
    client.force_login(dave)
    address = url(Source, "change", source.pk)
    page = client.get(address)
    assert len(page.content) < LARGEST and not Words(page).soup.select("textarea[name=text]")
    assert "480,000 characters, which stay as they are." in Words(page).text(".field-long_text")
    assert client.post(address, typed(page) | {"title": "The first treaty"}).status_code == 302
    source.refresh_from_db()
    assert (source.title, source.text) == ("The first treaty", LONG)
