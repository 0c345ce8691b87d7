"""Texts run in the direction of their own script, and quotes say in which language they are."""

import datetime as dt
import unicodedata

import pytest
from bs4 import BeautifulSoup

from tests import factories as make
from tracker import recording
from tracker.models import Citation, Effect
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


PAGES = (
    "/", "{process}", "{process}agreement/", "{process}positions/", "{process}compare/?from=2025-02-01",
    "{process}paths/", "{process}timeline/", "{process}follow-ups/", "{process}table/", "{process}history/",
    "{principle}", "{principle}history/", "{talk}", "{demand}", "{follow_up}", "{development}", "{development}history/",
    "{development}edit/", "{person}", "{party}", "{source}", "{assessment}", "/search/?q=نقبل",
    "/developments/?party=إيران", "/talks/", "/citations/", "/assessments/",
)  # fmt: skip


@pytest.fixture
def arabic(alice):
    """The addresses of records whose words are all Arabic, by type."""
    process = make.ProcessFactory(title="محادثات النهر", summary="ملخص")
    party = make.PartyFactory(name="إيران", aliases=["فارس"])
    person = make.PersonFactory(name="عباس عراقجي", party=party)
    source = make.SourceFactory(publisher="صحيفة", title="عنوان", language="ar", text="لن نقبل الحياد")
    first = {"headline": "قال المتحدث", "party": party, "occurred_on": dt.date(2025, 2, 10)}
    named = {"process": process, "note": "ملاحظة", "development": first}
    principle = make.PrincipleFactory(title="مبدأ التجميد", **named)
    talk = make.TalkFactory(title="جولة", place="فيينا", host=party, **named)
    demand = make.DemandFactory(title="مطلب", party=party, **named)
    follow_up = make.FollowUpFactory(title="تعيين", owner=party, **named)
    make.DelegateFactory(delegation=make.DelegationFactory(talk=talk, party=party), person=person)
    development = make.DevelopmentFactory(
        process=process, party=party, speaker=person, headline="لن نقبل الحياد", detail="تفاصيل", talk=talk,
        occurred_on=dt.date(2025, 2, 18), citations=[Citation(source=source, quote="لن نقبل", place="ص ٣")],
        effects=[
            Effect(item=principle, party=party, stance="rejects", wording="يجب التجميد"),
            Effect(item=demand, status="rejected"),
            Effect(item=follow_up, status="dropped"),
        ],
    )  # fmt: skip
    assessment = make.AssessmentFactory(process=process, statement="لن ينجح", author=None, author_name="محلل")
    make.WatchPhraseFactory(process=process, phrase="الأسباب")
    process.aim = "هدف"
    recording.save(alice, process)
    found = locals()
    return {
        name: record.get_absolute_url()
        for name, record in found.items()
        if hasattr(record, "get_absolute_url")
    }


def astray(page):
    """The texts in letters from right to left that stand where the direction of others holds."""
    for text in page.body.find_all(string=True):
        is_shown = text.parent.name not in ("script", "style", "option", "textarea", "title")
        is_told = any(each.name == "bdi" or each.get("dir") == "auto" for each in text.parents)
        if (
            is_shown
            and not is_told
            and any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)
        ):
            yield f"{text.parent.name}: {text.strip()}"


def test_every_text_of_a_page_finds_its_direction(read, arabic):
    found = {page: [*astray(read(page.format(**arabic)))] for page in PAGES}
    assert not {page: texts for page, texts in found.items() if texts}
    assert "قال المتحدث" in read(arabic["process"] + "timeline/").get_text()
