"""Words that are not found in the stored text of their source: whoever saves them is warned, and nothing is refused."""

import pytest

from tests import factories as make
from tests.pages.filling import sent, submit
from tests.pages.reading import Page, Words
from tracker.models import Assessment, Citation, Development, Source

pytestmark = pytest.mark.django_db

WARNING = (
    "Not found in the stored text of The Gazette, 18 Feb 2025: “{}”. It was saved; please check the quote."
)
BADGE = "words not found in the stored text"


@pytest.fixture
def scene(client, alice):
    """A source with its text, another without; alice is signed in."""
    client.force_login(alice)
    process = make.ProcessFactory(title="Peace talks")
    make.PartyFactory(name="Freedonia")
    make.SourceFactory(title="A report", publisher="The Gazette", text="He said: we insist, we always did.")
    make.SourceFactory(title="A note", publisher="The Bulletin", text="")
    return process


SAID = {
    "process": "Peace talks",
    "occurred_on": "2025-02-18",
    "kind": "report",
    "headline": "Freedonia insists",
    "party": "Freedonia",
    "basis": "own_words",
}


def quoting(*quotes, source="A report"):
    """What is typed to cite `quotes`."""
    rows = {f"citations-{row}-quote": words for row, words in enumerate(quotes)}
    rows |= {f"citations-{row}-source": source for row in range(len(quotes))}
    return rows | {f"citations-{row}-credibility": "2" for row in range(len(quotes))} | {
        "citations-TOTAL_FORMS": str(len(quotes))
    }  # fmt: skip


def warned(client, response):
    """The warnings on the page that `response` leads to."""
    assert response.status_code == 302, response.content.decode()
    return Words(client.get(response.url)).texts(".messages .severity-warning")


def test_each_quote_that_is_not_found_is_warned_of_after_saving(client, scene):
    typed = quoting("we insist", "we never said so", "nor this")
    response = submit(client, "/developments/new/", **SAID, **typed)
    assert warned(client, response) == [WARNING.format("we never said so"), WARNING.format("nor this")]
    found = Development.objects.get(headline="Freedonia insists").citations.values_list("quote", "found")
    assert set(found) == {("we insist", True), ("we never said so", False), ("nor this", False)}


def test_what_is_found_and_what_cannot_be_looked_for_is_not_warned_of(client, scene):
    assert (
        warned(
            client, submit(client, "/developments/new/", **SAID, **quoting("we insist", "We … always did"))
        )
        == []
    )
    nowhere = quoting("anything", source="A note")
    assert warned(client, submit(client, "/developments/new/", **SAID, **nowhere)) == []


def test_beside_the_quote_it_stays_in_view(client, scene):
    response = submit(client, "/developments/new/", **SAID, **quoting("we insist", "we never said so"))
    page = Page(client, response.url)
    assert page.section("words").count(BADGE) == 1
    assert page.section("words").index("we never said so") < page.section("words").index(BADGE)
    for address in ("/timeline/", scene.get_absolute_url()):
        assert BADGE in Page(client, address).text(), address


def test_wherever_words_are_quoted_it_stands_beside_them(client, scene):
    party, source = make.PartyFactory(), make.SourceFactory(text="Other words.")
    speaker = make.PersonFactory(party=party)
    effect = {"stance": "affirms", "party": party}
    talk, principle = (
        maker(
            process=scene,
            effect=effect,
            development={
                "party": party,
                "speaker": speaker,
                "basis": "own_words",
                "citations": [Citation(source=source, quote="not so")],
            },
        )
        for maker in (make.TalkFactory, make.PrincipleFactory)
    )
    make.DelegationFactory(talk=talk, party=party)
    process = scene.get_absolute_url()
    pages = [f"{process}{name}/" for name in ("agreement", "positions", "table", "timeline")]
    pages += [f"{process}compare/?from=2025-02-17&to=2025-03-01"]
    pages += [record.get_absolute_url() for record in (talk, principle, party, speaker, scene)]
    for address in pages:
        assert BADGE in Page(client, address).text(), address


def test_a_correction_and_the_next_one_of_the_same_report_are_warned_of(client, scene):
    response = submit(client, "/developments/new/", ("another", "1"), **SAID, **quoting("not so"))
    assert warned(client, response) == [WARNING.format("not so")]
    edit = Development.objects.get().get_absolute_url() + "edit/"
    response = submit(client, edit, reason="world_misread", **quoting("neither so"))
    assert warned(client, response) == [WARNING.format("neither so")]
    response = submit(client, edit, reason="world_misread", **quoting("we insist"))
    assert warned(client, response) == []


