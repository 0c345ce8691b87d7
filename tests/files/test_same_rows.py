"""What tells rows apart is all that identifies them; a message says what is the same in two, and what is not."""

import pytest

from tests import factories as make
from tests.files.test_importing import as_file, brought_in, said
from tracker import recording
from tracker.models import Delegation, Development, Office, Party, Person, Source, Talk
from tracker.register import BY_URL_NAME

TALK, DELEGATION = BY_URL_NAME["talk"], BY_URL_NAME["delegation"]


@pytest.fixture
def editor(db):
    """In whose name files come in; there is a process to record in, and two parties."""
    make.ProcessFactory(title="River talks")
    for name in ("Graustark", "Ruritania"):
        make.PartyFactory(name=name)
    return make.UserFactory(administrator=True)


def talk(**cells):
    """A row of a file of talks."""
    return {
        "process": "River talks", "title": "Technical round", "place": "", "due_on": "", "status": "proposed",
        "form": "call", "development_kind": "report", "development_occurred_on": "2025-02-18",
        "development_basis": "paraphrase", "development_party": "Graustark", "development_headline": "", "note": "",
    } | cells  # fmt: skip


def twice(editor, kind, rows, **options):
    """The import of `rows`, written, and the same brought in again."""
    run = brought_in(editor, kind, as_file(rows), then="writing", **options)
    assert run.state == "done", said(run)
    return run, brought_in(editor, kind, as_file(rows), **options)


@pytest.mark.parametrize(
    "other",
    [
        {"development_occurred_on": "2025-02-20"},
        {"development_occurred_on": "2025-02"},
        {"due_on": "2025-03-01"},
        {"place": "Zenda"},
        {
            "place": "Zenda",
            "development_occurred_on": "2025-02-20",
            "development_headline": "They meet again",
        },
        {"host": "Ruritania"},
    ],
)
def test_two_talks_of_one_title_are_two_and_are_known_again(editor, other):
    rows = [talk(host=""), talk(host="") | other]
    run, again = twice(editor, TALK, rows)
    assert run.counts == {"created": 2} and Talk.objects.count() == 2
    assert again.counts == {"unchanged": 2}, said(again)
    # In the other order, and each by itself.
    assert brought_in(editor, TALK, as_file(rows[::-1])).counts == {"unchanged": 2}
    assert brought_in(editor, TALK, as_file(rows[1:])).counts == {"unchanged": 1}


def test_a_talk_beside_one_of_its_title_is_told_of(editor):
    twice(editor, TALK, [talk()])
    run = brought_in(editor, TALK, as_file([talk(development_occurred_on="2025-02-20", note="Another")]))
    row, first = run.rows.get(), Talk.objects.get()
    assert row.outcome == "created"
    assert f"beside Technical round [{first.ref}], 18 Feb 2025" in row.messages[0]["rule"]


def test_a_talk_of_which_nothing_is_said_any_more_is_not_meant(editor):
    twice(editor, TALK, [talk()])
    recording.withdraw(editor, Development.objects.get(), "Not said")
    assert brought_in(editor, TALK, as_file([talk()])).counts == {"created": 1}


def test_a_talk_that_can_be_either_of_two_is_asked_about_with_ids_and_days(editor):
    twice(editor, TALK, [talk(place="Zenda"), talk(place="Strelsau", due_on="2025-03-01")])
    refs = Talk.objects.values_list("ref", flat=True)
    run = brought_in(editor, TALK, as_file([talk(form="video")]))
    rule = run.rows.get().messages[0]["rule"]
    assert run.counts == {"wrong": 1} and all(ref in rule for ref in refs)
    assert "18 Feb 2025" in rule and "1 Mar 2025" in rule
    row = {"talk": "Technical round", "party": "Graustark", "role": "host"}
    message = brought_in(editor, DELEGATION, as_file([row])).rows.get().messages[0]
    assert message["column"] == "talk" and all(ref in message["rule"] for ref in refs)
    assert "18 Feb 2025" in message["rule"] and "1 Mar 2025" in message["rule"]


