"""The searched fields of each record type."""

from dataclasses import dataclass

from tracker.models import Record
from tracker.register import ALL_TYPES
from tracker.register.types import SearchFields


@dataclass(frozen=True, kw_only=True)
class Searched(SearchFields):
    """The fields of one record type that make its search entries."""

    model: type[Record]
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


def _searched(record_type):
    model, fields = record_type.model, vars(record_type.search)
    yield Searched(model=model, private=model.private_fields, **fields)
    if model.private_fields:
        yield Searched(model=model, whole=True, **fields | {"texts": fields["texts"] + model.private_fields})


SEARCHED = {
    each.code: each for record_type in ALL_TYPES if record_type.search for each in _searched(record_type)
}
"""By the code of the entries."""
