"""A quote is found where a reader sees it in the text, and nowhere else."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.examples import part
from tracker.text import quotes
from tracker.text.quotes import places

VOCABULARY = [
    "We",
    "will",
    "not",
    "accept",
    "co-operation",
    "don't",
    "обʼєднання",
    "Ещё",
    "café",
    "fi",
    "10.5",
    "لن",
    "ﬁnal",
]
WORDS = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=8)
APOSTROPHES, QUOTATION_MARKS = "'’ʼ‘′＇", "\"“”„«»‹›'‘’‚"
BLANKS = [" ", "\u00a0", "\n", "\u202f", "  ", " \r\n"]
INVISIBLE = ["", "\u200b", "\u00ad", "\u2060", "\u200f", "\ufeff"]


@st.composite
def printed(draw, words):
    """`words` as somebody may print them."""
    text = ""
    for number, word in enumerate(words):
        word = unicodedata.normalize(draw(st.sampled_from(["NFC", "NFD", "NFKC"])), word)
        word = draw(st.sampled_from([word, word.upper() if "ﬁ" not in word else word]))
        for apostrophe in "'ʼ":
            word = word.replace(apostrophe, draw(st.sampled_from(APOSTROPHES)))
        word = word.replace("-", draw(st.sampled_from(["-", "\u2010", "\u2011", "-\n"])))
        cut = draw(st.integers(1, len(word) - 1))
        if not (word[cut:] and unicodedata.combining(word[cut])):
            word = word[:cut] + draw(st.sampled_from(INVISIBLE)) + word[cut:]
            if word[cut - 1 : cut].isalpha() and word[cut:].isalpha() and draw(st.booleans()):
                word = f"{word[:cut]}-\n{word[cut:]}"
        text += (draw(st.sampled_from(BLANKS)) if number else "") + word
    return text


@part(1)
@given(before=WORDS, quote=WORDS, after=WORDS, data=st.data())
def test_a_quote_is_found_however_either_is_printed(before, quote, after, data):
    start, middle, end = (data.draw(printed(words)) for words in (before, quote, after))
    opening, closing = (data.draw(st.sampled_from(["", *QUOTATION_MARKS])) for _ in range(2))
    text = f"{start} {opening}{middle}{closing} {end}"
    asked_for = " ".join(quote)
    assert places(asked_for, text), text
    assert places(f"{opening}{asked_for}{closing}", text)
    (first, last), *_ = places(asked_for, text)
    assert places(asked_for, text[first:last]) == [(0, last - first)]


@part(1)
@given(words=st.lists(st.sampled_from("abcdefgh"), min_size=3, max_size=8, unique=True), data=st.data())
def test_a_word_changed_added_or_left_out_is_not_found(words, data):
    words = [word * 3 for word in words]
    text = f"x {' '.join(words)} y"
    assert places(" ".join(words), text) == [(2, len(text) - 2)]
    inner = data.draw(st.integers(1, len(words) - 2))
    assert not places(" ".join([*words[:inner], "zzz", *words[inner + 1 :]]), text)
    assert not places(" ".join([*words[:inner], "zzz", *words[inner:]]), text)
    assert not places(" ".join([*words[:inner], *words[inner + 1 :]]), text)
    assert not places(" ".join(words)[1:], text) and not places(" ".join(words)[:-1], text)
    # But the editor may say so.
    assert places(" ".join([*words[:inner], "[zzz]", *words[inner + 1 :]]), text)
    assert places(" ".join([*words[:inner], "[zzz]", *words[inner:]]), text)
    assert len(places(" ".join([*words[:inner], "…", *words[inner + 1 :]]), text)) == 2
    assert not places(" ".join([*words[inner:], "…", *words[:inner]]), text)


@part(1)
@given(text=st.text(max_size=60), data=st.data())
def test_any_text_is_answered_and_what_has_words_finds_itself(text, data):
    assume("[" not in text and "(" not in text and "." not in text and "…" not in text and "‥" not in text)
    for first, last in places(text, text):
        assert 0 <= first < last <= len(text)
    assert places(text, text) or not any(unicodedata.category(letter)[0] in "LN" for letter in text)


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        (
            "accept any 'neutral' status",
            "We will not ac\u00adcept any “neutral” status.",
            "ac\u00adcept any “neutral” status",
        ),
        ("co-operation", "the co\u2011operation goes on", "co\u2011operation"),
        ("operation goes", "the co - operation goes on", "operation goes"),
        ("operation goes", "the co\u2014operation goes on", "operation goes"),
        ("anti- and pro-war", "their anti- and pro-war groups", "anti- and pro-war"),
        ("co-operation", "co -operation", "co -operation"),
        ("The minister [sic] resigned.", "The minister [sic] resigned.", "The minister [sic] resigned."),
        ("The minister [sic], who", "The minister [sic], who", "The minister [sic], who"),
        ("any [such] status", "any ‘neutral’ status", "any ‘neutral’ status"),
        ("any [such] status", "any “such” status", "any “such” status"),
        ("met [Mr. Lavrov], who", "met “him”, who", "met “him”, who"),
        ("[Mr. Lavrov], who met", "Lavrov, who met", ", who met"),
        ("negotiations", "The negotia-\ntions go on", "negotia-\ntions"),
        ("well-known", "a well-\r\n  known aim", "well-\r\n  known"),
        ("negotia-\ntions go", "The negotiations go on", "negotiations go"),
        ("ceasefire", "a cease\u00ad\nfire", "cease\u00ad\nfire"),
        ("mais entendus", "« mais entendus »", "mais entendus"),
        ("dit «non»", "Il a dit « non »", "dit « non"),
        ("accord", "l’accord", "accord"),
        ("5 %", "5\u00a0% a year", "5\u00a0%"),
        ("two—three", "two — three", "two — three"),
        ("the sides (...) missions", "the sides restore the missions", "the sides|missions"),
        ("the sides . . . missions", "the sides restore the missions", "the sides|missions"),
        ("… the sides …", "then the sides met", "the sides"),
        ("[W]e agreed", "then we agreed", "we agreed"),
        ("[w]e agreed", "We agreed", "We agreed"),
        ("they agree[d] now", "They agree now", "They agree now"),
        ("they negotiat[ed] now", "They negotiates now", "They negotiates now"),
        ("the [Minsk] accords", "the [Minsk] accords", "the [Minsk] accords"),
        ("The U.S. “[would] respond” to", "The U.S. “will respond” to", "The U.S. “will respond” to"),
        ("met [Mr. Lavrov], who", "met him, who", "met him, who"),
        ("recieved [sic] the envoy", "recieved the envoy", "recieved the envoy"),
        ("[they] agreed [then]", "both agreed", "agreed"),
        ("接受中立", "我们不接受中立地位。", "接受中立"),
        ("ไม่ยอมรับ", "เราไม่ยอมรับ", "ไม่ยอมรับ"),
        ("لن نقبل", "\u200fلن نقبل", "لن نقبل"),
        ("ＮＡＴＯ", "NATO", "NATO"),
        ("ﬁnal", "final", "final"),
        ("ガンマ", "ｶﾞﾝﾏ", "ｶﾞﾝﾏ"),
        ("한국", unicodedata.normalize("NFD", "한국"), unicodedata.normalize("NFD", "한국")),
        ("it’s not over", "He said it&#8217;s not over.", "it&#8217;s not over"),
        ("it&#x2019;s not over", "He said it’s not over.", "it’s not over"),
        ("“no” & more", "&ldquo;no&rdquo;&nbsp;&amp;&nbsp;more", "no&rdquo;&nbsp;&amp;&nbsp;more"),
        ("AT&T; others", "AT&T; others", "AT&T; others"),
        ("the talks go on", "the talks[1] go on", "the talks[1] go on"),
        ("the talks go on", "the talks¹ go on", "the talks¹ go on"),
        ("the talks go on", "the talks¹² go on", "the talks¹² go on"),
        ("the talks go on", "the talks* go† on", "the talks* go† on"),
        ("the talks go on", "the talks [note 3] go on", "the talks [note 3] go on"),
        ("the talks go on, he said", "the talks go on,² he said", "the talks go on,² he said"),
        ("go on. He said", "The talks go on.[1][b] He said", "go on.[1][b] He said"),
        ("they are “over”, he said", "they are “over”³, he said", "they are “over”³, he said"),
        ("they are “over” he said", "they are “over”³ he said", "they are “over”³ he said"),
        ("go on", "the talks go on¹ for now", "go on"),
        ("go on for", "the talks go on³ for now", "go on³ for"),
        ("agreed", "²agreed by all", "agreed"),
        ("the talks[1] go on", "the talks[1] go on", "the talks[1] go on"),
        ("talks* go", "the talks* go on", "talks* go"),
        ("since 2025 they", "since 2025¹ they", "since 2025¹ they"),
        ("5 km²", "an area of 5 km² there", "5 km²"),
        ("5 km2", "an area of 5 km² there", "5 km²"),
        ("我们不接受中立", "我们不接受\n中立地位。", "我们不接受\n中立"),
        ("我们不接受\n中立", "我们不接受中立地位。", "我们不接受中立"),
        ("我们 不接受", "我们\n不接受", "我们\n不接受"),
        ("不接受。他们", "不接受。\n 他们也", "不接受。\n 他们"),
        ("เราไม่ยอมรับ", "เราไม่\nยอมรับ", "เราไม่\nยอมรับ"),
        ("「中立」地位", "不接受“中立”地位", "中立”地位"),
        ("all is “decided”", "all is ❝decided❞", "all is ❝decided"),
        ("لن نقبل الحياد أبدا", "لن نقبل الحِياد أبداً and", "لن نقبل الحِياد أبداً"),
        ("لن نقبل الحِياد", "لن نقبل الحياد", "لن نقبل الحياد"),
        ("الحياد", "لن نقبل الحيــاد", "الحيــاد"),
        ("ایران", "في ايران", "ايران"),
        ("שלום עליכם", "שָׁלוֹם עֲלֵיכֶם", "שָׁלוֹם עֲלֵיכֶם"),
        ("cooperation", "the coopera¬\ntion", "coopera¬\ntion"),
        ("Türkiye", "TÜRKİYE NEWS", "TÜRKİYE"),
        ("d'Ivoire", "Côte d՚Ivoire", "d՚Ivoire"),
        ("می خواهیم صلح", "ما می\u200cخواهیم صلح", "می\u200cخواهیم صلح"),
        ("می\u200cخواهیم", "ما می خواهیم", "می خواهیم"),
        ("میخواهیم", "ما می\u200cخواهیم", "می\u200cخواهیم"),
        ("في 2025", "في ٢٠٢٥", "في ٢٠٢٥"),
        ("我们不接受", "我们 不接受", "我们 不接受"),
        ("U.S. position", "the U. S. position", "U. S. position"),
        ("the talks", "the\u2800talks", "the\u2800talks"),
        ("5% a year", "5\u202f% a year", "5\u202f% a year"),
        ("5 % a year", "5% a year", "5% a year"),
        ("½ of it", "½ of it", "½ of it"),
        ("1/2 of it", "½ of it", "½ of it"),
        ("Kıbrıs", "KIBRIS NEWS", "KIBRIS"),
        ("Ζήτω η Ευρωπαϊκή", "ΖΗΤΩ Η ΕΥΡΩΠΑΪΚΗ ΕΝΩΣΗ", "ΖΗΤΩ Η ΕΥΡΩΠΑΪΚΗ"),
        ("ΟΔΟΣ", "η οδός", "οδός"),
        ("οδός", "Ο\u00ad\nΔΟΣ", "Ο\u00ad\nΔΟΣ"),
    ],
)
def test_where_a_quote_is(quote, text, found):
    assert "|".join(text[first:last] for first, last in places(quote, text)) == found


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("negotiation", "negotiations"),
        ("tions go", "The negotia-\ntions go on"),
        ("cooperation", "co-operation"),
        ("operation", "cooperation"),
        ("operation goes on", "the co\u2011operation goes on"),
        ("Russian", "an anti-Russian policy"),
        ("the co", "the co-operation"),
        ("[W]e agreed", "Owe agreed"),
        ("any [such] status", "any ‘quite neutral’ status"),
        ("the minister [sic] resigned", "the minister sic resigned"),
        ("We weren", "We weren’t there"),
        ("the parties met", "the parties’ envoys met"),
        ("10", "10,000 troops"),
        ("5 %", "1.5 %"),
        ("еще", "ещё"),
        ("cafe", "café"),
        ("[W]e agreed", "She agreed"),
        ("[W]e agreed", "The agreed"),
        ("The U.S. [would] respond", "The U.S. will never respond"),
        ("recieved [sic] the envoy", "recieved all the envoy"),
        ("not … accept", "accept, not"),
        ("nego…ations", "negotiations"),
        ("ไม่ยอมร", "ไม่ยอมรับ"),
        ("한국", "한국인"),
        ("the [Minsk accords", "the Minsk accords"),
        ("NАTO", "NATO"),
        ("5 km", "5 km² of land"),
        ("10 men", "10⁶ men"),
        ("m and", "m³ and"),
        ("the talks* go on", "the talks go on"),
        ("fck", "f*ck"),
        ("a b", "a * b"),
        ("the talks go on", "the talks[the second] go on"),
        ("عَلم", "عِلم"),
        ("علم", "عمل"),
        ("إيران", "ايران"),
        ("كتب", "كتاب"),
        ("我们接受", "我们不接受"),
        ("talks go", "talks\ngoing"),
        ("&#8217;", "8217"),
        ("no & more", "no more"),
        ("πότε", "ποτέ"),
        ("1 2", "½"),
        ("می خواهیم", "میخواهیم"),
        ("a b c", "ab c"),
    ],
)
def test_where_no_quote_is(quote, text):
    assert places(quote, text) == []


PLAIN = ("aaa", "bbb", "ccc")
PIECES = st.lists(
    st.sampled_from(PLAIN) | st.lists(st.sampled_from(PLAIN), min_size=1, max_size=3).map(tuple), max_size=6
)


def begins(pieces, words):
    """Whether `words` begin with `pieces`: words, or tuples for those in brackets, for which up to as many stand."""
    if not pieces:
        return True
    first, *rest = pieces
    if isinstance(first, tuple):
        return any(begins(rest, words[count:]) for count in range(min(len(first), len(words)) + 1))
    return words[:1] == [first] and begins(rest, words[1:])


@part(1)
@given(pieces=PIECES, words=st.lists(st.sampled_from(PLAIN), max_size=14))
def test_brackets_stand_for_as_many_words_as_a_slow_reading_finds(pieces, words):
    pieces = ["aaa", *pieces, "ccc"]
    quote = " ".join(f"[{' '.join(piece)}]" if isinstance(piece, tuple) else piece for piece in pieces)
    found = places(quote, " ".join(words))
    assert bool(found) == any(begins(pieces, words[start:]) for start in range(len(words)))


@pytest.mark.parametrize("quote", ["word [a b c d e f] " * 8 + "zzz", "word[s] [a b c] " * 40 + "zzz"])
def test_a_quote_with_many_brackets_takes_no_more_steps_than_pieces_times_places(monkeypatch, quote):
    steps, ends = [0], quotes.Element.ends

    def counted(element, plain, position):
        steps[0] += 1
        return ends(element, plain, position)

    monkeypatch.setattr(quotes.Element, "ends", counted)
    assert places(quote, "word " * 300) == []
    (part,) = quotes.parts_of(quote)
    assert 0 < steps[0] <= len(part) * 1501
