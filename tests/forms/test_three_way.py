"""The three-way merge keeps what it promises for any rows that two people edit, and agrees with a slow oracle."""

import itertools
from dataclasses import dataclass, replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tracker.forms.three_way import Merge, changed_by, merge_rows

NAMES = ("who", "title", "note")
ALIKE = (("who", "title"), ("who",))
SIDES = {"them": "me", "me": "them"}
"""What each becomes when the sides are exchanged."""


@dataclass(frozen=True)
class Edits:
    """Two people edit one list of rows: `rows` are (row, what they did, what I did), as a row, "left" or "removed".

    `has_ids`: the rows on record have ids, as those of records have that are edited in place; `is_reversed`: they are
    in another order than when the form was opened.
    """

    rows: tuple
    they_added: tuple
    i_added: tuple
    has_ids: bool = True
    is_reversed: bool = False

    @property
    def began(self):
        return [self.identified(row, f"old {number}") for number, (row, _, _) in enumerate(self.rows)]

    @property
    def theirs(self):
        kept = [
            now for row, (_, done, _) in zip(self.began, self.rows, strict=True) if (now := after(row, done))
        ]
        added = [self.identified(row, f"new {number}") for number, row in enumerate(self.they_added)]
        return [*kept, *added][:: -1 if self.is_reversed else 1]

    @property
    def mine(self):
        """The rows as typed: each in its place, a blank row, and what was added."""
        kept = [after(row, done) for row, (_, _, done) in zip(self.began, self.rows, strict=True)]
        return [*kept, None, *map(as_values, self.i_added)]

    def identified(self, row, ref):
        return as_values(row) | ({"id": ref} if self.has_ids else {})

    def merged(self):
        return merge_rows(NAMES, ALIKE, self.began, self.theirs, self.mine)

    def exchanged(self):
        rows = tuple((row, mine, theirs) for row, theirs, mine in self.rows)
        return replace(self, rows=rows, they_added=self.i_added, i_added=self.they_added)


def as_values(row):
    return dict(zip(NAMES, row, strict=True))


def after(values, done):
    """The row `values` after what somebody did with it; None where it is gone."""
    return {"left": values, "removed": None}[done] if isinstance(done, str) else values | as_values(done)


# Few names and few texts, so that rows are often about the same thing, or the same.
OLD, NEW = (list(itertools.product(names, ("", "x", "y"), ("", "z"))) for names in ("abc", "pqr"))
DONE = ["left", "removed", *OLD]


def edits_of(theirs=True, mine=True, **options):
    """Edits by the sides that are named; the rows added are about things that no row was about before."""
    rows = list(itertools.product(OLD, DONE if theirs else ["left"], DONE if mine else ["left"]))
    added = st.lists(st.sampled_from(NEW), max_size=3).map(tuple)
    return st.builds(
        Edits,
        st.lists(st.sampled_from(rows), max_size=4).map(tuple),
        added if theirs else st.just(()),
        added if mine else st.just(()),
        **options,
    )


any_order = {"is_reversed": st.booleans()}
with_or_without_ids = any_order | {"has_ids": st.booleans()}
some = settings(max_examples=60)


def results(merges):
    """The rows that a merge comes to, in the order of the form: those on record first."""
    last = len(merges)
    ordered = sorted(merges, key=lambda merge: last if merge.theirs_at is None else merge.theirs_at)
    return [merge.result for merge in ordered if merge.result is not None]


def in_any_order(rows, names=("id", *NAMES)):
    return sorted(tuple(row.get(name, "") for name in names) for row in rows if row is not None)


