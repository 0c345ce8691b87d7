"""Dates as people write them, and what is answered where a text is none."""

import re

import pytest

from tracker.models.dates import Span


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("18 Feb 2025", "2025-02-18"),
        ("  18  FEBRUARY\u00a02025 ", "2025-02-18"),
        ("February 18, 2025", "2025-02-18"),
        ("feb. 18 2025", "2025-02-18"),
        ("18th of February, 2025", "2025-02-18"),
        ("1 Sept 2025", "2025-09-01"),
        ("18-Feb-2025", "2025-02-18"),
        ("2025-2-8", "2025-02-08"),
        ("2025/02/18", "2025-02-18"),
        ("18/02/2025", "2025-02-18"),
        ("02/18/2025", "2025-02-18"),
        ("18.2.2025", "2025-02-18"),
        ("3.3.2025", "2025-03-03"),
        ("2025‑02–18", "2025-02-18"),
        ("٢٠٢٥-٠٢-١٨", "2025-02-18"),
        ("２０２５年"[:4], "2025"),
        ("29 Feb 2024", "2024-02-29"),
        ("Feb 2025", "2025-02"),
        ("february, 2025", "2025-02"),
        ("02/2025", "2025-02"),
        ("2-2025", "2025-02"),
        ("May 2025", "2025-05"),
        ("before 2025-02", "before 2025-02-01"),
        ("BEFORE Feb 2025", "before 2025-02-01"),
        ("before 2025", "before 2025-01-01"),
        ("before  18 Feb 2025", "before 2025-02-18"),
        ("today", "2025-03-01"),
        ("Yesterday", "2025-02-28"),
        ("before today", "before 2025-03-01"),
        ("after Feb 2025", "after 2025-02-28"),
        ("AFTER 2025", "after 2025-12-31"),
        ("between 12 and 14 Feb 2025", "between 2025-02-12 and 2025-02-14"),
        ("between 12 Feb and 14 Feb 2025", "between 2025-02-12 and 2025-02-14"),
        ("between Jan and Mar 2025", "between 2025-01-01 and 2025-03-31"),
        ("between 2024 and 2025", "between 2024-01-01 and 2025-12-31"),
        ("between 14 and 14 Feb 2025", "2025-02-14"),
        ("circa 2025", "about 2025"),
        ("c. Feb 2025", "about 2025-02"),
        ("around 18 Feb 2025", "about 2025-02-18"),
        ("early Feb 2025", "between 2025-02-01 and 2025-02-10"),
        ("mid-February 2025", "between 2025-02-11 and 2025-02-20"),
        ("Late Feb 2025", "between 2025-02-21 and 2025-02-28"),
        ("15 to 17 December 2026", "2026-12-15 to 2026-12-17"),
        ("from 15 to 17 December 2026", "2026-12-15 to 2026-12-17"),
        ("15-17 Dec 2026", "2026-12-15 to 2026-12-17"),
        ("15–17 Dec 2026", "2026-12-15 to 2026-12-17"),
        ("December 15-17, 2026", "2026-12-15 to 2026-12-17"),
        ("30 Nov - 2 Dec 2026", "2026-11-30 to 2026-12-02"),
        ("30 Dec 2026 to 2 Jan 2027", "2026-12-30 to 2027-01-02"),
        ("on the 18th of February 2025", "2025-02-18"),
        ("in Feb 2025", "2025-02"),
        ("Tuesday, 18 February 2025", "2025-02-18"),
        ("Tues. Feb 18, 2025", "2025-02-18"),
        ("2025年2月18日", "2025-02-18"),
        ("2025년 2월", "2025-02"),
        ("2025-02-XX", "2025-02"),
        ("2025-XX-XX", "2025"),
        ("~Feb 2025", "about 2025-02"),
        ("by 18 Feb 2025", "before 2025-02-19"),
        ("not later than Feb 2025", "before 2025-03-01"),
        ("by the end of February 2025", "before 2025-03-01"),
        ("on or before 2025", "before 2026-01-01"),
        ("on or after 18 Feb 2025", "after 2025-02-17"),
        ("not before Feb 2025", "after 2025-01-31"),
        ("end of February 2025", "between 2025-02-21 and 2025-02-28"),
        ("the beginning of Feb 2025", "between 2025-02-01 and 2025-02-10"),
        ("18 or 19 Feb 2025", "between 2025-02-18 and 2025-02-19"),
        ("28 Feb or 1 Mar 2025", "between 2025-02-28 and 2025-03-01"),
        ("Feb or March 2025", "between 2025-02-01 and 2025-03-31"),
        ("2024 or 2025", "between 2024-01-01 and 2025-12-31"),
        ("[2025-02-18,2025-02-19]", "between 2025-02-18 and 2025-02-19"),
        ("the 1990s", "between 1990-01-01 and 1999-12-31"),
        ("199X", "between 1990-01-01 and 1999-12-31"),
        ("between late Jan and early Feb 2025", "between 2025-01-21 and 2025-02-10"),
        ("between Feb 12 and Feb 14, 2025", "between 2025-02-12 and 2025-02-14"),
        ("between 12-14 Feb 2025", "between 2025-02-12 and 2025-02-14"),
        ("before early Feb 2025", "before 2025-02-01"),
        ("after mid-Feb 2025", "after 2025-02-20"),
        ("by the end of 2025", "before 2026-01-01"),
        ("by year-end 2025", "before 2026-01-01"),
        ("by end-February 2025", "before 2025-03-01"),
        ("18 Feb 2025 or earlier", "before 2025-02-19"),
        ("18 Feb 2025 at the latest", "before 2025-02-19"),
        ("18 Feb 2025 or later", "after 2025-02-17"),
        ("prior to 18 Feb 2025", "before 2025-02-18"),
        ("shortly before 18 Feb 2025", "before 2025-02-18"),
        ("later than 18 Feb 2025", "after 2025-02-18"),
        ("on or about 18 Feb 2025", "about 2025-02-18"),
        ("approx. 2025", "about 2025"),
        ("sometime in Feb 2025", "2025-02"),
        ("15 through 17 December 2026", "2026-12-15 to 2026-12-17"),
        ("Dec. 15 – Dec. 17, 2026", "2026-12-15 to 2026-12-17"),
        ("2026-12-15/17", "2026-12-15 to 2026-12-17"),
        ("2026-12-15 / 2026-12-17", "2026-12-15 to 2026-12-17"),
        ("18 Feb 2025 (Tuesday)", "2025-02-18"),
        ("18. 02. 2025", "2025-02-18"),
        ("2025. 2. 18.", "2025-02-18"),
        ("18FEB2025", "2025-02-18"),
        ("2025-Feb-18", "2025-02-18"),
        ("2025 Feb", "2025-02"),
        ("Feb-2025", "2025-02"),
        ("2025 02 18", "2025-02-18"),
        ("2025 - 2 - 18", "2025-02-18"),
        ("18. Feb. 2025", "2025-02-18"),
        ("2025-02-18 (Tuesday)", "2025-02-18"),
        ("at latest 18 Feb 2025", "before 2025-02-19"),
        ("either 18 or 19 Feb 2025", "between 2025-02-18 and 2025-02-19"),
    ],
)
def test_a_date_as_people_write_it(text, typed, clock):
    clock("2025-03-01T12:00+00:00")
    assert Span.parse(text).typed == typed


