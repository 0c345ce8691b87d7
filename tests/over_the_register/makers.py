"""For each record type of the register, how a test makes a record of it in a given process.

A type with a factory is made by it. Only what a factory alone cannot do has a function here.
"""

from django.db.models import Q

from tests import factories as make
from tests.factories.base import RecordFactory
from tracker.models import Citation, Demand, Effect, Source
from tracker.recording.timestamps import one_instant
from tracker.register import BY_MODEL, BY_URL_NAME


def _process(process, **values):
    return make.ProcessFactory(**values) if values else process


def _process_link(process, **values):
    return make.ProcessLinkFactory(from_process=process, **values)


def _source(process, **values):
    return make.SourceFactory(**{"text": "As it was published.", "process": process} | values)


def _effect(process, **values):
    return make.EffectFactory(**{"item": make.DemandFactory(process=process)} | values)


def _citation(process, **values):
    return make.CitationFactory(development__process=process, **values)


def _delegation(process, **values):
    return make.DelegationFactory(**{"talk": make.TalkFactory(process=process)} | values)


def _delegate(process, **values):
    return make.DelegateFactory(**{"delegation": _delegation(process)} | values)


def _development(process, **values):
    demand = Demand.objects.filter(process=process).first() or make.DemandFactory(process=process)
    effects = [Effect(item=demand, stance="rejects")]
    citable = Source.objects.filter(Q(process=None) | Q(process=process))
    citations = [Citation(source=citable.first() or make.SourceFactory())]
    given = {"party": demand.party, "effects": effects, "citations": citations}
    return make.DevelopmentFactory(process=process, **given | values)


def _factories(base=RecordFactory):
    for factory in base.__subclasses__():
        yield from [factory] if not factory._meta.abstract else _factories(factory)


def _by(factory):
    belongs = "process" in factory._meta.declarations
    return lambda process, **values: factory(**({"process": process} if belongs else {}) | values)


MAKERS = {
    BY_MODEL[factory._meta.model].url_name: _by(factory)
    for factory in _factories()
    if factory._meta.model in BY_MODEL
} | {
    "process": _process,
    "process-link": _process_link,
    "source": _source,
    "effect": _effect,
    "citation": _citation,
    "delegation": _delegation,
    "delegate": _delegate,
    "development": _development,
}
"""url_name -> (process, **values) -> a record of that type, with `values` in its fields."""

OF_A_PROCESS = [name for name, kind in BY_URL_NAME.items() if kind.model.process_path is not None]
"""The types whose records belong to a process, and may so be hidden."""


def several(url_name: str, number: int) -> list:
    """`number` records of a type, recorded together; those of a process all in one, but for processes and links."""
    with one_instant():
        if url_name in ("process", "process-link"):
            return [MAKERS[url_name](make.ProcessFactory()) for _ in range(number)]
        process = make.ProcessFactory()
        return [MAKERS[url_name](process) for _ in range(number)]
