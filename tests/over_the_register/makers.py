"""For each record type of the register, how a test makes some of it in a given process."""

import factory

from tests import factories as make
from tracker.models import Citation, Effect, Source
from tracker.recording.timestamps import one_instant
from tracker.register import BY_URL_NAME


def _process_link(process):
    return make.ProcessLinkFactory(from_process=process)


def _effect(process):
    return make.EffectFactory(item=make.DemandFactory(process=process))


def _citation(process):
    return make.CitationFactory(development__process=process)


def _delegation(process):
    return make.DelegationFactory(talk=make.TalkFactory(process=process))


def _delegate(process):
    return make.DelegateFactory(delegation=_delegation(process))


def _development(process):
    demand = process.items.first() or make.DemandFactory(process=process)
    effects = [Effect(item=demand, stance="rejects")]
    citations = [Citation(source=Source.objects.first() or make.SourceFactory())]
    return make.DevelopmentFactory(
        process=process, party=demand.as_demand.party, effects=effects, citations=citations
    )


def _in(maker: type[factory.Factory]):
    return lambda process: maker(process=process)


def _shared(maker: type[factory.Factory]):
    return lambda process: maker()


MAKERS = {
    "process": lambda process: process,
    "talk": _in(make.TalkFactory),
    "principle": _in(make.PrincipleFactory),
    "demand": _in(make.DemandFactory),
    "follow-up": _in(make.FollowUpFactory),
    "development": _development,
    "party": _shared(make.PartyFactory),
    "person": _shared(make.PersonFactory),
    "source": lambda process: make.SourceFactory(text="As it was published."),
    "issue": _shared(make.IssueFactory),
    "delegation": _delegation,
    "assessment": _in(make.AssessmentFactory),
    "watch-phrase": _in(make.WatchPhraseFactory),
    "effect": _effect,
    "citation": _citation,
    "office": _shared(make.OfficeFactory),
    "delegate": _delegate,
    "process-link": _process_link,
}
"""url_name -> (process) -> a record of that type."""

OF_A_PROCESS = [name for name, kind in BY_URL_NAME.items() if kind.model.process_path is not None]
"""The types whose records belong to a process, and may so be hidden."""


def several(url_name: str, number: int) -> list:
    """`number` records of a type, recorded together; those of a process all in one, but for processes and links."""
    with one_instant():
        if url_name in ("process", "process-link"):
            return [MAKERS[url_name](make.ProcessFactory()) for _ in range(number)]
        process = make.ProcessFactory()
        return [MAKERS[url_name](process) for _ in range(number)]
