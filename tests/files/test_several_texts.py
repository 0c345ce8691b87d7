"""A wording that is authentic in several languages, in files: taken out, brought in, and carried in a package."""

import datetime as dt
import json

import pytest
from django.test import Client

from tests import factories as make
from tests.files.test_importing import as_file, brought_in, exported, said, table
from tracker.clocks import PRESENT, instant_iso
from tracker.files.importing.runs import work
from tracker.models import Development, Effect, ImportRun, Principle
from tracker.recording.timestamps import last_instant
from tracker.register import BY_URL_NAME

DEVELOPMENT, EFFECT, PRINCIPLE = (BY_URL_NAME[name] for name in ("development", "effect", "principle"))
ENGLISH, PERSIAN = ("en", "shall close the site"), ("fa", "سایت را ببندد")


@pytest.fixture
def editor(db):
    """In whose name files come in; there is a process with a principle, and a party."""
    process = make.ProcessFactory(title="River talks")
    make.PrincipleFactory(title="Closure of the site", process=process)
    make.PartyFactory(name="Graustark")
    return make.UserFactory(administrator=True)


def row(language, words, **cells):
    """A row of a file of developments."""
    return {
        "process": "River talks", "occurred_on": "2025-02-18", "headline": "They agree on a text", "kind": "document",
        "party": "Graustark", "basis": "official_text", "effect_item": "Closure of the site", "effect_status": "agreed",
        "effect_party": "", "effect_wording_language": language, "effect_wording": words,
    } | cells  # fmt: skip


def texts():
    """The texts that stand of the principle, as stored."""
    stored = Principle.objects.get()
    return [[stored.current_wording_language, stored.current_wording], *stored.current_other_texts]


OTHERS = [row("", f"Text {number}", headline=f"Another {number}") for number in range(3)]


@pytest.mark.parametrize("status", ["agreed", ""], ids=["the rest again", "the rest left empty"])
@pytest.mark.parametrize("batch", [1, 500])
def test_rows_of_one_development_that_differ_in_language_are_two_texts_of_one_wording(
    editor, monkeypatch, batch, status
):
    monkeypatch.setattr("tracker.files.importing.runs.BATCH", batch)
    rows = [row(*ENGLISH), *OTHERS, row(*PERSIAN, effect_status=status)]
    run = brought_in(editor, DEVELOPMENT, as_file(rows), then="writing")
    assert run.state == "done", said(run)
    development = Development.objects.get(headline="They agree on a text")
    effects = development.effects.order_by("pk").values_list("wording_language", "wording", "status")
    assert list(effects) == [(*ENGLISH, "agreed"), (*PERSIAN, None)]
    messages = [run.rows.get(number=number).messages[0]["rule"] for number in (2, 6)]
    assert messages == [
        "Joined with row 6: a text of the same wording in Persian.",
        "Joined with row 2: a text of the same wording in Persian.",
    ]
    again = brought_in(editor, DEVELOPMENT, as_file(rows))
    assert again.counts == {"unchanged": 5}, said(again)
    run.state, run.undone_by = ImportRun.State.UNDOING, editor
    run.save()
    work(run, DEVELOPMENT)
    assert not Development.objects.at(PRESENT).filter(headline="They agree on a text").exists()


def test_rows_that_differ_in_more_than_language_are_told_apart_by_that(editor):
    rows = [
        row(*ENGLISH),
        row("en", "may close it"),
        row(*PERSIAN, effect_status="signed"),
        row("", "It closes"),
    ]
    run = brought_in(editor, DEVELOPMENT, as_file(rows))
    assert [each.outcome for each in run.rows.order_by("number")] == ["created", "wrong", "wrong", "created"]
    rules = [each.messages[0]["rule"] for each in run.rows.filter(outcome="wrong").order_by("number")]
    assert "“shall close the site” and row 3 “may close it”" in rules[0]
    assert "effect_status, where row 2 has “agreed” and row 4 “signed”" in rules[1]
    plain = [{name: cell for name, cell in each.items() if "language" not in name} for each in rows[:2]]
    (message,) = brought_in(editor, DEVELOPMENT, as_file(plain)).rows.get(number=3).messages
    assert "say so in “effect_wording_language”" in message["rule"]


