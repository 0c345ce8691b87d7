"""How paths are laid out along a range: which days are where, what is dashed, cut off, merged and struck."""

import datetime as dt

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from tracker.charts import layout
from tracker.charts.lanes import IN_FORCE, Lane, LaneStatement, LaneValue, Path
from tracker.charts.layout import draw, percent
from tracker.charts.time_range import MOST_TICKS, SHORTEST, Range, read_range, spanning
from tracker.charts.timeline_chart import chart_context
from tracker.clocks import PRESENT
from tracker.models.dates import Span

FEBRUARY = Range(dt.date(2025, 2, 1), dt.date(2025, 2, 28))
FIRST, LAST = dt.date(2025, 2, 10), dt.date(2025, 2, 20)


def day(text):
    return dt.date.fromisoformat(text)


def said(when, state=IN_FORCE):
    """A version of a development said to have happened on `when`."""
    return LaneStatement(f"dev-{when}", 1, f"It happens {when}", Span.parse(when), False, state)


def stance(code):
    return LaneValue("stance", code, code.capitalize())


def path(*values, aspect="stance"):
    """The path of an item with one lane, on which (when, code) or (when, code, state) were set one after the other."""
    lane, versions = Lane(aspect, "pty-one", "One"), []
    for when, code, *state in values:
        versions.append(said(when, *state))
        lane.add(versions[-1], stance(code))
    return Path({"ref": "dem-one"}, [lane], versions)


def drawn(*values, within=FEBRUARY, edge=1000.0):
    (found,) = draw([path(*values)], within, edge).values()
    return found[0]


def test_a_day_lies_where_it_begins_and_the_last_one_is_within():
    assert (FEBRUARY.days, FEBRUARY.at(day("2025-02-01"))) == (28, 0)
    assert FEBRUARY.at(day("2025-02-15")) == 50
    assert FEBRUARY.at(day("2025-03-01")) == 100
    assert FEBRUARY.at(day("2025-01-25")) < 0


@pytest.mark.parametrize(
    "first, last, labels",
    [
        ("2025-02-17", "2025-02-20", ["17 Feb", "18 Feb", "19 Feb", "20 Feb"]),
        ("2025-02-01", "2025-02-28", ["3 Feb", "10 Feb", "17 Feb", "24 Feb"]),
        ("2024-11-15", "2025-03-10", ["Dec 2024", "Jan 2025", "Feb 2025", "Mar 2025"]),
        ("2023-11-15", "2025-03-10", ["Jan 2024", "Apr 2024", "Jul 2024", "Oct 2024", "Jan 2025"]),
        ("2014-06-01", "2020-06-01", ["2015", "2016", "2017", "2018", "2019", "2020"]),
        ("1990-01-01", "2020-06-01", ["1990", "1995", "2000", "2005", "2010", "2015", "2020"]),
    ],
)
def test_the_ticks_suit_the_range(first, last, labels):
    assert [tick.label for tick in Range(day(first), day(last)).ticks()] == labels


ORDINALS = st.integers(1, dt.date.max.toordinal())


@given(ORDINALS, ORDINALS)
def test_any_range_has_ticks_that_can_be_read_and_can_be_moved_and_zoomed(one, other):
    within = Range(*map(dt.date.fromordinal, sorted((one, other))))
    ticks = within.ticks()
    assert len(ticks) <= MOST_TICKS and all(0 <= within.at(tick.day) < 100 for tick in ticks)
    for other_range in (within.moved(-0.5), within.moved(0.5), within.zoomed(2), within.zoomed(0.5)):
        assert other_range.days >= 1


def test_moving_keeps_the_length_and_zooming_the_middle():
    assert FEBRUARY.moved(0.5) == Range(day("2025-02-15"), day("2025-03-14"))
    assert FEBRUARY.moved(-0.5) == Range(day("2025-01-18"), day("2025-02-14"))
    assert FEBRUARY.zoomed(2) == Range(day("2025-01-18"), day("2025-03-14"))
    assert FEBRUARY.zoomed(0.5) == Range(day("2025-02-08"), day("2025-02-21"))
    one_day = Range(FIRST, FIRST)
    assert one_day.zoomed(0.5) == one_day


def test_a_range_is_asked_for_by_days_months_or_years():
    usual = Range(FIRST, LAST)
    assert read_range({}, usual) == usual
    assert read_range({"from": "2025-02", "to": "2025-02"}, usual) == FEBRUARY
    assert read_range({"from": "2024", "to": "2025"}, usual) == Range(day("2024-01-01"), day("2025-12-31"))
    assert read_range({"from": " 2025-02-12 "}, usual) == Range(day("2025-02-12"), LAST)
    # One end alone may lie beyond all that would be drawn.
    assert read_range({"from": "2025-03"}, usual) == Range(day("2025-03-01"), day("2025-03-31"))
    assert read_range({"to": "2024"}, usual) == Range(day("2024-01-01"), day("2024-12-31"))


