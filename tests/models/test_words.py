"""Every word of a text is found in it, in any script; what a search marks is what it found."""

import html
import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import factories as make
from tests.examples import part
from tracker.models import SearchEntry
from tracker.text.folding import fold, with_places
from tracker.text.words import LONGEST_QUERY, MOST_WORDS, asked, marked, words

pytestmark = pytest.mark.both

INVISIBLE_LETTERS = "\u115f\u1160\u3164\uffa0"
# Ideographs and syllables are many, and all alike.
FEW = {*range(0x3400), *range(0xA000, 0xAC00), *range(0xD7A4, 0x17001), *range(0, sys.maxunicode + 1, 97)}
LETTERS = [
    letter
    for letter in map(chr, sorted(FEW))
    if unicodedata.category(letter)[0] == "L" and letter not in INVISIBLE_LETTERS
]
MARKS = [chr(code) for code in range(0x20000) if unicodedata.category(chr(code))[0] == "M"]
WORD = st.lists(
    st.tuples(st.sampled_from(LETTERS), st.just("") | st.sampled_from(MARKS)), min_size=1, max_size=6
).map(lambda letters: "".join(letter + mark for letter, mark in letters))
FORM = st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"])


def finds(query, text):
    """Whether a record with `text` has all that `query` asks for."""
    index = set(words(text))
    terms = asked(query)
    return bool(terms) and all(
        any(all(any(word.matches(other) for other in index) for word in words) for words in term)
        for term in terms
    )


def test_every_letter_of_unicode_is_found_alone_and_beside_other_words():
    lost = [
        letter
        for letter in LETTERS
        if not finds(letter, f"x {letter}") or not finds(unicodedata.normalize("NFD", letter), letter)
    ]
    assert lost == []


@pytest.mark.django_db
def test_both_databases_find_what_the_words_find():
    bare = [letter for letter in LETTERS if fold(letter).strip("'-")]
    source = make.SourceFactory(text=" ".join(bare))
    for start in range(0, len(bare), MOST_WORDS):
        query = unicodedata.normalize("NFD", " ".join(bare[start : start + MOST_WORDS]))
        found = SearchEntry.objects.filter(record_type="source_whole", index__words__holds=asked(query))
        assert [entry.record_id for entry in found] == [source.pk], query


@part(1)
@given(first=WORD, second=WORD, form=FORM, other_form=FORM)
def test_every_word_is_found_composed_or_decomposed_whole_or_begun(first, second, form, other_form):
    text = unicodedata.normalize(form, f"{first} {second}")
    for query in (first, second, f"{first} {second}", f"{second} {first}", f"x {first}"[2:]):
        assert finds(unicodedata.normalize(other_form, query), text)
        assert finds(query, unicodedata.normalize(other_form, text))


@part(1)
@given(
    run=st.text(
        st.characters(categories=["Lo", "Mn", "Mc"], min_codepoint=0xE01, max_codepoint=0xEDF)
        | st.characters(categories=["Lo"], min_codepoint=0x1000, max_codepoint=0x102A)
        | st.characters(categories=["Lo"], min_codepoint=0x1780, max_codepoint=0x17B3)
        | st.characters(categories=["Lo"], min_codepoint=0x3041, max_codepoint=0x9FFF)
        | st.characters(categories=["Lo"], min_codepoint=0xAC00, max_codepoint=0xD7A3),
        min_size=1, max_size=20,
    ),
    data=st.data(),
)  # fmt: skip
def test_any_part_of_a_run_is_found(run, data):
    start = data.draw(st.integers(0, len(run) - 1))
    assert finds(run[start : data.draw(st.integers(start + 1, len(run)))], f"x {run}, y")


