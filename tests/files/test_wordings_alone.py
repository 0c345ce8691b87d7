"""Rows of effects that set a wording alone: of several parties, and of the only development of their item."""

import pytest

from tests import factories as make
from tests.files.test_importing import as_file, brought_in, said
from tests.files.test_several_texts import ENGLISH, PERSIAN, row, texts
from tracker.clocks import PRESENT
from tracker.models import Development, Principle
from tracker.register import BY_URL_NAME

DEVELOPMENT, EFFECT = BY_URL_NAME["development"], BY_URL_NAME["effect"]


@pytest.fixture
def editor(db):
    """In whose name files come in; there is a process with a principle, and two parties."""
    make.PrincipleFactory(title="Closure of the site", process=make.ProcessFactory(title="River talks"))
    for name in ("Graustark", "Ruritania"):
        make.PartyFactory(name=name)
    return make.UserFactory(administrator=True)


def of_both(language, words, **cells):
    """A row of a file of effects of two parties, without a development."""
    of_two = {"item": "Closure of the site", "party": "Graustark; Ruritania"}
    return of_two | {"wording_language": language, "wording": words} | cells


def test_a_wording_of_two_parties_is_that_of_the_only_development_of_its_item(editor):
    rows = [of_both(*ENGLISH), of_both(*PERSIAN)]
    run = brought_in(editor, EFFECT, as_file(rows), then="writing", reason="new_information")
    assert run.state == "done" and run.counts == {"created": 2}, said(run)
    assert texts() == [list(ENGLISH), list(PERSIAN)]
    ref = Development.objects.at(PRESENT).get().ref
    for each in run.rows.all():
        parties, development = (message["rule"] for message in each.messages)
        assert (
            parties.startswith("Without “Graustark; Ruritania”") and "a stance of each takes a row" in parties
        )
        assert development.startswith("Taken for a part of the only development") and ref in development
    assert brought_in(editor, EFFECT, as_file(rows), reason="new_information").counts == {"unchanged": 2}
    # The same file is known again when others have touched the item.
    make.DevelopmentFactory(effects=[make.EffectFactory.build(item=Principle.objects.get(), status="agreed")])
    assert brought_in(editor, EFFECT, as_file(rows), reason="new_information").counts == {"unchanged": 2}


def test_a_row_that_may_be_of_other_developments_or_sets_more_is_told_which(editor):
    (raised,) = Development.objects.all()
    rows = [
        of_both(*ENGLISH, status="agreed", stance=""),
        of_both(*ENGLISH, status="", stance="affirms"),
        of_both(*ENGLISH, party="Graustark; Nobody", status="", stance=""),
    ]
    wrong = {
        number: {message["column"]: message["rule"] for message in messages}
        for number, messages in said(brought_in(editor, EFFECT, as_file(rows), reason="new_information"))
    }
    assert {number: [*rules] for number, rules in wrong.items()} == {
        2: ["development"], 3: ["party", "development"], 4: ["party"]
    }  # fmt: skip
    assert f"[{raised.ref}" in wrong[2]["development"] and "a file of developments" in wrong[2]["development"]
    assert wrong[3]["party"].startswith("It names “Graustark” and “Ruritania”, and takes one of them")
    assert "There is no party called “Nobody”" in wrong[4]["party"]
    item = Principle.objects.get()
    later = make.DevelopmentFactory(effects=[make.EffectFactory.build(item=item, status="agreed")])
    (_, (message,)), *_ = said(
        brought_in(editor, EFFECT, as_file([of_both(*ENGLISH)]), reason="new_information")
    )
    assert message["column"] == "development"
    assert raised.ref in message["rule"] and later.ref in message["rule"]


def test_several_parties_of_a_wording_are_left_out_of_a_new_development(editor):
    rows = [row(*text, effect_party="Graustark; Ruritania", effect_status="") for text in (ENGLISH, PERSIAN)]
    run = brought_in(editor, DEVELOPMENT, as_file(rows), then="writing")
    assert run.state == "done", said(run)
    assert texts() == [list(ENGLISH), list(PERSIAN)]
    rows = [row("", "", effect_party="Graustark; Ruritania", effect_status="", effect_item="")]
    (message, *_) = brought_in(editor, DEVELOPMENT, as_file(rows)).rows.get().messages
    assert message["column"] == "effect_party" and "takes one of them" in message["rule"]


def test_a_file_of_wordings_taken_for_developments_names_the_columns(editor):
    cells = of_both(*PERSIAN)
    refused = brought_in(editor, DEVELOPMENT, as_file([cells]))
    assert [problem.partition("Nearest: ")[2] for problem in refused.problems] == [
        "effect_item.", "effect_wording_language.", "effect_wording.",
    ]  # fmt: skip