@pytest.mark.parametrize(
    "asked, said",
    [
        ({"from": "Monday"}, "from: “Monday”"),
        ({"to": "2025-13"}, "to: "),
        ({"from": "before 2025-02-18"}, "from: "),
        ({"from": "2025-03", "to": "2025-02"}, "to: 2025-02 is before the start, 2025-03."),
    ],
)
def test_what_is_no_range_is_refused_with_a_hint(asked, said):
    with pytest.raises(ValueError, match=said) as error:
        read_range(asked, FEBRUARY)
    assert len(asked) == 2 or str(error.value).endswith(
        ("2025-02-18, Feb 2025 or 2025.", "Nearest: 2025-12.")
    )


def test_what_is_drawn_unasked_has_room_and_takes_in_what_is_near():
    usual = spanning(FIRST, LAST)
    assert usual.first < FIRST and usual.last > LAST and usual.days >= SHORTEST
    assert spanning(FIRST, FIRST).days >= SHORTEST
    assert spanning(FIRST, LAST, day("2025-03-01")).last > day("2025-03-01")
    assert spanning(FIRST, LAST, day("2026-03-01")) == usual


def test_a_value_holds_until_another_is_set_and_the_last_until_the_edge():
    lane = drawn(("2025-02-08", "affirms"), ("2025-02-15", "rejects"), ("2025-02-20", "rejects"), edge=90)
    assert [(block.x, block.x + block.width) for block in lane.blocks] == [(25, 50), (50, 90)]
    assert [block.segments[0].value.value for block in lane.blocks] == ["affirms", "rejects"]
    # What was said again has a mark, and no segment of its own.
    assert [len(dot.marks) for dot in lane.dots] == [1, 1, 1]
    assert [dot.marks[0].news for dot in lane.dots] == [True, True, False]


def test_what_began_before_the_range_comes_from_the_edge():
    lane = drawn(("2024-12-01", "affirms"), ("2025-01-10", "disputes"), ("2025-02-15", "rejects"))
    assert [(block.x, block.onward) for block in lane.blocks] == [(0, True), (50, False)]
    assert lane.blocks[0].segments[0].value.value == "disputes"
    assert [dot.marks[0].statement.ref for dot in lane.dots] == ["dev-2025-02-15"]
    assert drawn(("2025-03-02", "affirms")).blocks == []


def test_a_month_is_dashed_over_all_that_it_can_mean():
    quarter = Range(day("2025-01-01"), day("2025-03-31"))
    lane = drawn(("2025-02", "affirms"), within=quarter)
    (block,), (dot,) = lane.blocks, lane.dots
    begins, ends = quarter.at(day("2025-02-01")), quarter.at(day("2025-03-01"))
    assert (block.x, block.about) == (begins, pytest.approx(ends - begins))
    assert dot.x == begins and dot.span == (begins, ends) and not dot.endless
    # Only as long as nothing else is known to hold, and nothing counts beyond the edge.
    assert (
        drawn(("2025-02", "affirms"), ("2025-02-10", "rejects"), within=quarter).blocks[0].about < block.about
    )
    assert drawn(("2025-02", "affirms"), within=quarter, edge=40).dots[0].span == (begins, 40)


def test_what_is_known_only_as_before_a_day_is_dashed_without_end_to_the_left():
    lane = drawn(("before 2025-02-15", "rejects"), ("2025-02-15", "conditional"))
    before, since = lane.blocks
    assert (before.x, before.about, before.onward) == (0, 50, False)
    assert since.x == 50 and since.about == 0
    dot = lane.dots[0]
    assert dot.x == 50 - percent(layout.BEFORE) and dot.endless and dot.span[0] < dot.x < dot.span[1] == 50
    # What held earlier is not covered by it.
    later = drawn(("2025-02-05", "affirms"), ("before 2025-02-15", "rejects"), ("2025-02-20", "affirms"))
    assert [block.x for block in later.blocks][1] == 50 - percent(layout.BEFORE)


def test_marks_too_close_to_be_told_apart_are_one_with_their_number():
    years = Range(day("2015-01-01"), day("2025-12-31"))
    lane = drawn(
        ("2025-02-01", "affirms"), ("2025-02-03", "rejects"), ("2025-02-05", "affirms"), within=years
    )
    assert [len(dot.marks) for dot in lane.dots] == [3]
    # So are the values that held between them: no tone, and no shape, for what is not legible.
    assert [(len(block.segments), block.legible) for block in lane.blocks] == [(2, False), (1, True)]


def test_what_happened_on_one_day_stands_in_order_where_the_day_is_wide_enough():
    week = Range(day("2025-02-17"), day("2025-02-23"))
    same = (("2025-02-18", "affirms"), ("2025-02-18", "rejects"), ("2025-02-18", "conditional"))
    lane = drawn(*same, within=week)
    assert [dot.marks[0].values[0].value for dot in lane.dots] == ["affirms", "rejects", "conditional"]
    assert all(week.at(day("2025-02-18")) <= dot.x < week.at(day("2025-02-19")) for dot in lane.dots)
    assert [len(dot.marks) for dot in drawn(*same, within=Range(day("2024-01-01"), LAST)).dots] == [3]


