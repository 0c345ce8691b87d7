"""A file that was taken out comes in again as it is; one that was changed changes what it says, and no more."""

import csv
import io

import pytest
from django.test import Client

from tests.corrections import correct
from tests.examples import of_each_kind
from tests.factories import (
    CitationFactory,
    DemandFactory,
    DevelopmentFactory,
    EffectFactory,
    PartyFactory,
    PersonFactory,
    ProcessFactory,
    SourceFactory,
    UserFactory,
)
from tests.over_the_register.editing import plain_texts
from tests.over_the_register.makers import MAKERS, several
from tracker import recording
from tracker.clocks import PRESENT
from tracker.files.importing.runs import begin, work
from tracker.models import ImportRow, ImportRun, Item
from tracker.recording.merging import merge
from tracker.register import BY_MODEL, BY_URL_NAME
from tracker.register.types import Kind

pytestmark = pytest.mark.django_db
EACH_KIND = of_each_kind(BY_URL_NAME)


@pytest.fixture
def editor():
    return UserFactory(administrator=True)


def exported(user, kind, query=""):
    """The file of all records of a type, as bytes."""
    client = Client()
    client.force_login(user)
    return b"".join(client.get(f"/{kind.path}.csv{query}").streaming_content)


def brought_in(user, kind, content, name="file.csv", then=None, **options):
    """The import of `content`, read, and written where `then` is a state."""
    run = begin(user, kind, name, [content if isinstance(content, bytes) else content.encode()], **options)
    work(run, kind)
    if then and run.state == ImportRun.State.READY:
        run.state = then
        run.save()
        work(run, kind)
    run.refresh_from_db()
    return run


def said(run):
    """All messages of a run, for an assertion that fails to show."""
    return run.problems + [(row.number, row.messages) for row in run.rows.all() if row.messages]


@EACH_KIND
def test_what_was_taken_out_comes_in_unchanged(url_name, editor):
    kind = BY_URL_NAME[url_name]
    several(url_name, 3)
    content = exported(editor, kind)
    run = brought_in(editor, kind, content)
    rows = len(list(csv.reader(io.StringIO(content.decode())))) - 1
    assert run.counts == {"unchanged": rows}, said(run)


OF_OTHER_KINDS = {
    "follow-up": ("kind", "verification"),
    "source": ("published_on", "2025-02"),
    "delegation": ("role", "observer"),
    "assessment": ("likelihood", "likely"),
    "watch-phrase": ("variants", "one; two\\; three"),
    "effect": ("stance", "disputes"),
    "office": ("held_from", "2024"),
}
"""Columns that are no texts, so that each kind of column is changed in some type."""


def changed(record_type):
    """A column, and what it is to say from now on: the last text, or a code where there is no text."""
    if record_type.url_name in OF_OTHER_KINDS:
        return OF_OTHER_KINDS[record_type.url_name]
    if texts := plain_texts(record_type):
        return texts[-1], "Something else."
    code = next(column for column in record_type.columns if column.kind is Kind.CODE)
    return code.name, code.vocabulary.values[-1]


def table(content):
    """The rows of a file, each by header."""
    return list(csv.DictReader(io.StringIO(content.decode())))