def test_a_row_that_goes_on_a_refused_one_is_refused_with_it(editor):
    run = brought_in(
        editor,
        DEVELOPMENT,
        as_file([row(*ENGLISH, party="", effect_status=""), row(*PERSIAN, party="", effect_status="")]),
    )
    assert run.counts == {"wrong": 2}
    assert run.rows.get(number=3).messages[0]["rule"] == "Row 2, which it goes on, cannot be recorded."


def test_of_two_texts_none_comes_in_without_the_other(editor):
    rows = [row(*ENGLISH, effect_status="lost"), *OTHERS, row(*PERSIAN, effect_status="")]
    run = brought_in(editor, DEVELOPMENT, as_file(rows))
    assert run.counts == {"created": 3, "wrong": 2}, said(run)
    (message,) = run.rows.get(number=6).messages
    assert message["column"] == "effect_wording_language"
    assert message["rule"].startswith("It goes with row 2, which cannot be imported")


def test_a_file_of_effects_adds_a_text_and_is_known_again(editor):
    item = Principle.objects.get()
    effect = make.EffectFactory.build(item=item, status="agreed", wording=ENGLISH[1], wording_language="en")
    development = make.DevelopmentFactory(effects=[effect])
    rows = [
        {
            "development_id": development.ref,
            "item": item.title,
            "wording_language": language,
            "wording": words,
        }
        for language, words in (ENGLISH, PERSIAN)
    ]
    run = brought_in(editor, EFFECT, as_file(rows), then="writing", reason="new_information")
    assert run.state == "done" and run.counts == {"created": 1, "unchanged": 1}, said(run)
    assert texts() == [list(ENGLISH), list(PERSIAN)]
    assert brought_in(editor, EFFECT, as_file(rows)).counts == {"unchanged": 2}
    # What is taken out has the language in its last column, in CSV and JSON, and comes in unchanged.
    content = exported(editor, EFFECT)
    lines = [line for line in table(content) if line["wording_language"]]
    assert {(line["wording_language"], line["wording"]) for line in lines} == {ENGLISH, PERSIAN}
    assert content.decode().splitlines()[0].endswith(",wording_language")
    client = Client()
    client.force_login(editor)
    objects = json.loads(client.get("/effects.json").getvalue())
    assert {each["wording_language"] for each in objects} >= {"en", "fa"}
    assert set(brought_in(editor, EFFECT, content).counts) == {"unchanged"}


@pytest.mark.parametrize(
    ("cells", "column", "rule"),
    [
        ({"wording": "", "status": "agreed"}, "wording_language", "A language is that of a wording"),
        ({"wording": "ببندد", "status": "agreed"}, "", "sets nothing else"),
    ],
)
def test_a_language_without_a_wording_or_with_more_is_refused(editor, cells, column, rule):
    item = Principle.objects.get()
    effect = make.EffectFactory.build(item=item, status="agreed", wording=ENGLISH[1], wording_language="en")
    development = make.DevelopmentFactory(effects=[effect])
    cells = {"development_id": development.ref, "item": item.title, "wording_language": "fa"} | cells
    run = brought_in(editor, EFFECT, as_file([cells]), reason="new_information")
    messages = run.rows.get().messages
    assert any(message["column"] == column and rule in message["rule"] for message in messages)
    assert Effect.objects.filter(wording_language="fa").count() == 0


def sold(language, words, others="", **cells):
    """A row of a file of principles, which raises one."""
    return {
        "process": "River talks", "title": "Sale of the site", "parties": "Graustark", "development_kind": "document",
        "development_occurred_on": "2025-02-18", "development_basis": "official_text",
        "development_party": "Graustark", "wording": words, "wording_language": language, "other_wordings": others,
    } | cells  # fmt: skip


GERMAN = "wird verkauft; sofort \\ \nfr: nie"
OTHERS_IN_A_CELL = "fa: سایت را ببندد; de: wird verkauft\\; sofort \\\\ \nfr: nie"