def test_of_many_that_can_be_meant_no_more_than_six_are_named(editor):
    twice(editor, TALK, [talk(place=f"Place {number}") for number in range(8)])
    (message,) = brought_in(editor, TALK, as_file([talk(form="video")])).rows.get().messages
    assert message["column"] == "id"
    start, _, rest = message["rule"].partition(": ")
    assert start == "Several records on file may be meant" and rest.endswith(". Give the id.")
    assert rest.count("[tlk-") == 6


def test_one_talk_in_two_rows_is_refused_with_what_is_the_same_and_what_differs(editor):
    run = brought_in(editor, TALK, as_file([talk(), talk(note="More"), talk()]))
    messages = [row.messages for row in run.rows.all()]
    assert [row.outcome for row in run.rows.all()] == ["created", "wrong", "wrong"]
    assert messages[1][0]["column"] == "note"
    assert "Rows 2 and 3 are of one talk (same process, title)" in messages[1][0]["rule"]
    assert "one note, where row 2 has nothing and row 3 “More”" in messages[1][0]["rule"]
    assert messages[2][0]["rule"] == "It says the same as row 2."
    run = brought_in(editor, TALK, as_file([talk(note="More"), talk()]))
    assert "where row 2 has “More” and row 3 nothing" in run.rows.get(number=3).messages[0]["rule"]


def seat(role, **cells):
    """A row of a file of delegations."""
    return {"talk": "First round", "party": "Graustark", "role": role, "note": ""} | cells


@pytest.fixture
def first_round(editor):
    return make.TalkFactory(title="First round")