def as_file(rows):
    """A file of `rows`, the headers of the first of which it has."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@EACH_KIND
def test_what_was_changed_in_a_file_is_changed_in_the_record_and_can_be_undone(url_name, editor):
    kind = BY_URL_NAME[url_name]
    several(url_name, 2)
    before = exported(editor, kind)
    rows = table(before)
    column, text = changed(kind)
    old = rows[0][column]
    rows[0][column] = text
    if f"{column.removesuffix('_on')}_precision" in rows[0]:
        rows[0][f"{column.removesuffix('_on')}_precision"] = {4: "year", 7: "month"}[len(text)]
    run = brought_in(editor, kind, as_file(rows), reason="recoded")
    assert run.counts == {"changed": 1, "unchanged": len(rows) - 1}, said(run)
    assert exported(editor, kind) == before
    changes = run.rows.get(outcome="changed").changes
    assert {"column": column, "old": old, "new": text} in changes
    run = brought_in(editor, kind, as_file(rows), then="writing", reason="recoded")
    assert run.state == "done", said(run)
    after = {row[column] for row in table(exported(editor, kind))}
    assert text in after
    assert brought_in(editor, kind, exported(editor, kind)).counts == {"unchanged": len(rows)}
    run.undone_by, run.state = editor, "undoing"
    run.save()
    work(run, kind)
    assert run.state == "undone", run.problems
    assert sorted(row[column] for row in table(exported(editor, kind))) == sorted(
        row[column] for row in table(before)
    )


def test_records_in_another_order_are_no_change_and_aliases_are(editor):
    parties = [PartyFactory(aliases=["One", "Two"]), PartyFactory()]
    demand = DemandFactory(addressed_to=parties)
    row = {"id": demand.ref, "addressed_to_ids": "; ".join(party.ref for party in reversed(parties))}
    assert brought_in(editor, BY_URL_NAME["demand"], as_file([row])).counts == {"unchanged": 1}
    for others in ([parties[0].ref], [parties[1].ref, PartyFactory().ref]):
        row["addressed_to_ids"] = "; ".join(others)
        assert brought_in(editor, BY_URL_NAME["demand"], as_file([row])).counts == {"changed": 1}
    row = {"id": parties[0].ref, "aliases": "Two; One"}
    assert brought_in(editor, BY_URL_NAME["party"], as_file([row])).counts == {"changed": 1}


@EACH_KIND
def test_what_others_changed_since_a_file_was_taken_out_conflicts_and_is_kept(url_name, editor):
    kind = BY_URL_NAME[url_name]
    several(url_name, 2)
    older = table(exported(editor, kind))
    column, text = changed(kind)
    precision = f"{column.removesuffix('_on')}_precision"
    theirs = dict(older[0]) | {column: text}
    if precision in theirs:
        theirs[precision] = {4: "year", 7: "month"}[len(text)]
    assert brought_in(editor, kind, as_file([theirs]), then="writing", reason="recoded").state == "done"
    run = brought_in(editor, kind, as_file([older[0]]), then="writing", reason="recoded")
    row = run.rows.get()
    assert row.outcome == "conflicting", (row.messages, row.changes)
    assert any(text in message["rule"] for message in row.messages for text in ("version 2", "fresh copy"))
    assert text in {row[column] for row in table(exported(editor, kind))}


@EACH_KIND
def test_rows_without_an_id_make_new_records_once(url_name, editor):
    kind = BY_URL_NAME[url_name]
    several(url_name, 1)
    row = table(exported(editor, kind))[-1]
    count = kind.rows(editor, PRESENT).count()
    new = row | {"id": ""} | another(kind)
    content = as_file([new])
    run = brought_in(editor, kind, content, reason="recoded")
    assert run.counts == {"created": 1}, said(run)
    assert kind.rows(editor, PRESENT).count() == count
    run = brought_in(editor, kind, content, then="writing", reason="recoded")
    assert run.state == "done", said(run)
    assert kind.rows(editor, PRESENT).count() == count + 1
    again = brought_in(editor, kind, content, reason="recoded")
    assert again.counts == {"unchanged": 1}, said(again)
    run.undone_by, run.state = editor, "undoing"
    run.save()
    work(run, kind)
    if url_name == "process":
        assert run.state == "done" and "never deleted" in run.problems[0]
    else:
        assert run.state == "undone", run.problems
        assert kind.rows(editor, PRESENT).count() == count


RAISED = {
    "development_kind": "report",
    "development_occurred_on": "2025-02-18",
    "development_basis": "paraphrase",
}
SAID = {
    "principle": {"effect_stance": "affirms"},
    # Its language is new, and a row in another language sets its wording alone.
    "effect": {"status": "", "firmness": "", "wording": "As it now stands.", "wording_language": "fa"},
}
"""What else the row of another record of the type must say."""


def another(record_type):
    """The cells in which a new record differs from one on file: a text of its identity, or else the last of it."""
    identity = record_type.identity
    name = next((text for text in plain_texts(record_type) if text in identity), identity[-1])
    field = record_type.model._meta.get_field(name)
    if field.is_relation:
        other = MAKERS[BY_MODEL[field.related_model].url_name](ProcessFactory())
        cells = {f"{name}_id": "", name: other.name}
    else:
        cells = {name: field.choices[-1][0] if field.choices else "Something new"}
    if issubclass(record_type.model, Item):
        raised_by = {"development_party": PartyFactory().name, "citation_source": SourceFactory().title}
        cells |= RAISED | raised_by
    return cells | SAID.get(record_type.url_name, {})


def test_what_was_withdrawn_or_corrected_since_is_told_apart_from_what_never_was(editor):
    parts = {"effect": EffectFactory(), "citation": CitationFactory()}
    withdrawn = parts["citation"].development
    correct(parts["effect"].development, by=editor, headline="Put otherwise")
    recording.withdraw(editor, withdrawn, "Not so.")
    said_of = {
        ("development", withdrawn.ref): "It has been withdrawn.",
        (
            "development",
            "dev-none",
        ): "There is no development with this id. Leave the id empty for a new one.",
        ("citation", "cit-none"): "There is no citation with this id. Leave the id empty for a new one.",
    } | {
        (name, part.ref): "Its development has been corrected or withdrawn since: take a fresh copy."
        for name, part in parts.items()
    }
    for (url_name, ref), rule in said_of.items():
        column, text = changed(BY_URL_NAME[url_name])
        row = brought_in(editor, BY_URL_NAME[url_name], as_file([{"id": ref, column: text}])).rows.get()
        assert [(message["column"], message["rule"]) for message in row.messages] == [("id", rule)]
        assert row.outcome == ("wrong" if ref.endswith("-none") else "conflicting")


def test_what_was_withdrawn_of_a_hidden_process_never_was(editor, bob, restricted_process):
    development = DevelopmentFactory(process=restricted_process)
    recording.withdraw(editor, development, "Not so.")
    run = brought_in(bob, BY_URL_NAME["development"], as_file([{"id": development.ref, "headline": "Mine"}]))
    assert "There is no development with this id." in run.rows.get().messages[0]["rule"]


def test_an_analyst_changes_by_file_the_shared_records_that_are_their_own():
    clerk, eve = UserFactory(username="clerk", analyst=True), UserFactory(username="eve", analyst=True)
    mine, named, theirs = PartyFactory(by=clerk), PartyFactory(by=clerk), PartyFactory(by=eve)
    PersonFactory(by=eve, party=named)
    content = "id,description\n" + "".join(f"{party.ref},Put otherwise\n" for party in (mine, named, theirs))
    run = brought_in(clerk, BY_URL_NAME["party"], content)
    rows = {row.ref: (row.outcome, row.messages) for row in run.rows.all()}
    assert rows[mine.ref] == (ImportRow.Outcome.CHANGED, [])
    for party in (named, theirs):
        outcome, messages = rows[party.ref]
        assert outcome == ImportRow.Outcome.WRONG
        assert messages[0]["rule"] == "Your role may not change parties that are not your own."


def test_rows_and_cells_with_the_id_of_a_merged_record_are_of_the_one_that_it_leads_to(editor):
    old, new = PartyFactory(name="Turkey", kind="state"), PartyFactory(name="Türkiye", kind="state")
    merge(editor, old, new, "The same")
    kind = BY_URL_NAME["party"]
    run = brought_in(editor, kind, f"id,description\n{old.ref},A state\n", then="writing")
    assert run.counts == {"changed": 1}, said(run)
    new.refresh_from_db()
    assert new.description == "A state"
    assert f"{old.ref} is “Türkiye” [{new.ref}] now" in str(said(run))
    # A copy with its version was taken before the merge.
    run = brought_in(editor, kind, f"id,version,description\n{old.ref},1,Another\n")
    assert run.counts == {"conflicting": 1} and "take a fresh copy" in str(said(run))
    people = f"name,party\nFirst,{old.ref}\nSecond,Turkey\n"
    brought_in(editor, BY_URL_NAME["person"], people, then="writing")
    assert new.people.count() == 2
