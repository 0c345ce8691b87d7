"""The vocabularies of derived values, which are never recorded: movement, agreement and urgency."""

from .base import Vocabulary


class Movement(Vocabulary):
    """How one aspect of an item changed between two views of the record; derived, never recorded."""

    NEW = "new", "Nothing was recorded about it before, or the item did not exist.", "New"
    HARDENED = "hardened", "A demand is firmer, or a stance has moved away from yes.", "Hardened"
    SOFTENED = "softened", "A demand is less firm, or a stance has moved towards yes.", "Softened"
    ADVANCED = (
        "advanced",
        "The status is further up its ladder, the outcome fuller, or the due date nearer or more definite.",
        "Advanced",
    )
    SET_BACK = (
        "set_back",
        "The status is further down its ladder, stalled or put off, or the outcome is less.",
        "Set back",
    )
    SLIPPED = "slipped", "The due date is later, or was given up for a phrase.", "Slipped"
    REWORDED = "reworded", "The wording is different.", "Reworded"
    REAFFIRMED = "reaffirmed", "It was repeated without change.", "Reaffirmed"
    CLOSED = (
        "closed",
        "The status is final; for a talk that took place, this is shown as “Held”.",
        "Reached a final status",
    )
    REOPENED = "reopened", "A status that ended it no longer holds.", "Reopened"
    GONE = (
        "gone",
        "What was on record was corrected or taken back, and nothing stands in its place.",
        "No longer on record",
    )
    NOT_MENTIONED = (
        "not_mentioned",
        "Open before, and nobody has spoken of it since; that is not the same as dropped.",
        "Not mentioned again",
    )


class Agreement(Vocabulary):
    """The agreement overall of the parties that a principle would bind; derived from their stances, never recorded."""

    CONFIRMED_BY_ALL = (
        "confirmed_by_all",
        "Each of those whom it would bind says yes to it, without reserve.",
        "Confirmed by all",
    )
    CONFIRMED_WITH_RESERVE = (
        "confirmed_with_reserve",
        "Each says yes, and at least one in words that leave a way out.",
        "Confirmed with reserve",
    )
    CONDITIONAL = (
        "conditional",
        "Each says yes, and at least one only if, or after, something named has happened.",
        "Conditional",
    )
    CLAIMED_BY_ONE_SIDE = (
        "claimed_by_one_side",
        "At least one says yes to it, and at least one has not spoken for it.",
        "Claimed by one side",
    )
    DISPUTED = "disputed", "At least one contradicts or refuses it.", "Disputed"
    UNCLAIMED = "unclaimed", "None of those whom it would bind has spoken for it.", "Claimed by no side"


class Urgency(Vocabulary):
    """How urgent a follow-up is on the day of the view; derived from its standing, never recorded."""

    OVERDUE = "overdue", "The latest day that its due date can mean has passed.", "Overdue"
    FOR_REVIEW = (
        "for_review",
        "Only a phrase says when it is due, and its review date has passed.",
        "Review due",
    )
    BLOCKED = "blocked", "It is not late, and what it waits for has not come about.", "Blocked"
    TO_COME = "to_come", "It has a date that has not passed, and waits for nothing.", "To come"
    BY_PHRASE = (
        "by_phrase",
        "Only a phrase says when it is due, and its review date has not passed.",
        "No date, as phrased",
    )
    UNDATED = "undated", "It is still open, and no due date is recorded.", "No date, no phrase"
    CLOSED = "closed", "It is done, dropped or overtaken; nothing more is expected.", "Done or closed"