@part(1)
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=LONGEST_QUERY))
def test_a_text_finds_itself_and_letters_are_folded_one_by_one(text):
    assert not asked(text) or finds(text, text)
    assert with_places(text, fold)[0] == fold(text)
    assert not any(word.split() != [word] for word in words(text))
    if marks := marked(text, asked(text), whole=True):
        assert html.unescape(re.sub("</?mark>", "", marks)) == text


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("إيران", "زار وفد إيران"),
        ("ايران", "إيران"),
        ("أب", "ا\u0654ب"),
        ("مُحَمَّد", "محمد"),
        ("محمد", "مُحَمَّد"),
        ("کابل", "كابل"),
        ("שלום", "שָׁלוֹם"),
        ("צהל", "צה״ל"),
        ('צה"ל', "צה״ל"),
        ("한국", "한국"),
        ("한국", "대한민국, 한국은"),
        ("민국", "대한민국"),
        (unicodedata.normalize("NFD", "한국"), "한국"),
        ("朗", "伊朗"),
        ("人民", "中华人民共和国"),
        ("東京", "東京都庁"),
        ("ガ", "ｶﾞﾝﾏ"),
        ("ไทย", "ประเทศไทย"),
        ("ລາວ", "ປະເທດລາວ"),
        ("ខ្មែរ", "ភាសាខ្មែរ"),
        ("မြန်မာ", "မြန်မာနိုင်ငံ"),
        ("हिन्दी", "वह हिन्दी में"),
        ("हिन्", "हिन्दी"),
        ("தமிழ்", "தமிழ் மொழி"),
        ("STRASSE", "Straße"),
        ("straße", "STRASSE"),
        ("istanbul", "İSTANBUL"),
        ("ASEAN", "ＡＳＥＡＮ"),
        ("об'єднання", "обʼєднання"),
        ("об’єднання", "об'єднання"),
        ("обєднання", "об’єднання"),
        ("aquila", "L’Aquila"),
        ("co-operation", "the co\u2011operation"),
        ("co-operation", "cooperation"),
        ("cooperation", "co-operation"),
        ("US", "the U.S.-led talks"),
        ("U.S.", "of the US"),
        ("qaida", "Al-Qa’ida"),
        ("Al Qaida", "al\u2011Qaʼida"),
        ("US Russia", "U.S.-Russia talks"),
        ("U.S.-led", "US led"),
        ("usa", "日本-U.S.A."),
        ("ԵՐԵՎԱՆ", "Երևան"),
        ("ԵՐԵՒԱՆ", "Երևան"),
        ("երևան", "ԵՐԵՎԱՆ"),
        ("फारूक", "फ़ारूक़"),
        ("led talks", "the U.S.-led talks"),
        ("J.D. Vance", "J. D. Vance"),
        ("new zealand", "New\u00a0Zealand"),
        ("ukraine", "Uk\u00adraine"),
        ("russia", "Russia\u200b"),
        ("negotiations", "The negotia-\ntions"),
        ("C++", "about C++ and C"),
        ("c#", "C#"),
        ("5%", "5\u00a0%"),
        ("5 %", "rates of 5% a year"),
        ("№ 5", "№5"),
        ("no 5", "№ 5"),
        ("٧", "Group of 7"),
        ("?", "?"),
        ("—", "—"),
    ],
)  # fmt: skip
def test_these_are_found(query, text):
    assert finds(query, text)
    assert "<mark>" in marked(text, asked(query))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("C++", "C"),
        ("C++", "C#"),
        ("5 %", "5"),
        ("कि", "की"),
        ("かき", "がき"),
        ("国中", "中国"),
        ("NАTO", "NATO"),
        ("ran", "Iran"),
        ("12", "1.2"),
        ("iran talks", "Iran"),
        ("", "Iran"),
    ],
)
def test_these_are_not(query, text):
    assert not finds(query, text)


def test_the_part_of_a_run_that_was_asked_for_is_marked():
    assert marked("中华人民共和国", asked("人民")) == "中华<mark>人民</mark>共和国"
    assert marked("negotia-\ntions", asked("negotiations")) == "<mark>negotia-\ntions</mark>"
    assert marked("Uk\u00adraine & co", asked("ukr")) == "<mark>Uk\u00adraine</mark> &amp; co"
    assert marked("Iran", asked("iraq")) is None
