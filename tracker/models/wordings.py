"""The wording of an item: one text, or several in different languages that one development sets together."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker.text.languages import language_name


@dataclass(frozen=True)
class Text:
    """A text, with the code of its language if that is known."""

    words: str
    language: str = ""

    @property
    def language_name(self) -> str:
        """The English name of the language."""
        return language_name(self.language)

    def __str__(self) -> str:
        """The text after the code of its language, as files have it: “fa: ...”."""
        return f"{self.language}: {self.words}" if self.language else self.words


@dataclass(frozen=True)
class Wording:
    """All texts of one wording; equal to another one in the same words, in whatever order or language."""

    texts: tuple[Text, ...] = field(compare=False)
    """In the order in which they are shown."""
    words: frozenset[str]

    @classmethod
    def of(cls, words: str, language: str, others: Sequence[Sequence[str]]) -> "Wording":
        """The wording whose first text is `words`; `others` as in `Effect.other_texts`."""
        texts = (Text(words, language), *(Text(other, code) for code, other in others))
        return cls(texts, frozenset(text.words for text in texts))

    def __str__(self) -> str:
        return " / ".join(text.words for text in self.texts)


def texts_of(
    words: str | None, language: str | None, others: Sequence[Sequence[str]] | None, title: str = ""
) -> list[Text]:
    """The texts of a wording of which each part may be NULL; none if there is none, or if it is only the `title`."""
    if not words or (words == title and not others):
        return []
    return [*Wording.of(words, language or "", others or ()).texts]