def test_what_raises_an_item_is_warned_of(client, scene):
    typed = {
        "process": "Peace talks", "title": "Withdrawal", "kind": "demand", "party": "Freedonia",
        "development-occurred_on": "2025-02-18", "development-kind": "report", "development-basis": "own_words",
    }  # fmt: skip
    response = submit(client, "/demands/new/", **typed, **quoting("not so"))
    assert warned(client, response) == [WARNING.format("not so")]
    # The item itself quotes nothing.
    assert warned(client, submit(client, f"{response.url}edit/", title="Withdrawal of troops")) == []


def test_an_update_on_the_page_of_an_item_is_warned_of(client, scene):
    demand = make.DemandFactory(process=scene)
    page = client.get(f"{demand.get_absolute_url()}update/")
    typed = {name: values for name, values in sent(page).items() if not name.startswith("feed")}
    typed |= SAID | quoting("not so") | {"process": scene.ref, "effects-0-status": "met"}
    assert warned(client, client.post("/developments/new/", typed)) == [WARNING.format("not so")]


def test_other_words_that_are_quoted_are_warned_of(client, scene):
    typed = {
        "process": "Peace talks",
        "statement": "It fails.",
        "author_name": "Desk",
        "made_on": "2025-02-18",
    }
    response = submit(client, "/assessments/new/", **typed, source="A report", quote="it is doomed")
    assert warned(client, response) == [WARNING.format("it is doomed")]
    assert Assessment.objects.get().quote == "it is doomed"
    talk = make.TalkFactory(process=scene, title="Round one")
    typed = {
        "talk": talk.ref,
        "party": "Freedonia",
        "role": "excluded",
        "source": "A report",
        "quote": "kept out",
    }
    assert warned(client, submit(client, "/delegations/new/", **typed)) == [WARNING.format("kept out")]


def test_a_text_that_is_stored_later_is_looked_through_and_says_how_many_are_not_in_it(client, scene, bob):
    nowhere = quoting("we insist", "not so", source="A note")
    development = Development.objects.get(
        ref=submit(client, "/developments/new/", **SAID, **nowhere).url.split("/")[2]
    )
    page = Page(client, development.get_absolute_url())
    assert BADGE not in page.text()
    client.force_login(bob)
    source = Source.objects.get(title="A note")
    edit = f"{source.get_absolute_url()}edit/"
    said = "1 quote is not found in this text. To see which, filter the citations by Words found: No."
    assert warned(client, submit(client, edit, text="We insist.")) == [said]
    assert BADGE in Page(client, development.get_absolute_url()).text()
    listed = Page(client, f"/citations/?source={source.ref}&found=false")
    assert "not so" in listed.text("#results") and "we insist" not in listed.text("#results")
    assert warned(client, submit(client, edit, text="We insist; not so!")) == []
    assert BADGE not in Page(client, development.get_absolute_url()).text()


def test_a_warning_about_a_source_counts_nothing_that_the_reader_may_not_see(client, bob, restricted_process):
    source = make.SourceFactory(publisher="The Gazette", text="")
    make.DevelopmentFactory(process=restricted_process, citations=[Citation(source=source, quote="not so")])
    client.force_login(bob)
    assert warned(client, submit(client, f"{source.get_absolute_url()}edit/", text="Other words.")) == []


@pytest.mark.parametrize(
    "found, quotes", [("true", ["in it"]), ("false", ["not so"]), ("unknown", ["anything"])]
)
def test_citations_are_told_by_whether_their_words_were_found(client, scene, found, quotes):
    gazette = make.SourceFactory(text="All of this is in it.")
    rows = [(gazette, "in it"), (gazette, "not so"), (make.SourceFactory(text=""), "anything")]
    for source, words in rows:
        make.DevelopmentFactory(headline=words, citations=[Citation(source=source, quote=words)])
    page = Page(client, f"/citations/?found={found}&columns=quote")
    assert page.texts("#results tbody td") == quotes
    page = Page(client, "/developments/?unfound=true")
    assert "not so" in page.text("#results") and "anything" not in page.text("#results")
