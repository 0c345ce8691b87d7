"""What the tests of pages leave to one of several texts that look the same is found all the same."""

import pytest

from tests.browser.axe import CONTRAST, LINKS, failings

PAGE = """<!doctype html><html lang="en"><title>A page</title><main><h1>A page</h1>
<p style="color: #000">Dark. <a href="#" style="color: #111">Read</a></p>
<p style="color: {colour}">Faint.</p><div style="background: {ground}"><p>On its ground.</p></div>
<p>{before}<a href="#" style="color: #00c; text-decoration: {line}">Linked</a></p></main>"""


@pytest.fixture
def page(browser):
    with browser.new_context() as context:
        yield context.new_page()


def found(page, seen, colour="#222", ground="#fff", line="underline", before="What is known. "):
    """The names of the rules that a page with these styles fails."""
    page.set_content(PAGE.format(colour=colour, ground=ground, line=line, before=before))
    return {told.partition(" ")[0] for told in failings(page, seen=seen)}


@pytest.mark.parametrize("style", [{"colour": "#ccc"}, {"ground": "#333"}])
def test_a_look_that_was_not_seen_is_looked_at(page, style):
    seen = set()
    assert found(page, seen) == set()
    assert found(page, seen, **style) == {CONTRAST}


@pytest.mark.parametrize("before", ["What is known. ", "<b>What is known.</b> ", "First.<br>What is known. "])
def test_a_link_among_words_is_looked_at_where_only_links_alone_were(page, before):
    seen = set()
    assert found(page, seen, line="none", before="") == set()
    assert found(page, seen, line="none", before="<button>What is known</button> ") == set()
    assert found(page, seen, line="none", before=before) == {LINKS}


def test_a_look_is_looked_at_once(page):
    seen = set()
    assert found(page, seen, colour="#ccc") == {CONTRAST}
    assert found(page, seen, colour="#ccc") == set()
    assert found(page, set(), colour="#ccc") == {CONTRAST}
    assert found(page, seen, line="none") == {LINKS}
    assert found(page, seen, line="none") == set()
