"""The codebook: every code tells itself from its neighbours, and what derives from codes holds."""

import itertools

import pytest

from tracker.models.vocabularies import (
    CLOSED,
    LADDERS,
    TITLES,
    VOCABULARIES,
    ItemKind,
    Likelihood,
    PrincipleStatus,
)


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=TITLES.get)
def test_every_code_has_a_label_and_one_sentence_of_its_own(vocabulary):
    assert vocabulary.__doc__ and TITLES[vocabulary]
    for code in vocabulary:
        assert code.label
        assert code.sentence.endswith(".") and not code.sentence.startswith(" ")
    assert len({code.sentence for code in vocabulary}) == len(vocabulary)
    assert len({code.label for code in vocabulary}) == len(vocabulary)


def test_every_kind_of_item_has_a_ladder_and_statuses_that_close_it():
    assert list(LADDERS) == list(CLOSED) == list(ItemKind)
    for kind, ladder in LADDERS.items():
        assert CLOSED[kind] < set(ladder)
        assert next(iter(ladder)) not in CLOSED[kind]


def test_implementation_is_graded_from_1_to_3_and_not_assessed_is_no_grade():
    levels = {status.value: PrincipleStatus.implementation_level(status.value) for status in PrincipleStatus}
    assert {status: level for status, level in levels.items() if level is not None} == {
        "implementing_minimal": 1,
        "implementing_intermediate": 2,
        "implemented": 3,
    }
    with pytest.raises(ValueError, match="open"):
        PrincipleStatus.implementation_level("open")


def test_the_bands_of_likelihood_follow_one_another_without_a_gap():
    assert (Likelihood.ALMOST_NO_CHANCE.low, Likelihood.ALMOST_CERTAIN.high) == (1, 99)
    assert all(lower.high == higher.low for lower, higher in itertools.pairwise(Likelihood))
    assert all(f"{band.low} to {band.high} %" in band.sentence for band in Likelihood)