@pytest.mark.usefixtures("first_round")
class TestRowsOfOneDelegation:
    """Rows that differ in their roles alone are joined, wherever they are; others are told apart."""

    @pytest.mark.parametrize("batch", [1, 500])
    def test_rows_that_differ_in_role_alone_are_one_delegation_with_all_roles(
        self, editor, monkeypatch, batch
    ):
        monkeypatch.setattr("tracker.files.importing.runs.BATCH", batch)
        rows = [seat("host"), seat("principal", party="Ruritania"), seat("mediator"), seat("host; witness")]
        run, again = twice(editor, DELEGATION, rows)
        assert run.counts == {"created": 2, "unchanged": 2}
        assert Delegation.objects.get(party__name="Graustark").role == "mediator; host; witness"
        assert again.counts == {"unchanged": 4}
        (joined,) = run.rows.get(number=4).messages
        assert joined["rule"] == "Joined with row 2, from which it differs only in role."
        assert "role is “mediator; host”" in run.rows.get(number=2).messages[0]["rule"]

    def test_a_row_with_other_names_of_the_same_is_joined_too(self, editor, first_round):
        twice(editor, DELEGATION, [seat("host"), seat("mediator", talk=first_round.ref)])
        assert Delegation.objects.get().role == "mediator; host"

    def test_rows_that_are_joined_change_what_is_on_record(self, editor, first_round):
        party = Party.objects.get(name="Graustark")
        make.DelegationFactory(talk=first_round, party=party, role="observer")
        run, again = twice(editor, DELEGATION, [seat("host"), seat("mediator")])
        assert (run.counts, again.counts) == ({"changed": 1, "unchanged": 1}, {"unchanged": 2})
        assert Delegation.objects.get().role == "mediator; host"

    def test_columns_of_labels_are_joined_as_well(self, editor):
        rows = [
            {"talk": "First round", "party": "Graustark", "role_label": name} for name in ("Host", "Mediator")
        ]
        twice(editor, DELEGATION, rows)
        assert Delegation.objects.get().role == "mediator; host"

    @pytest.mark.parametrize("roles", [["host", "mediater"], ["mediater", "host"], [r"\N", "host"]])
    def test_a_row_waits_for_a_refused_one_of_its_delegation(self, editor, roles):
        rows = [*map(seat, roles), seat("principal", party="Ruritania")]
        run = brought_in(editor, DELEGATION, as_file(rows), then="writing", only_valid=True)
        assert run.counts == {"created": 1, "wrong": 2}
        number = roles.index("host") + 2
        (message,) = run.rows.get(number=number).messages
        assert message["column"] == "role" and f"It goes with row {5 - number}" in message["rule"]
        # So the file of the rows that were refused has both.
        mended = [dict(zip(run.header, row.cells, strict=True)) for row in run.rows.filter(outcome="wrong")]
        for row in mended:
            row["role"] = "host" if row["role"] == "host" else "mediator"
        twice(editor, DELEGATION, mended)
        assert Delegation.objects.get(party__name="Graustark").role == "mediator; host"

    def test_a_row_that_differs_in_more_from_a_refused_one_does_not_wait(self, editor):
        run = brought_in(editor, DELEGATION, as_file([seat("mediater"), seat("host", note="Sat apart")]))
        assert run.counts == {"created": 1, "wrong": 1}

    def test_rows_that_differ_in_more_are_told_apart_by_that(self, editor):
        run = brought_in(
            editor, DELEGATION, as_file([seat("host", note="Old"), seat("mediator", note="New")])
        )
        (message,) = run.rows.get(number=3).messages
        assert message["column"] == "note"
        assert "Rows 2 and 3 are of one delegation (same talk, party)" in message["rule"]
        assert "which has one note, where row 2 has “Old” and row 3 “New”" in message["rule"]
        assert "role" not in message["rule"]

    def test_two_equal_rows_are_said_to_be_equal(self, editor):
        run = brought_in(editor, DELEGATION, as_file([seat("host"), seat("host")]))
        assert run.rows.get(number=3).messages[0]["rule"] == "It says the same as row 2."

    def test_two_parties_have_two_delegations(self, editor):
        assert twice(editor, DELEGATION, [seat("host"), seat("host", party="Ruritania")])[1].counts == {
            "unchanged": 2
        }
        assert Delegation.objects.count() == 2

    @pytest.mark.parametrize(
        ("cell", "role"),
        [
            ("host; mediator", "mediator; host"), ("Host;Mediator", "mediator; host"), ("HOST", "host"),
            ("Asked to join; Declined; declined", "declined; asked_to_join"),
        ],
    )  # fmt: skip
    def test_a_cell_may_have_several_roles(self, editor, cell, role):
        twice(editor, DELEGATION, [seat(cell)])
        assert Delegation.objects.get().role == role

    def test_an_unknown_role_among_several_is_told_with_the_nearest(self, editor):
        run = brought_in(editor, DELEGATION, as_file([seat("host; mediater")]))
        (message,) = run.rows.get().messages
        assert message["column"] == "role"
        assert "“mediater” is not a code of this column. Nearest: mediator" in message["rule"]

    @pytest.mark.parametrize("rows", [[seat("host; excluded")], [seat("excluded"), seat("host")]])
    def test_roles_that_contradict_each_other_are_refused_in_one_cell_and_in_two_rows(self, editor, rows):
        run = brought_in(editor, DELEGATION, as_file(rows), then="writing")
        assert not Delegation.objects.exists() and "created" not in run.counts
        messages = run.rows.get(number=2).messages
        assert [(message["column"], message["rule"]) for message in messages] == [
            ("role", "It cannot be both “Host” and “Excluded”.")
        ]

    @pytest.mark.parametrize("cell", ["", r"\N", ";"])
    def test_there_is_no_delegation_without_a_role(self, editor, cell):
        run = brought_in(editor, DELEGATION, as_file([seat(cell)]))
        assert run.counts == {"wrong": 1} and run.rows.get().messages[0]["column"] == "role"


