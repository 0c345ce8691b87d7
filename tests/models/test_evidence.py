"""Whether quoted words are found in a text, and that this follows the text."""

import datetime as dt

import pytest

from tests.factories import CitationFactory, SourceFactory, UserFactory
from tracker import recording
from tracker.models import Citation, Development
from tracker.models.evidence import stands_in
from tracker.models.past import reading
from tracker.recording.timestamps import last_instant

MOMENT = dt.timedelta(microseconds=1)

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
def test_quotes_are_looked_for_in_each_text_and_stay_found():
    source = SourceFactory()
    quotes = ("practically agreed", "fully agreed", "")
    cited = [CitationFactory(source=source, quote=quote) for quote in quotes]
    then = []

    def marks():
        return [Citation.objects.get(pk=citation.pk).found for citation in cited]

    for text, expected in (
        ("", [None, None, None]),
        (TEXT, [True, False, None]),
        ("They are fully agreed.", [True, True, None]),
        ("", [True, True, None]),
        (TEXT, [True, True, None]),
    ):
        source.text = text
        recording.save(UserFactory(editor=True), source)
        assert marks() == expected
        then.append((last_instant(), expected))
    assert Development.objects.count() == 3
    # What was known then does not change.
    for instant, expected in then:
        for known in (instant, instant + MOMENT):
            with reading(known):
                assert marks() == expected
