"""Primary keys for rows that are gone, so that their versions can name each other."""

from django.db.models import Min, Model

from tracker.models import VERSIONS
from tracker.models.versions import key_column


class NewKeys:
    """Primary keys below zero, where no row will ever have its own."""

    def __init__(self) -> None:
        self._lowest: dict[type[Model], int] = {}

    def next(self, model: type[Model]) -> int:
        """A primary key that no row of `model` has, and none had."""
        if model not in self._lowest:
            lowest = VERSIONS[model]._base_manager.aggregate(lowest=Min(key_column(model)))["lowest"]
            self._lowest[model] = min(lowest or 0, 0)
        self._lowest[model] -= 1
        return self._lowest[model]
