"""Why a record does not follow its row of a dataset."""

from .base import Vocabulary


class SetAside(Vocabulary):
    """Why a row of a release was set aside; each sentence says what an analyst can do about it."""

    OTHER_PROCESS = (
        "other_process",
        "A record stays in its process: if the release is right, record it in the other process and withdraw it here.",
        "Coded under another process now",
    )
    OTHER_SHAPE = (
        "other_shape",
        "A talk cannot become a document by itself: record it anew as the release has it, and withdraw this one.",
        "A talk in one release, a document in the other",
    )
    CORRECTED_HERE = (
        "corrected_here",
        "Nothing was overwritten: compare the row with the correction, and correct again where the release is right.",
        "Corrected here since",
    )
    WITHDRAWN_HERE = (
        "withdrawn_here",
        "It stays withdrawn: record it anew if the release shows that it did happen.",
        "Withdrawn here",
    )
    INCOMPLETE = (
        "incomplete",
        "The record says what the last complete row said: correct it by hand, or load a file with the row completed.",
        "The row is incomplete",
    )
    REFUSED = (
        "refused",
        "The record says what it said before: correct it by hand as far as the rules allow.",
        "A rule of the record refuses it",
    )

    @property
    def reason(self) -> str:
        """The label as part of a sentence."""
        return self.label[0].lower() + self.label[1:]