@pytest.mark.parametrize(
    "text",
    ["", "We", "18 2025", "after", "between 2025", "about before 2025", "by", "by before 2025", "before",
     "before before 2025", "2025-W54", "25", "18.2/2025", "18 Fevr 2025", "Febtober 2025", "2025-366", "2025-02-3x",
     "2025 2026", "-2025", "12025", "18 Feb 2025 2026", "²025", "x" * 1000],
)  # fmt: skip
def test_what_is_no_date_is_refused_with_a_hint(text):
    with pytest.raises(
        ValueError, match="is not a date. Write 18 Feb 2025, 2025-02-18, Feb 2025, 2025, or before"
    ):
        Span.parse(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("February", "“February” has no year. Write for example February 2025."),
        ("by 18 Feb", "“by 18 Feb” has no year. Write for example by 18 Feb 2025."),
        ("18/02/25", "write the year with four digits"),
        ("114-02-18", "write the year with four digits"),
        ("18 Feb 2025 14:30", "write the day without the time, 18 Feb 2025."),
        ("2025-02-18T10:00", "write the day without the time, 2025-02-18."),
        ("early 2025", "such as between Jan and Apr 2025."),
        ("the second half of 2025", "such as between Jul and Dec 2025."),
        ("Feb–Mar 2025", "write between Feb and Mar 2025."),
        ("2025 to 2026", "write between 2025 and 2026."),
        ("2024/25", "write between 2024 and 2025."),
        ("1999-00", "write between 1999 and 2000."),
        ("2011/12", "Dec 2011, or the years 2011 and 2012? Write it as 2011-12 or between 2011 and 2012."),
        ("winter 2024/25", "such as between Dec 2024 and Feb 2025."),
        ("2025-21", "there is no month 21. Write between Mar 2025 and May 2025."),
        ("2025-24", "Write between Dec 2025 and Feb 2026."),
        ("18 or 20 Feb 2025", "is not one span of days."),
        ("18 or 20 Feb 2025", "between 2025-02-18 and 2025-02-20."),
        ("18/19 Feb 2025", "Write 18 or 19 Feb 2025; if it lasted both days, 18 to 19 Feb 2025."),
        ("between 12 and 14 Feb", "has no year. Write for example between 12 and 14 Feb 2025."),
        ("about 18 Feb", "has no year. Write for example about 18 Feb 2025."),
        (
            "since Feb 2025",
            "Write Feb 2025 for when it began, or not before Feb 2025 if it may have been later.",
        ),
        ("18 Feb 2025 to present", "Write 18 Feb 2025 for when it began, or not before 18 Feb 2025"),
        ("2025-02-18/..", "Write 2025-02-18 for when it began, or not before 2025-02-18"),
        (
            "until 18 Feb 2025",
            "Write 18 Feb 2025 for when it ended, or by 18 Feb 2025 if it may have been earlier.",
        ),
        ("../2025-02-18", "or by 2025-02-18 if it may have been earlier."),
        ("2025-02?", "Write 2025-02, or about 2025-02 if it may have been a little earlier or later."),
        ("19 شعبان ١٤٤٦", "is of the Islamic calendar."),
        ("۳۰ بهمن ۱۴۰۳", "is of the Solar Hijri calendar."),
        ("כ׳ בשבט תשפ״ה", "is of the Hebrew calendar."),
        ("พ.ศ. 2568", "is of the Buddhist calendar."),
        ("令和7年2月18日", "is of the Japanese calendar."),
        ("114年2月18日", "is of the Minguo calendar."),
        ("Monday 18 Feb 2025", "18 Feb 2025 is a Tuesday."),
        ("19 Sha'ban 1446", "is of the Islamic calendar. Write the day of the Gregorian one"),
        ("by 9999", "leaves out no day"),
        ("30 Feb 2025", "February 2025 has 28 days. Nearest: 28 Feb 2025, or 2025-02-28."),
        ("2024-02-30", "Nearest: 29 Feb 2024, or 2024-02-29."),
        ("31/04/2025", "Nearest: 30 Apr 2025, or 2025-04-30."),
        ("2025-01-00", "Nearest: 1 Jan 2025, or 2025-01-01."),
        ("2025-13", "there is no month 13. Nearest: 2025-12."),
        ("13/14/2025", "there is no month 14. Nearest: 2025-12."),
        ("0000-01-01", "begins with the year 0001"),
        ("before 0001-01-01", "No day of the calendar lies before"),
        ("before 1", "is not a date"),
        ("after 9999-12-31", "No day of the calendar lies after"),
        ("[0001-01-01..]", "leaves out no day"),
        ("between 14 and 12 Feb 2025", "“between 14 and 12 Feb 2025” ends before it begins"),
        ("17 to 15 Dec 2026", "ends before it begins"),
        ("between 3/4/2025 and 5/4/2025", "3 Apr 2025 or 4 Mar 2025?"),
        ("03/04/2025", "3 Apr 2025 or 4 Mar 2025? Write it as 2025-04-03 or 2025-03-04."),
        ("before 3.4.2025", "3 Apr 2025 or 4 Mar 2025? Write it as 2025-04-03 or 2025-03-04."),
    ],
)
def test_what_is_nearly_a_date_is_answered_with_what_it_may_be(text, said, clock):
    clock("2025-03-01T12:00+00:00")
    with pytest.raises(ValueError, match=re.escape(said)):
        Span.parse(text)


