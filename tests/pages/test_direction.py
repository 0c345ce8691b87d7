"""Texts run in the direction of their own script, and quotes say in which language they are."""

import pytest
from bs4 import BeautifulSoup

from tests import factories as make
from tracker.models import Citation
from tracker.templatetags.reading import in_language

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client, alice):
    """A function that reads a page as an analyst."""
    client.force_login(alice)
    return lambda address: BeautifulSoup(client.get(address).content, "lxml")


@pytest.fixture
def development():
    source = make.SourceFactory(publisher="صحيفة", title="عنوان", language="ar", text="لن نقبل الحياد")
    return make.DevelopmentFactory(
        headline="لن نقبل الحياد", citations=[Citation(source=source, quote="لن نقبل")]
    )


def test_a_quote_is_in_the_language_of_its_source(read, development):
    quote = read(development.get_absolute_url()).find("blockquote", string="لن نقبل")
    assert quote["lang"] == "ar" and quote["dir"] == "auto"


def test_a_stored_text_is_in_the_language_of_its_source(read, development):
    source = development.citations.get().source
    text = read(source.get_absolute_url()).select_one(".stored-text")
    assert text["lang"] == "ar" and text.p["dir"] == "auto"
    alone = read(f"{source.get_absolute_url()}text/").select_one(".stored-text")
    assert alone["lang"] == "ar"


def test_headings_cells_facts_and_hits_find_their_direction(read, development):
    assert read(development.get_absolute_url()).h1["dir"] == "auto"
    party = make.PartyFactory(name="إيران")
    detail = read(party.get_absolute_url())
    assert detail.h1["dir"] == "auto" and all(fact["dir"] == "auto" for fact in detail.select(".facts dd"))
    assert read("/parties/").find("a", string="إيران").find_parent("th")["dir"] == "auto"
    assert read("/search/?q=إيران").select_one(".hit-name")["dir"] == "auto"
    assert read("/search/suggestions/?q=إيران").bdi.get_text() == "إيران"


def test_inputs_find_their_direction(read):
    form = read("/parties/new/")
    inputs = form.select("form.entry input[type=text], main input[type=text], main textarea")
    assert inputs and all(each.get("dir") == "auto" for each in inputs)
    assert form.select_one("#search-box")["dir"] == "auto"


def test_what_is_no_language_code_is_no_attribute():
    assert in_language("pt-BR") == ' lang="pt-BR"' and in_language("zh-Hans") == ' lang="zh-Hans"'
    assert (
        in_language("")
        == in_language(None)
        == in_language('"><script>')
        == in_language("Russian, mostly")
        == ""
    )