def get(user, address):
    client = Client()
    client.force_login(user)
    return client.get(address).getvalue()


@pytest.mark.both
def test_a_file_of_items_has_all_texts_of_a_wording_and_is_taken_back(editor):
    run = brought_in(editor, PRINCIPLE, as_file([sold(*ENGLISH, OTHERS_IN_A_CELL)]), then="writing")
    assert run.state == "done", said(run)
    item = Principle.objects.get(title="Sale of the site")
    assert item.current_other_texts == [list(PERSIAN), ["de", GERMAN]]
    first = last_instant()
    later = [
        make.EffectFactory.build(item=item, wording=words, wording_language=language)
        for language, words in (("fr", "vend"), ("ar", "=1"))
    ]
    make.DevelopmentFactory(effects=later, occurred_on=dt.date(2025, 2, 20))
    for address, expected in (
        ("/principles.csv", "ar: =1"),
        ("/principles.csv?profile=tools", "ar: =1"),
        ("/principles.csv?on=2025-02-19", OTHERS_IN_A_CELL),
        (f"/principles.csv?known={instant_iso(first)}", OTHERS_IN_A_CELL),
    ):
        content = get(editor, address)
        cells = {line["title"]: line["other_wordings"] for line in table(content)}
        assert cells == {"Sale of the site": expected, "Closure of the site": ""}, address
    assert content.decode().splitlines()[0].endswith(",wording_language,other_wordings")
    members = {
        each["title"]: each["other_wordings"]
        for each in json.loads(get(editor, "/principles.json?on=2025-02-19"))
    }
    assert members == {"Sale of the site": ["fa: سایت را ببندد", f"de: {GERMAN}"], "Closure of the site": []}
    assert set(brought_in(editor, PRINCIPLE, exported(editor, PRINCIPLE)).counts) == {"unchanged"}
    # The page lists a column that is asked for.
    assert "ar: =1" in get(editor, "/principles/?columns=title,other_wordings").decode()


def test_a_row_with_other_texts_than_those_on_record_is_refused(editor):
    rows = [sold(*ENGLISH, "fa: ببندد")]
    brought_in(editor, PRINCIPLE, as_file(rows), then="writing")
    assert brought_in(editor, PRINCIPLE, as_file(rows)).counts == {"unchanged": 1}
    rows[0]["other_wordings"] = "fa: نبندد"
    (message,) = brought_in(editor, PRINCIPLE, as_file(rows)).rows.get().messages
    assert message["column"] == "other_wordings" and "record the development" in message["rule"]


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        (
            {"other_wordings": "ببندد"},
            "“ببندد” does not begin with the code of its language: write “fa: …; de: …”",
        ),
        ({"other_wordings": "fa: ببندد; نه"}, "a semicolon within a text as “\\;”"),
        ({"other_wordings": "fa:"}, "does not begin with the code"),
        ({"other_wordings": "persian: ببندد"}, "Nearest: fa (Persian)"),
        ({"other_wordings": "EN: may"}, "There are two texts in English."),
        ({"other_wordings": "fa: ببندد; fa: نه"}, "There are two texts in Persian."),
        (
            {"other_wordings": "fa: ببندد", "wording": "", "wording_language": ""},
            "give the first one in “wording”",
        ),
    ],
)
def test_what_is_no_other_text_is_refused_with_what_to_write(editor, cells, rule):
    (message,) = brought_in(editor, PRINCIPLE, as_file([sold(*ENGLISH) | cells])).rows.get().messages
    assert message["column"] == "other_wordings" and rule in message["rule"]


def test_the_file_of_the_agreement_has_all_texts(editor):
    brought_in(
        editor, PRINCIPLE, as_file([sold(*ENGLISH, "fa: ببندد", effect_stance="affirms")]), then="writing"
    )
    process = Principle.objects.first().process
    lines = table(get(editor, f"/processes/{process.ref}/agreement.csv"))
    texts = {(line["principle"], line["wording_language"], line["other_wordings"]) for line in lines}
    assert texts == {("Sale of the site", "en", "fa: ببندد"), ("Closure of the site", "", "")}
