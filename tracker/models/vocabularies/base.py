"""The base class of vocabularies, and codes for item kinds, date precision, versions and roles."""

from django.db import models


class Vocabulary(models.TextChoices):
    """Codes in order; each carries its label and one codebook sentence.

    A member is written ``NAME = "code", "Sentence.", "Label"``; codes are stable because they travel in
    files, labels are for people, and ``.sentence`` is the help shown beside the field and in the codebook.
    """

    def __new__(cls, value, sentence):
        member = str.__new__(cls, value)
        member._value_ = value
        member.sentence = sentence
        return member


class ItemKind(Vocabulary):
    """The four kinds of item."""

    TALK = "talk", "A meeting, call or round, held or only proposed.", "Talk"
    PRINCIPLE = (
        "principle",
        "A point that somebody says was agreed; wanted by one side only, it is a demand.",
        "Principle",
    )
    DEMAND = (
        "demand",
        "What one party wants of others; once somebody says it was agreed, it is a principle.",
        "Demand",
    )
    FOLLOW_UP = (
        "follow_up",
        "Something promised or expected next, with an owner; a meeting to come is a talk.",
        "Follow-up",
    )


class DatePrecision(Vocabulary):
    """How much of a date is known; whether it was inferred is a separate field."""

    DAY = "day", "The day itself is known.", "Day"
    MONTH = "month", "Known to lie in the month, the day unknown; counts from the first day of it.", "Month"
    YEAR = "year", "Known to lie in the year, the month unknown; counts from the first day of it.", "Year"
    BEFORE = (
        "before",
        "Known only to lie before the day (“had previously said”); counts from the day before it, and comes behind "
        "everything whose first day is known.",
        "Before",
    )
    AFTER = "after", "Known only to lie after the day; counts from the day after it.", "After"
    BETWEEN = "between", "Known to lie between two days, both included; counts from the first.", "Between"
    ABOUT_DAY = "about_day", "About the day: it may be a day off. Counts from the day.", "About the day"
    ABOUT_MONTH = (
        "about_month",
        "About the month: it may be a month off. Counts from the first day of it.",
        "About the month",
    )
    ABOUT_YEAR = (
        "about_year",
        "About the year: it may be a year off. Counts from the first day of it.",
        "About the year",
    )
    LASTED = "lasted", "It takes several days, from the first to the last; only talks do.", "Several days"


class EndedAs(Vocabulary):
    """How a recorded version of a development stopped being current; it is kept either way."""

    CORRECTED = "corrected", "Another version took its place.", "Corrected"
    WITHDRAWN = "withdrawn", "It was taken back and nothing took its place.", "Withdrawn"


class CorrectionReason(Vocabulary):
    """Why a recorded development was corrected; a change of the world is a new development instead."""

    WORLD_MISREAD = (
        "world_misread",
        "We were wrong: the source said something else from the start.",
        "We misread it",
    )
    NEW_INFORMATION = (
        "new_information",
        "A source we did not have then shows that what we recorded was not what happened.",
        "New information",
    )
    SOURCE_CHANGED = (
        "source_changed",
        "The source itself was edited, corrected or released anew.",
        "Source changed",
    )
    RECODED = (
        "recoded",
        "What happened is understood as before; only our coding or wording of it was put right.",
        "Recoded",
    )
    WRONG_PROCESS = (
        "wrong_process",
        "It was recorded under another process than the one it belongs to, and is moved there.",
        "Wrong process",
    )


class UserRole(Vocabulary):
    """What somebody who signs in may do; each may do all that the one before may."""

    VIEWER = "viewer", "Reads and exports what he or she may see.", "Viewer"
    ANALYST = "analyst", "Also records and corrects.", "Analyst"
    EDITOR = "editor", "Also withdraws, deletes, and keeps the records that processes share.", "Editor"
    ADMINISTRATOR = "administrator", "Also manages accounts and runs the installation.", "Administrator"
