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
    ],
)
def test_a_date_as_people_write_it(text, typed, clock):
    clock("2025-03-01T12:00+00:00")
    assert Span.parse(text).typed == typed


@pytest.mark.parametrize(
    "text",
    ["", "We", "18 2025", "after", "between 2025", "about before 2025", "by", "by before 2025", "before",
     "before before 2025", "2025-W08", "25", "18.2/2025", "20250218", "18 Febr 2025", "Februar 2025", "tomorrow",
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
        ("18 Feb 2025 14:30", "write the day without the time, 18 Feb 2025."),
        ("2025-02-18T10:00", "write the day without the time, 2025-02-18."),
        ("early 2025", "such as between Jan and Apr 2025."),
        ("the second half of 2025", "such as between Jul and Dec 2025."),
        ("Feb–Mar 2025", "write between Feb and Mar 2025."),
        ("2025 to 2026", "write between 2025 and 2026."),
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