def test_a_struck_version_has_a_mark_apart_and_no_segment():
    lane = drawn(("2025-02-08", "affirms"), ("2025-02-10", "rejects", "corrected"), ("2025-02-12", "affirms"))
    assert len(lane.blocks) == 1 and len(lane.dots) == 2
    assert [dot.marks[0].statement.state for dot in lane.struck] == ["corrected"]
    assert lane.struck[0].x == FEBRUARY.at(day("2025-02-10"))


def test_the_table_has_each_mark_and_each_segment_once():
    lane = drawn(
        ("2024-01-01", "affirms"), ("2025-02-05", "rejects"), ("2025-02-06", "affirms", "withdrawn"),
        ("2025-02-10", "rejects"), ("2025-02-20", "conditional"),
    )  # fmt: skip
    rows = list(lane.rows)
    assert [dot for dot, _ in rows if dot] == sorted([*lane.dots, *lane.struck], key=lambda dot: dot.x)
    assert sorted(block.x for _, blocks in rows for block in blocks) == [block.x for block in lane.blocks]
    assert rows[0][0] is None and rows[0][1] == [lane.blocks[0]]


def test_due_dates_are_flagged_and_those_put_off_are_known():
    lane, first, second = Lane("due"), said("2025-02-03"), said("2025-02-05")
    for version, due in ((first, "2025-02-15"), (second, "2025-03")):
        lane.add(version, LaneValue("due", due, due), Span.parse(due))
    within = Range(day("2025-02-01"), day("2025-03-31"))
    (found,) = draw([Path({"ref": "fup-one"}, [lane], [first, second])], within, 1000).values()
    flags = found[0].flags
    assert [flag.x for flag in flags] == [within.at(day("2025-02-15")), within.at(day("2025-03-01"))]
    assert [flag.segment.until is second for flag in flags] == [True, False]
    assert flags[1].x + flags[1].width == 100


def test_former_due_dates_are_drawn_as_far_apart_as_marks_if_there_are_too_many():
    lane = Lane("due")
    versions = [said(str(dt.date(2025, 2, 1) + dt.timedelta(days=number))) for number in range(28)]
    for number, version in enumerate(versions):
        due = str(dt.date(2025, 3, 1) + dt.timedelta(days=number))
        lane.add(version, LaneValue("due", due, due), Span.parse(due))
    paths, within = [Path({"ref": "fup-one"}, [lane], versions)], Range(day("2025-02-01"), day("2026-01-31"))
    ((whole,),) = draw(paths, within, 1000).values()
    assert whole.size == len(whole.blocks) + len(whole.dots) + 28 and not any(
        flag.near for flag in whole.flags
    )
    for most in (whole.size, whole.size - 1):
        ((found,),) = draw(paths, within, 1000, most).values()
        assert found.is_coarse == (most < whole.size) and found.size <= most
        assert (len(found.flags) < 28) == found.is_coarse and found.flags[-1].segment.until is None
        assert len(found.flags) + sum(flag.near for flag in found.flags) == 28


def test_however_much_there_is_a_drawing_stays_bounded(monkeypatch):
    monkeypatch.setattr(layout, "MOST", 100)
    days = [str(dt.date(2025, 1, 1) + dt.timedelta(days=number)) for number in range(365)]
    much = [
        path(*((one, ("affirms", "rejects")[place % 2]) for place, one in enumerate(days))) for _ in range(5)
    ]
    found = draw(much, Range(day("2025-01-01"), day("2025-12-31")), 1000)
    assert sum(lane.size for lanes in found.values() for lane in lanes) <= 100
    assert all(sum(len(dot.marks) for dot in lanes[0].dots) == 365 for lanes in found.values())


def test_a_page_of_very_much_is_of_a_size_and_has_a_table_of_every_mark():
    """Twelve lanes, on each of which something else is said every third day of six years."""
    lanes, versions = [Lane("stance", f"pty-{number}", f"Party {number}") for number in range(12)], []
    for number in range(0, 2190, 3):
        when = dt.date(2019, 1, 1) + dt.timedelta(days=number)
        version = LaneStatement(
            f"dev-{number}", 1, "At length and in many words " * 10, Span(when, "day"), False, IN_FORCE
        )
        versions.append(version)
        for place, lane in enumerate(lanes):
            lane.add(version, stance(("affirms", "rejects", "disputes")[(number + place) % 3]))
    item = {"pk": 1, "ref": "tlk-one", "item_kind": "talk", "title": "The talk"}
    for most, largest in ((layout.AT_A_GLANCE, 120_000), (layout.MOST, 280_000)):
        chart = chart_context([Path(item, lanes, versions)], PRESENT, most=most)
        drawing, table = (
            render_to_string(f"paths/{part}.html", {"chart": chart, "paths": chart["paths"]})
            for part in ("_drawing", "_words")
        )
        assert len(drawing + table) < largest and chart["is_coarse"]
        assert drawing.count('class="dot') == table.count('<tr class="marked">') >= most // 4
        assert table.count(">All ") == drawing.count('class="dot'), "Each leads to the list of its own."
