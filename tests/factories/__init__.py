"""Makers of records for tests; each goes through `recording`, as the application does."""

from tests.factories.actors import IssueFactory, OfficeFactory, PartyFactory, PersonFactory, SourceFactory
from tests.factories.base import PASSWORD, RecordFactory, UserFactory
from tests.factories.developments import DevelopmentFactory
from tests.factories.effects import CitationFactory, EffectFactory, PartFactory
from tests.factories.items import (
    DelegateFactory,
    DelegationFactory,
    DemandFactory,
    FollowUpFactory,
    ItemFactory,
    PrincipleFactory,
    TalkFactory,
)
from tests.factories.processes import (
    AssessmentFactory,
    ProcessFactory,
    ProcessLinkFactory,
    SavedViewFactory,
    WatchPhraseFactory,
)

__all__ = [
    "AssessmentFactory",
    "CitationFactory",
    "DelegateFactory",
    "DelegationFactory",
    "DemandFactory",
    "DevelopmentFactory",
    "EffectFactory",
    "FollowUpFactory",
    "IssueFactory",
    "ItemFactory",
    "OfficeFactory",
    "PASSWORD",
    "PartFactory",
    "PartyFactory",
    "PersonFactory",
    "PrincipleFactory",
    "ProcessFactory",
    "ProcessLinkFactory",
    "RecordFactory",
    "SavedViewFactory",
    "SourceFactory",
    "TalkFactory",
    "UserFactory",
    "WatchPhraseFactory",
]
