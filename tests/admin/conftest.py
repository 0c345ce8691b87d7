"""A demand, and a development about it, for the tests of the admin."""

import pytest

from tests.factories import CitationFactory, DemandFactory, DevelopmentFactory, EffectFactory, SourceFactory


@pytest.fixture
def demand(db):
    """A demand that is open and stated."""
    return DemandFactory(title="Recognise the annexations")


@pytest.fixture
def insisted(demand):
    """A development by which the demand was insisted on, with its source."""
    return DevelopmentFactory(
        headline="The minister insists",
        effects=[EffectFactory.build(item=demand, firmness="insisted")],
        citations=[
            CitationFactory.build(source=SourceFactory(text="We insist on it."), quote="We insist on it.")
        ],
    )