def test_a_delegation_may_have_two_heads(editor):
    delegation = make.DelegationFactory()
    seat = {"talk": delegation.talk.title, "party": delegation.party.name, "capacity": "head"}
    rows = [seat | {"person": make.PersonFactory().name} for _ in range(2)]
    first, second = twice(editor, BY_URL_NAME["delegate"], rows)
    assert (first.counts, second.counts) == ({"created": 2}, {"unchanged": 2})
    assert [row.capacity for row in delegation.delegates.all()] == ["head", "head"]


def test_two_wordings_by_one_development_are_told_as_such(editor):
    development, item = make.DevelopmentFactory(), None
    item = make.PrincipleFactory(process=development.process)
    rows = [
        {"development_id": development.ref, "item_id": item.ref, "wording": text} for text in ("shall", "may")
    ]
    run = brought_in(editor, BY_URL_NAME["effect"], as_file(rows), reason="recoded")
    (message,) = run.rows.get(number=3).messages
    assert message["column"] == "wording"
    assert (
        "of one effect (same development, item, party, wording language), which has one wording"
        in message["rule"]
    )


@pytest.mark.parametrize(
    ("url_name", "row", "other"),
    [
        ("person", {"name": "Ivan Ivanov", "affiliation": "Institute"}, {"affiliation": "Academy"}),
        ("source", {"title": "Briefing", "publisher": "P", "kind": "news_report", "published_on": "2025-02"},
         {"published_on": "2025-02-01"}),
        ("source", {"title": "Briefing", "publisher": "P", "kind": "news_report", "url": "https://example.org/1"},
         {"url": "https://example.org/2"}),
        ("office", {"person": "Rudolf", "title": "Envoy", "organisation": "Court"}, {"organisation": "League"}),
        ("office", {"person": "Rudolf", "title": "Envoy", "held_from": "2025"}, {"held_from": "2025-01-01"}),
    ],
)  # fmt: skip
def test_shared_records_of_one_name_are_told_apart_by_what_else_identifies_them(editor, url_name, row, other):
    make.PersonFactory(name="Rudolf", party=None, affiliation="Court")
    run, again = twice(editor, BY_URL_NAME[url_name], [row, row | other])
    assert run.counts == {"created": 2} and again.counts == {"unchanged": 2}, said(again)
    assert max(Person.objects.count(), Source.objects.count(), Office.objects.count()) >= 2


def test_demands_and_promises_of_several_are_several(editor):
    raised = {name: text for name, text in talk().items() if name.startswith("development_")}
    row = {"process": "River talks", "title": "Withdraw", "kind": "demand", **raised}
    rows = [row | {"party": party, "addressed_to": other} for party, other in
            (("Graustark", "Ruritania"), ("Ruritania", "Graustark"))]  # fmt: skip
    run, again = twice(editor, BY_URL_NAME["demand"], rows)
    assert run.counts == {"created": 2} and again.counts == {"unchanged": 2}, said(again)
    row = {"process": "River talks", "title": "Name an envoy", "kind": "drafting", **raised}
    rows = [row | {"owner": party} for party in ("Graustark", "Ruritania")]
    run, again = twice(editor, BY_URL_NAME["follow-up"], rows)
    assert run.counts == {"created": 2} and again.counts == {"unchanged": 2}, said(again)


@pytest.mark.parametrize("name", ["GRAUSTARK", "Gr\u0430ustark", "The  Graustark", "Duchy of Strelsau"])
def test_a_new_record_beside_one_of_its_name_is_told_of_however_it_is_written(editor, name):
    make.PartyFactory(name="Strelsau", aliases=["Duchy of Strelsau"])
    run = brought_in(editor, BY_URL_NAME["party"], as_file([{"name": name, "kind": "state"}]))
    assert run.counts == {"created": 1}
    assert ("Strelsau [pty-" if "Duchy" in name else "Graustark [pty-") in str(said(run))
    other = brought_in(editor, BY_URL_NAME["party"], as_file([{"name": "Elphberg", "kind": "state"}]))
    assert "[pty-" not in str(said(other))