def oracle(edits):
    """The rows that are left: what I did since the form was opened is done to the rows on record, edit by edit."""
    began, theirs, mine = edits.began, edits.theirs, edits.mine
    places = [place for place in range(len(mine)) if place < len(began) or mine[place] is not None]
    pairs = []
    for place, (other, stored) in itertools.product(places, enumerate(theirs)):
        row = began[place] if place < len(began) else mine[place]
        signs = [
            "id" in row and row["id"] == stored.get("id"),
            all(row[name] == stored[name] for name in NAMES),
            row["who"] == stored["who"] and row["title"] == stored["title"],
            row["who"] == stored["who"],
        ]
        if any(signs):
            pairs.append((signs.index(True), place, other))
    match = {}
    for _, place, other in sorted(pairs):
        if place not in match and other not in match.values():
            match[place] = other
    record, new = {other: dict(row) for other, row in enumerate(theirs)}, []
    for place in places:
        before = began[place] if place < len(began) else dict.fromkeys(NAMES, "")
        typed = (
            {name: mine[place][name] for name in NAMES if mine[place][name] != before[name]}
            if mine[place]
            else {}
        )
        if place in match and mine[place] is not None:
            record[match[place]].update(typed)
        elif place in match:
            del record[match[place]]
        elif typed:
            new.append({name: mine[place][name] for name in NAMES})
    return [*record.values(), *new]


@pytest.mark.parametrize("began", ["", "a"])
@pytest.mark.parametrize(
    ("theirs", "mine", "by"),
    [
        ("same", "same", ""),
        ("b", "same", "them"),
        ("same", "b", "me"),
        ("b", "b", "alike"),
        ("b", "c", "both"),
    ],
)
def test_who_changed_a_text(began, theirs, mine, by):
    assert changed_by(began, theirs.replace("same", began), mine.replace("same", began)) == by


@pytest.mark.parametrize("versions", ["abc", "ab ", "a  ", "  c"])
def test_a_row_is_named_by_what_i_typed_or_else_by_what_is_on_record_or_was(versions):
    rows = [None if text == " " else {"who": text} for text in versions]
    assert Merge(NAMES, *rows).newest == {"who": versions.strip()[-1]}


def test_a_row_that_i_alone_added_is_new_also_with_every_field_left_empty():
    assert not Merge(NAMES, None, None, dict.fromkeys(NAMES, "")).is_settled


@given(st.lists(st.tuples(*[st.sampled_from(["", "a", "b", "c"])] * 3), min_size=3, max_size=3))
@some
def test_a_record_has_their_text_where_only_they_changed_it_and_mine_elsewhere(texts):
    began, theirs, mine = (dict(zip(NAMES, version, strict=True)) for version in zip(*texts, strict=True))
    merge = Merge(NAMES, began, theirs, mine)
    for name in NAMES:
        assert merge.result[name] == (theirs[name] if mine[name] == began[name] else mine[name])
    assert merge.is_settled == (merge.result == theirs)
    assert Merge(NAMES, began, theirs, merge.result).result == merge.result
    exchanged = Merge(NAMES, began, mine, theirs)
    for by in ("", "them", "me", "alike", "both"):
        assert exchanged.changed(SIDES.get(by, by)) == merge.changed(by)
    assert all(exchanged.result[name] == merge.result[name] for name in {*NAMES} - merge.changed("both"))


@given(edits_of(theirs=False, mine=False, **with_or_without_ids))
@some
def test_where_nobody_changed_anything_nothing_changes(edits):
    merges = edits.merged()
    assert results(merges) == edits.theirs
    assert all(merge.is_settled and not merge.changed("them", "me", "alike", "both") for merge in merges)


@given(edits_of(mine=False, **with_or_without_ids))
@some
def test_where_only_they_edited_their_rows_stay(edits):
    merges = edits.merged()
    assert results(merges) == edits.theirs
    assert all(merge.is_settled for merge in merges)


@given(edits_of(theirs=False, **with_or_without_ids))
@some
def test_where_only_i_edited_my_rows_stay(edits):
    merges = edits.merged()
    assert in_any_order(results(merges)) == in_any_order(edits.mine)
    assert all(merge.is_settled for merge in merges) == (edits.mine == [*edits.began, None])