NEAREST = [
    ("by the summer of 2025", "by Aug 2025"),
    ("before spring 2025", "before Mar 2025"),
    ("after Q1 2025", "after Mar 2025"),
    ("2025-Q1", "between Jan and Mar 2025"),
    ("2025H2", "between Jul and Dec 2025"),
    ("first half of Feb 2025", "between 2025-02-01 and 2025-02-15"),
    ("the second half of February 2025", "between 2025-02-16 and 2025-02-28"),
    ("last week of Feb 2025", "between 2025-02-22 and 2025-02-28"),
    ("the week of 17 Feb 2025", "between 2025-02-17 and 2025-02-23"),
    ("week of 2025-02-17", "between 2025-02-17 and 2025-02-23"),
    ("week beginning Feb 17, 2025", "between 2025-02-17 and 2025-02-23"),
    ("2025-W08", "between 2025-02-17 and 2025-02-23"),
    ("2025-W08-2", "2025-02-18"),
    ("2025-049", "2025-02-18"),
    ("20250218", "2025-02-18"),
    ("202502", "2025-02"),
    ("2025-02-0X", "between 2025-02-01 and 2025-02-09"),
    ("2025-02-2X", "between 2025-02-20 and 2025-02-28"),
    ("2025-1X", "between 2025-10 and 2025-12"),
    ("2025-0X", "between 2025-01 and 2025-09"),
    ("19XX", "between 1900 and 1999"),
    ("2025-XX-18", "2025"),
    ("tomorrow", "2025-03-02"),
    ("around mid-Feb 2025", "mid Feb 2025"),
    ("18, 19 or 20 Feb 2025", "between 2025-02-18 and 2025-02-20"),
    ("[2025-02-18,2025-02-19,2025-02-21]", "between 2025-02-18 and 2025-02-21"),
    ("{2025-02-18,2025-02-19}", "2025-02-18 to 2025-02-19"),
    ("18 and 19 Feb 2025", "18 to 19 Feb 2025"),
    ("2025-02-18..2025-02-20", "between 2025-02-18 and 2025-02-20"),
    ("2025-02-18--2025-02-20", "between 2025-02-18 and 2025-02-20"),
    ("between 14 and 12 Feb 2025", "between 2025-02-12 and 2025-02-14"),
    ("night of 18 to 19 Feb 2025", "18 or 19 Feb 2025"),
    ("18. Februar 2025", "18 Feb 2025"),
    ("18 de febrero de 2025", "18 Feb 2025"),
    ("before 18 февраля 2025 г.", "before 18 Feb 2025"),
    ("١٨ فبراير ٢٠٢٥", "18 Feb 2025"),
    ("18 בפברואר 2025", "18 Feb 2025"),
    ("18 Nisan 2025", "18 Apr 2025"),
]


@pytest.mark.parametrize(("text", "nearest"), NEAREST)
def test_the_nearest_form_is_told_and_can_be_written(text, nearest, clock):
    clock("2025-03-01T12:00+00:00")
    with pytest.raises(ValueError, match=rf"(Write|such as|it can mean:) {re.escape(nearest)}\b"):
        Span.parse(text)
    Span.parse(nearest)


def test_a_month_of_another_calendar_is_not_taken_for_its_namesake():
    with pytest.raises(ValueError, match="Hebrew calendar"):
        Span.parse("18 Nisan 5785")
