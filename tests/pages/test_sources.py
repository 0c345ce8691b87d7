"""The page of a source: its address as a link, and its stored text for those who record."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from tests import factories as make
from tracker import recording
from tracker.forms.sources import LONGEST_TEXT
from tracker.models.base import writes_allowed
from tracker.pages.sources import MOST_BYTES, paragraphs_of

pytestmark = pytest.mark.django_db

TEXT = "First <b>paragraph</b>,\nits second line.\n\nفقرة ثانية\n \n\n<script>alert(1)</script>"


def opened(user, address):
    """The page at `address` as `user` sees it."""
    client = Client()
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "lxml")


@pytest.mark.parametrize("address", ["https://example.org/a?b=1&c=%22", "HTTP://EXAMPLE.org/x"])
def test_the_address_is_a_link_that_says_it_leads_elsewhere(carol, address):
    source = make.SourceFactory(url=address)
    for page in (f"/sources/{source.ref}/", "/sources/?columns=title,url"):
        link = opened(carol, page).select_one("main a.external")
        assert link["href"] == address and link["rel"] == ["noopener", "noreferrer"]
        assert link.get_text() == f"{address} (another site)"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "ftp://example.org/x", "//example.org"]
)
def test_nothing_but_an_address_of_the_web_becomes_a_link(carol, address):
    source = make.SourceFactory()
    with writes_allowed():
        type(source).objects.filter(pk=source.pk).update(url=address)
    for page in (f"/sources/{source.ref}/", "/sources/?columns=title,url"):
        main = opened(carol, page).main
        assert address in main.get_text()
        assert not main.select("a.external") and not main.select(f'a[href^="{address[:5]}"]')


@pytest.mark.parametrize("role", ["analyst", "editor", "administrator"])
def test_those_who_record_read_the_text_with_its_paragraphs_and_never_as_markup(role):
    source = make.SourceFactory(text=TEXT)
    user = make.UserFactory(**{role: True})
    for page in (f"/sources/{source.ref}/", f"/sources/{source.ref}/text/"):
        text = opened(user, page).select_one(".stored-text")
        assert [paragraph["dir"] for paragraph in text.select("p")] == ["auto"] * 3
        shown = [paragraph.get_text() for paragraph in text.select("p")]
        assert shown == ["First <b>paragraph</b>,its second line.", "فقرة ثانية", "<script>alert(1)</script>"]
        assert len(text.select("br")) == 1 and not text.select("b, script")


def test_a_viewer_is_told_that_there_is_a_text_and_who_may_read_it(carol, client):
    source = make.SourceFactory(text=TEXT)
    told = opened(carol, f"/sources/{source.ref}/").select_one("section[aria-labelledby=text]").get_text()
    assert "Analysts, editors and administrators can read it" in told and "paragraph" not in told
    client.force_login(carol)
    refused = client.get(f"/sources/{source.ref}/text/")
    assert refused.status_code == 403 and "Only analysts, editors and administrators" in refused.text
    assert "second line" not in refused.text
    without = make.SourceFactory()
    assert "No text is stored." in opened(carol, f"/sources/{without.ref}/").get_text()


def test_a_long_text_has_pages_of_its_own_none_of_them_large(alice, client):
    words = "\n\n".join(f"{number}. " + "“Ω”&\"'<" * 700 for number in range(90)) + "\n\n" + "x" * 90_000
    source = make.SourceFactory(text=words)
    first = opened(alice, f"/sources/{source.ref}/")
    assert not first.select(".stored-text")
    address, seen, parts = first.select_one("section[aria-labelledby=text] p a")["href"], [], []
    client.force_login(alice)
    while address:
        response = client.get(address)
        assert len(response.content) < 300_000
        page = BeautifulSoup(response.content, "lxml")
        seen += [paragraph.get_text() for paragraph in page.select(".stored-text p")]
        parts.append(" ".join(page.select_one("main .small:has(~ .stored-text) ~ .small").get_text().split()))
        following = page.select_one("a[rel=next]")
        address = following and following["href"]
    assert "".join(seen) == words.replace("\n\n", "")
    said = "a text as long as this is shown in parts."
    assert parts[:2] == [f"Part {part} of {len(parts)}: {said} The next part goes on." for part in (1, 2)]
    assert parts[-1] == f"Part {len(parts)} of {len(parts)}: {said}"
    assert client.get(f"/sources/{source.ref}/text/?page=x").status_code == 400


def test_a_text_of_the_most_that_folds_leaves_the_page_small(alice):
    source = make.SourceFactory(text='"' * LONGEST_TEXT)
    client = Client()
    client.force_login(alice)
    response = client.get(f"/sources/{source.ref}/")
    assert len(response.content) < 300_000 and b'class="stored"' in response.content


def test_long_paragraphs_are_cut_at_blanks_and_lose_nothing():
    text = "word " * (MOST_BYTES // 5)
    cut = paragraphs_of(text)
    assert len(cut) > 1 and "".join(cut) == text.strip() and all(len(one) <= MOST_BYTES // 6 for one in cut)


def test_the_text_before_an_edit_is_read_from_the_history(alice, carol, client):
    source = make.SourceFactory(by=alice, text="As it was first.")
    between = timezone.now()
    source.text = "As it is now."
    recording.save(alice, source)
    known = between.isoformat().replace("+00:00", "Z")
    assert "As it was first." in opened(alice, f"/sources/{source.ref}/?known={known}").get_text()
    link = opened(alice, f"/sources/{source.ref}/history/").select_one('td a[href*="/text/"]')
    assert opened(alice, link["href"]).select_one(".stored-text").get_text().strip() == "As it was first."
    assert not opened(carol, f"/sources/{source.ref}/history/").select('td a[href*="/text/"]')
    recording.delete(alice, source)
    assert opened(alice, link["href"]).select_one(".stored-text").get_text().strip() == "As it was first."
    client.force_login(alice)
    assert client.get(f"/sources/{source.ref}/text/").status_code == 410
    client.force_login(carol)
    assert client.get(link["href"]).status_code == 403


def test_the_quotes_of_its_citations_are_marked_in_the_text(alice, carol):
    source = make.SourceFactory(text="“We <agreed>,” he said.\n\nNot on missions. They parted.")
    for quote in ("we <agreed>", "said ... missions", "Not on", "never said"):
        make.CitationFactory(source=source, quote=quote)
    withdrawn = make.CitationFactory(source=source, quote="They parted")
    recording.withdraw(make.UserFactory(editor=True), withdrawn.development, "Not said.")
    for page in (f"/sources/{source.ref}/", f"/sources/{source.ref}/text/"):
        text = opened(alice, page).select_one(".stored-text")
        assert [mark.get_text() for mark in text.select("mark")] == [
            "We <agreed>",
            "said",
            "Not on",
            "missions",
        ]
        assert text.get_text().split() == source.text.split()
    seen = opened(carol, f"/sources/{source.ref}/")
    assert not seen.select("mark, .text-versions") and "We <agreed>".lower() in seen.get_text().lower()


def test_the_versions_of_the_text_are_listed_with_what_differs(alice, bob, carol, client):
    words = "They met in the morning and spoke at length about many matters of no weight to anybody at all."
    source = make.SourceFactory(by=alice, text=f"{words} {words} He agreed.")
    for text, by in ((f"{words} {words} He refused.", bob), ("", bob)):
        source.text = text
        recording.save(by, source)
    between = opened(alice, f"/sources/{source.ref}/")
    rows = [" ".join(row.get_text().split()) for row in between.select(".text-versions > li")]
    begin = ("Version 3 taken out", "Version 2 stored", "Version 1 stored")
    assert all(row.startswith(words) for row, words in zip(rows, begin, strict=True))
    assert "by bob" in rows[1] and "by alice" in rows[2] and "200 characters" in rows[2]
    differs = between.select(".text-versions > li")[1].select_one("details")
    assert (differs.select_one("del").get_text().strip(), differs.select_one("ins").get_text()) == (
        "agreed",
        "refused",
    )
    # Of what is the same, only what stands around is shown.
    assert "…" in differs.get_text() and len(differs.get_text()) < 200
    first = between.select(".text-versions a")[-1]["href"]
    assert "He agreed." in opened(alice, first).select_one(".stored-text").get_text()
    client.force_login(alice)
    for version in ("3", "9", "x"):
        assert client.get(f"/sources/{source.ref}/text/?version={version}").status_code == 404
    client.force_login(carol)
    assert client.get(first).status_code == 403


def test_the_admin_marks_the_address_too(bob, alice):
    source = make.SourceFactory(url="https://example.org/a", text=TEXT)
    for user in (bob, alice):
        link = opened(user, f"/admin/tracker/source/{source.pk}/change/").select_one("a.external")
        assert link["href"] == "https://example.org/a" and link["rel"] == ["noopener", "noreferrer"]
    with writes_allowed():
        type(source).objects.filter(pk=source.pk).update(url="javascript:alert(1)")
    for user in (bob, alice):
        assert not opened(user, f"/admin/tracker/source/{source.pk}/change/").select('a[href^="javascript"]')
