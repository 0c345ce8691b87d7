"""The admin: data entry all day, every write through the one door; a module for each noun."""

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
