"""Dates and times as on the pages: 18 Feb 2025, 14:59 UTC."""

DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j M Y, H:i e"
