"""What of each record is searched: its names, its texts, and by which party and day it can be narrowed."""

from dataclasses import dataclass, replace

from tracker.models import (
    Assessment,
    Citation,
    Delegation,
    Demand,
    Development,
    Effect,
    FollowUp,
    Issue,
    Office,
    Party,
    Person,
    Principle,
    Process,
    ProcessLink,
    Record,
    Source,
    Talk,
    WatchPhrase,
)


@dataclass(frozen=True)
class Searched:
    """What of one record type is searched; all names are fields or lookups of the model."""

    model: type[Record]
    names: tuple[str, ...] = ()
    """What it is called: found ahead of texts, and offered as one types."""
    texts: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    day: str = ""
    """The date by which it is narrowed, or its key; none where it has none."""
    shown: tuple[str, str] | None = None
    """The date that a hit shows, and its precision."""
    about: str = ""
    """The relation to the record whose page a hit leads to; itself where empty."""
    along: tuple[str, ...] = ()
    """The relations that its name is made of, read with the hit."""
    private: tuple[str, ...] = ()
    """Texts that are searched only for those who may read them, by entries with all of the record's words."""
    whole: bool = False
    """Whether these are the entries that have the private texts."""

    @property
    def code(self) -> str:
        """The record type of its entries."""
        return f"{self.model._meta.model_name}{'_whole' if self.whole else ''}"

    def is_for(self, user) -> bool:
        """Whether `user` searches these entries: those with the private texts are for those who record."""
        return self.whole == user.records if self.private or self.whole else True


_MOVED = {"day": "changed_key", "shown": ("current_changed_on", "current_changed_precision")}
_OCCURRED = ("occurred_on", "occurred_precision")
_OF_DEVELOPMENT = {
    "day": "development__happened_key",
    "shown": tuple(f"development__{name}" for name in _OCCURRED),
}

_DECLARED = {
    one.code: one
    for one in (
        Searched(Party, ("name", "short_name", "aliases"), ("iso_code", "description"), ("pk",)),
        Searched(Person, ("name", "aliases"), ("affiliation", "description"), ("party",)),
        Searched(Process, ("title",), ("aim", "summary")),
        Searched(Talk, ("title",), ("note", "place", "length_phrase"), ("delegations__party",), **_MOVED),
        Searched(Principle, ("title",), ("note",), ("parties",), **_MOVED),
        Searched(Demand, ("title",), ("note",), ("party", "addressed_to"), **_MOVED),
        Searched(
            FollowUp, ("title",), ("note", "waits_for_phrase", "office"), ("owner", "promised_to"), **_MOVED
        ),
        Searched(Development, ("headline",), ("detail",), ("party",), "happened_key", _OCCURRED),
        Searched(
            Effect, (), ("wording", "due_phrase"), ("party", "development__party"), "happened_key", _OCCURRED, "item"
        ),
        Searched(
            Citation, (), ("quote", "place"), ("development__party",), about="development", **_OF_DEVELOPMENT
        ),
        Searched(
            Source, ("title",), ("publisher", "authors", "url"), (), "published_on",
            ("published_on", "published_precision"), private=Source.private_fields,
        ),
        Searched(
            Assessment, ("statement",), ("author_name", "judged_note", "quote", "place"), (), "made_key",
            ("made_on", "made_precision"), along=("author",),
        ),
        Searched(Issue, ("name",), ("description",)),
        Searched(WatchPhrase, ("phrase", "variants"), ("why",), ("whose_parties",)),
        Searched(Delegation, (), ("note", "quote"), ("party",), along=("talk", "party")),
        Searched(Office, ("title",), ("organisation",), ("party",), about="person"),
        Searched(ProcessLink, (), ("note", "quote"), about="from_process"),
    )
}  # fmt: skip
_WHOLE = (
    replace(one, texts=one.texts + one.private, private=(), whole=True)
    for one in _DECLARED.values()
    if one.private
)
SEARCHED = _DECLARED | {one.code: one for one in _WHOLE}
"""By the code of the entries: all record types but delegates, who have no words of their own."""