@given(edits_of(mine=False, **any_order))
@some
def test_what_both_did_alike_is_settled(edits):
    rows = tuple((row, done, done) for row, done, _ in edits.rows)
    merges = replace(edits, rows=rows, i_added=edits.they_added).merged()
    assert results(merges) == edits.theirs
    assert all(merge.is_settled and not merge.changed("them", "me", "both") for merge in merges)


@given(edits_of(**with_or_without_ids))
@some
def test_no_row_is_lost_or_taken_twice(edits):
    merges = edits.merged()
    assert sorted(merge.theirs_at for merge in merges if merge.theirs_at is not None) == [
        *range(len(edits.theirs))
    ]
    places = [merge.mine_at for merge in merges if merge.mine_at is not None]
    assert places == [place for place in range(len(edits.mine)) if place != len(edits.began)]
    for merge in merges:
        assert merge.taken <= (merge.theirs or {}).keys()
        if merge.theirs is not None and merge.result is None:
            assert merge.began is not None and merge.mine is None
        if merge.began is None:
            assert merge.result is not None
            # Where both added the row, a field that one left empty has the text of the other.
            for name in NAMES:
                _, theirs, mine = merge.texts(name)
                assert merge.result[name] == (mine or theirs)


@given(edits_of(**any_order))
@some
def test_a_row_that_one_side_removed_and_the_other_left_does_not_come_back(edits):
    merges = {merge.mine_at: merge for merge in edits.merged()}
    for number, (_, theirs, mine) in enumerate(edits.rows):
        if {theirs, mine} <= {"left", "removed"} and "removed" in (theirs, mine):
            assert merges[number].result is None


@given(edits_of(**with_or_without_ids))
@example(Edits(rows=((("a", "x", ""), "removed", ("a", "", "")),), they_added=(), i_added=()))
@some
def test_what_was_typed_stays_where_both_changed_it(edits):
    for merge in edits.merged():
        if merge.mine is None:
            continue
        if merge.theirs is not None:
            assert all(
                merge.result[name] == merge.mine[name] for name in merge.changed("both", "me", "alike")
            )
        elif merge.began != merge.mine:
            assert merge.result == {name: merge.mine[name] for name in NAMES}
            assert not merge.is_settled


@given(edits_of(**with_or_without_ids))
@some
def test_merging_again_with_the_same_record_changes_nothing(edits):
    merges, theirs = edits.merged(), edits.theirs
    stored = {merge.theirs_at: merge.result for merge in merges if merge.theirs_at is not None}
    added = [merge.result for merge in merges if merge.theirs_at is None and merge.result is not None]
    again = merge_rows(NAMES, ALIKE, theirs, theirs, [*(stored[place] for place in sorted(stored)), *added])
    assert results(again) == results(merges)
    assert not any(merge.changed("them", "both") for merge in again if merge.mine is not None)


@given(edits_of())
@some
def test_exchanging_the_sides_exchanges_who_changed_what(edits):
    def told(merges, sides):
        return sorted(
            (
                in_any_order([merge.began], NAMES),
                [sorted(merge.changed(sides.get(by, by))) for by in ("them", "me", "alike", "both")],
                # Where both edited the row, it is mine, whoever that is.
                [] if is_contested(merge) else in_any_order([merge.result], NAMES),
            )
            for merge in merges
        )

    def is_contested(merge):
        return merge.changed("both") or merge.began and merge.began not in (merge.theirs, merge.mine)

    assert told(edits.merged(), {}) == told(edits.exchanged().merged(), SIDES)


@given(edits_of(**with_or_without_ids))
@some
def test_the_rows_are_those_of_the_oracle(edits):
    assert in_any_order(results(edits.merged())) == in_any_order(oracle(edits))


@given(edits_of(**with_or_without_ids), st.integers(0, 4))
@some
def test_rows_that_the_form_did_not_send_stay_as_they_are(edits, sent):
    merges = merge_rows(NAMES, ALIKE, edits.began, edits.theirs, edits.began[:sent])
    assert in_any_order(results(merges)) == in_any_order(edits.theirs)
