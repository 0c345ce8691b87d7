"""What search knows of each record type."""

from dataclasses import dataclass

from tracker.models import Record
from tracker.models.search_entries import EntryType, entry_types
from tracker.register import ALL_TYPES
from tracker.register.types import SearchFields


@dataclass(frozen=True, kw_only=True)
class Searched(SearchFields):
    """The search entries of one record type: there are two kinds of them where a record has private texts."""

    model: type[Record]
    entries: EntryType

    @property
    def code(self) -> str:
        """The record type of its entries."""
        return self.entries.code

    @property
    def is_whole(self) -> bool:
        """Whether these are the entries that have the private texts."""
        return not {*self.model.private_fields}.isdisjoint(self.entries.texts)

    def is_for(self, user) -> bool:
        """Whether `user` searches these entries: those with the private texts are for those who record."""
        return self.is_whole == user.records if self.model.private_fields else True


SEARCHED = {
    entries.code: Searched(model=record_type.model, entries=entries, **vars(record_type.search))
    for record_type in ALL_TYPES
    if record_type.search
    for entries in entry_types(record_type.model)
}
"""By the code of the entries."""
