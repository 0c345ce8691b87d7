"""Each text of a source is kept as it was stored, and a quote is proved by the text in which it was found."""

import datetime as dt

import pytest
from django.apps import apps

from tests import factories as make
from tests.corrections import copied, correct
from tracker import recording
from tracker.clocks import PRESENT
from tracker.models import Citation, Source, SourceText
from tracker.models.base import writes_allowed
from tracker.models.changes import digest
from tracker.models.past import reading
from tracker.models.source_texts import sha256
from tracker.queries.source_texts import quoted_places
from tracker.recording import source_texts
from tracker.recording.earlier_texts import Entry, Stored, keep, stored_texts
from tracker.recording.timestamps import last_instant, one_instant

MOMENT = dt.timedelta(microseconds=1)
FIRST, SECOND = "They met.", "They met again."


def test_without_a_text_no_quote_is_looked_for(alice, django_assert_num_queries):
    source = make.SourceFactory()
    with django_assert_num_queries(0):
        assert quoted_places(source, source.text, alice, PRESENT) == []


def store(source, text, by):
    """Store `text` as that of `source`, and return the instant."""
    source.text = text
    recording.save(by, source)
    return last_instant()


@pytest.mark.django_db
@pytest.mark.both
def test_a_text_stays_as_it_was_stored_and_is_read_from_its_very_instant_on(alice, bob):
    source = make.SourceFactory(by=alice, title="Empty")
    entered = last_instant()
    instants = [store(source, text, by) for text, by in ((FIRST, alice), (SECOND, bob), ("", bob))]
    source.title = "Another title"
    recording.save(alice, source)
    recording.delete(alice, source)
    kept = SourceText.objects.order_by("number")
    assert [(text.number, text.text, text.recorded_by, text.recorded_at, text.language) for text in kept] == [
        (1, FIRST, alice, instants[0], "en"), (2, SECOND, bob, instants[1], "en"), (3, "", bob, instants[2], "en")
    ]  # fmt: skip
    assert [text.sha256 for text in kept] == [sha256(FIRST), sha256(SECOND), sha256("")]
    read = {}
    for instant in (entered, *instants):
        for known in (instant - MOMENT, instant):
            with reading(known):
                stored = Source.objects.filter(ref=source.ref).values_list("text", flat=True).first()
                read[known] = (stored, kept.all().count())
    assert list(read.values()) == [
        (None, 0), ("", 0), ("", 0), (FIRST, 1), (FIRST, 1), (SECOND, 2), (SECOND, 2), ("", 3)
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.both
def test_a_quote_is_proved_by_the_text_in_which_it_was_found_first(alice):
    def proof(citation):
        citation = Citation.objects.select_related("found_in").get(pk=citation.pk)
        return citation.found, citation.found_in_id and citation.found_in.number

    source = make.SourceFactory(by=alice, text=FIRST)
    early = make.CitationFactory(source=source, quote="they met")
    late = make.CitationFactory(source=source, quote="met again")
    before = last_instant()
    found = store(source, SECOND, alice)
    stale = Source.objects.get()
    store(source, f"{SECOND} {FIRST}", alice)
    # The words are looked up in the text that the form has read.
    assert proof(make.CitationFactory(source=stale, quote="they met")) == (True, 2)

    assert (proof(early), proof(late)) == ((True, 1), (True, 2))
    for known, expected in ((before, (False, None)), (found - MOMENT, (False, None)), (found, (True, 2))):
        with reading(known):
            assert (proof(early), proof(late)) == ((True, 1), expected)


@pytest.mark.django_db
def test_whether_words_were_found_is_read_as_it_was(alice):
    source = make.SourceFactory(by=alice)
    make.CitationFactory(source=source, quote="met again")
    cited, looked_up, found = last_instant(), store(source, FIRST, alice), store(source, SECOND, alice)
    read = []
    for known in (cited, looked_up - MOMENT, looked_up, found - MOMENT, found):
        with reading(known):
            columns = "found", "found_in__number", "looked_up_at", "found_at"
            read.append(Citation.objects.values_list(*columns).get())
    unknown, missed, proved = (None,) * 4, (False, None, looked_up, None), (True, 2, looked_up, found)
    assert read == [unknown, unknown, missed, missed, proved]


@pytest.mark.django_db
def test_words_of_an_earlier_text_are_found_and_stay_proved_by_it(alice, bob):
    source = make.SourceFactory(by=alice, text=FIRST)
    first = make.CitationFactory(source=source, quote="they met").development
    for text in (SECOND, f"{SECOND} {FIRST}", f"“{FIRST}”", "Nothing."):
        store(source, text, alice)

    def proof(development):
        cited = development.citations.select_related("found_in").get()
        return cited.found, cited.found_in and cited.found_in.number

    # The text that proved them first, rather than the newest one that has them.
    corrected = correct(first, by=bob, headline="They met on Monday")
    assert proof(corrected) == (True, 1)
    store(source, "", alice)
    corrected = correct(corrected, by=bob, headline="They met on Tuesday")
    assert proof(corrected) == (True, 1)
    quoting = {
        words: make.CitationFactory(source=source, quote=words)
        for words in ("they met", "met again", "never", "")
    }
    assert {words: proof(citation.development) for words, citation in quoting.items()} == {
        "they met": (True, 4), "met again": (True, 3), "never": (None, None), "": (None, None)
    }  # fmt: skip
    # Other words, or those of another source, are looked up anew.
    cited = copied(corrected.citations.get(), quote="met again")
    corrected = correct(corrected, by=bob, citations=[cited])
    assert proof(corrected) == (True, 3)
    other = make.SourceFactory(by=alice, text="Nothing.")
    assert proof(correct(corrected, by=bob, citations=[copied(cited, source=other)])) == (False, None)


@pytest.mark.django_db
def test_words_are_not_found_in_a_text_that_the_recorder_may_not_read(alice, bob, restricted_process):
    source = make.SourceFactory(by=alice, text=FIRST, process=restricted_process)
    store(source, "Nothing.", alice)
    source.process = None
    recording.save(alice, source)
    found = [
        make.DevelopmentFactory(by=by, citations=[Citation(source=Source.objects.get(), quote="they met")])
        .citations.get()
        .found
        for by in (alice, bob)
    ]
    assert found == [True, False]


@pytest.mark.django_db
def test_a_text_that_was_written_past_the_record_is_found_and_kept(alice):
    source, other = make.SourceFactory(text=FIRST), make.SourceFactory(text="Another.")
    with writes_allowed():
        Source.objects.filter(pk=source.pk).update(text=SECOND)
    assert source_texts.unkept().get() == source
    recording.repair_versions()
    assert not source_texts.unkept().exists()
    assert [text.text for text in SourceText.objects.of(source)] == [SECOND, FIRST]
    assert [text.text for text in SourceText.objects.of(other)] == ["Another."]


@pytest.mark.django_db
def test_texts_stored_at_one_instant_stand_in_their_order(alice):
    with one_instant():
        source = make.SourceFactory(text=FIRST)
        store(source, SECOND, alice)
    with reading(last_instant()):
        assert Source.objects.get().text == SECOND
    assert source_texts.unkept().count() == 0


DAYS = [dt.datetime(2025, 2, day, tzinfo=dt.UTC) for day in range(20, 28)]


@pytest.mark.parametrize(
    ("earlier", "present", "entries", "expected"),
    [
        # Nothing tells of the text: it was there from the first recording on.
        ([], FIRST, [], [(0, None, FIRST)]),
        ([], "", [], []),
        ([], FIRST, [(2, 7, FIRST)], [(2, 7, FIRST)]),
        ([(2, FIRST)], SECOND, [(0, 7, FIRST), (2, 8, SECOND)], [(0, 7, FIRST), (2, 8, SECOND)]),
        # It was taken out, and stored again.
        ([(2, FIRST)], FIRST, [(0, 7, FIRST), (2, 8, ""), (4, 9, FIRST)], [(0, 7, FIRST), (2, 8, ""), (4, 9, FIRST)]),
        ([(2, FIRST)], "", [(1, 7, FIRST), (2, 8, "")], [(1, 7, FIRST), (2, 8, "")]),
        # The source was deleted with its text.
        ([(2, FIRST)], None, [(1, 7, FIRST), (2, 8, "")], [(1, 7, FIRST)]),
        ([(2, FIRST), (2, SECOND)], "", [(0, 7, FIRST), (2, 8, SECOND), (2, 8, "")],
         [(0, 7, FIRST), (2, 8, SECOND), (2, 8, "")]),
    ],
)  # fmt: skip
def test_texts_of_earlier_releases_are_put_in_their_order(earlier, present, entries, expected):
    told = [Entry(DAYS[day], by, digest(text)) for day, by, text in entries]
    found = stored_texts([(DAYS[day], text) for day, text in earlier], present, told, DAYS[0])
    assert found == [Stored(DAYS[day], by, text) for day, by, text in expected]


@pytest.mark.django_db
def test_what_an_earlier_release_kept_becomes_what_is_kept_now(alice, bob):
    def kept():
        columns = "source_ref", "number", "recorded_at", "recorded_by", "language", "sha256", "text"
        proofs = Citation.objects.order_by("pk").values_list("found_in__source_ref", "found_in__number")
        return [*SourceText.objects.values_list(*columns)], [*proofs]

    source = make.SourceFactory(by=alice, text=FIRST, language="ru")
    gone = make.SourceFactory(by=bob, text="Gone.", language="")
    make.SourceFactory(by=bob, text="Another.", language="fr")
    for quote in ("They met", "met again"):
        make.CitationFactory(source=source, quote=quote)
    replaced = store(source, SECOND, bob)
    make.CitationFactory(source=source, quote="They met")
    recording.delete(alice, gone)
    before = kept()
    assert [proof[1] for proof in before[1]] == [1, 2, 2]
    with writes_allowed():
        Citation.objects.update(found_in=None)
        SourceText.objects.all().delete()
        keep(apps, {source.ref: [(replaced, FIRST)], gone.ref: [(last_instant(), "Gone.")]})
    assert kept() == before


@pytest.mark.django_db
def test_texts_of_a_source_that_nothing_tells_of_are_kept_from_the_first_instant_known_of_them():
    with writes_allowed():
        keep(apps, {"src-gone": [(DAYS[4], SECOND), (DAYS[2], FIRST)]})
    kept = SourceText.objects.order_by("number").values_list(
        "source_ref", "recorded_at", "recorded_by", "text"
    )
    assert [*kept] == [("src-gone", DAYS[2], None, FIRST), ("src-gone", DAYS[2], None, SECOND)]


def test_a_digest_tells_the_length_alone_and_nothing_of_no_text():
    assert digest("") == ""
    told = digest("words")
    assert told.startswith("5 characters, SHA-256 ") and "words" not in told
    assert digest("w").startswith("1 character, ")
    assert digest(told) == told
