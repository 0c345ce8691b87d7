"""Developments."""

import datetime as dt

import factory

from tests.factories.actors import PartyFactory
from tests.factories.base import RecordFactory
from tests.factories.processes import ProcessFactory
from tests.trusting import trusting
from tracker import models, recording


class DevelopmentFactory(RecordFactory):
    """A development of unsaved `effects`, `citations` and `items`, as `recording.record` takes them."""

    class Meta:
        model = models.Development

    class Params:
        statement = factory.Trait(kind="statement", speech_act="states", basis="own_words")

    effects = ()
    citations = ()
    items = ()
    process = factory.LazyAttribute(lambda new: of_effects(new.effects) or ProcessFactory())
    occurred_on = dt.date(2025, 2, 18)
    occurred_precision = "day"
    kind = "report"
    headline = factory.Sequence("Development {}".format)
    party = factory.SubFactory(PartyFactory)
    basis = "paraphrase"

    @classmethod
    def _create(cls, model_class, *args, by, effects, citations, items, **values):
        with trusting():
            return recording.record(by, model_class(*args, **values), effects, citations, items)


def of_effects(effects):
    """The process that `effects` belong to, None where there are none."""
    return effects[0].item.process if effects else None
