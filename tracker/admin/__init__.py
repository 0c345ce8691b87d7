"""The admin, for data entry; every write goes through `tracker.recording`, and each noun has a module."""

from tracker.admin import (  # noqa: F401
    actors,
    assessments,
    changes,
    claims,
    developments,
    evidence,
    follow_ups,
    items,
    positions,
    processes,
    sources,
    talks,
    users,
)
