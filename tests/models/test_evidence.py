"""Whether quoted words are found in a text, and that this follows the text."""

import pytest

from tests.factories import CitationFactory, SourceFactory, UserFactory
from tracker import recording
from tracker.models import Citation, Development
from tracker.models.evidence import stands_in

TEXT = """The minister said that the sides had “practically agreed” — on that point —
to restore the missions. “We weren’t just listening,” he added,
« but heard each other. »"""


@pytest.mark.parametrize(
    "quote",
    [
        "practically agreed",
        '"practically agreed"',
        "“practically  agreed”",
        "PRACTICALLY agreed",
        "on that point - to restore",
        "We weren't just listening",
        "the sides ... restore the missions",
        "the sides […] restore the missions",
        "the sides… missions",
        "«but heard each other.»".strip("«»"),
    ],
)
def test_words_are_found_however_they_are_set(quote):
    assert stands_in(quote, TEXT) is True


@pytest.mark.parametrize(
    "quote", ["fully agreed", "agreed practically", "missions ... the sides", "we were listening"]
)
def test_other_words_are_not(quote):
    assert stands_in(quote, TEXT) is False


@pytest.mark.parametrize(("quote", "text"), [("", TEXT), ("  ", TEXT), ("words", ""), ("words", " \n")])
def test_there_may_be_nothing_to_find(quote, text):
    assert stands_in(quote, text) is None


@pytest.mark.django_db
def test_quotes_are_looked_for_when_recorded_and_again_when_the_text_changes():
    source = SourceFactory(text=TEXT)
    found, missing, bare = (
        CitationFactory(source=source, quote=quote) for quote in ("practically agreed", "fully agreed", "")
    )

    def marks():
        return [Citation.objects.get(pk=citation.pk).found for citation in (found, missing, bare)]

    assert marks() == [True, False, None]
    for text, expected in (
        ("They are fully agreed.", [False, True, None]),
        ("", [None, None, None]),
        (TEXT, [True, False, None]),
    ):
        source.text = text
        recording.save(UserFactory(editor=True), source)
        assert marks() == expected
    assert Development.objects.count() == 3
