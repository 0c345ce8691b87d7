"""Effects and citations, with the development that they belong to."""

import factory

from tests.factories.actors import SourceFactory
from tests.factories.base import RecordFactory
from tests.factories.developments import DevelopmentFactory
from tests.factories.items import DemandFactory
from tracker import models


class PartFactory(RecordFactory):
    """Records a development (`development__occurred_on` ...) with this part; `build` leaves it unsaved."""

    class Meta:
        abstract = True

    development = factory.Dict({})

    @classmethod
    def _build(cls, model_class, *args, by, development, **values):
        return model_class(*args, **values)

    @classmethod
    def _create(cls, model_class, *args, by, development, **values):
        part = model_class(*args, **values)
        DevelopmentFactory(by=by, **{cls._whole: [part]}, **development)
        return part


class EffectFactory(PartFactory):
    class Meta:
        model = models.Effect

    class Params:
        silent = factory.LazyAttribute(lambda effect: not (effect.status or effect.stance or effect.firmness))

    _whole = "effects"
    item = factory.SubFactory(DemandFactory)
    status = stance = firmness = None
    wording = factory.Maybe("silent", "As it stands.", None)


class CitationFactory(PartFactory):
    class Meta:
        model = models.Citation

    _whole = "citations"
    source = factory.SubFactory(SourceFactory)
