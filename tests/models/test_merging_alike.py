"""Only records that can be one are merged, whoever asks for it."""

import pytest
from django.core.exceptions import ValidationError

from tests import factories as make
from tracker.models import Party, Source
from tracker.recording.merging import merge

pytestmark = pytest.mark.django_db


def test_two_types_are_never_one(bob):
    with pytest.raises(ValidationError, match="Only a party can take in a party"):
        merge(bob, make.PartyFactory(), make.PersonFactory(), "The same.")


def test_a_record_is_not_merged_into_itself(bob):
    party = make.PartyFactory()
    with pytest.raises(ValidationError, match="cannot be merged into itself"):
        merge(bob, party, Party.objects.get(pk=party.pk), "The same.")
    assert Party.objects.filter(pk=party.pk).exists()


def test_offices_of_two_people_are_two(bob):
    with pytest.raises(ValidationError, match="is of"):
        merge(bob, make.OfficeFactory(), make.OfficeFactory(), "The same.")


def test_a_source_for_all_and_one_kept_to_a_process_are_two(bob):
    kept = make.SourceFactory(process=make.ProcessFactory())
    with pytest.raises(ValidationError, match="keep both to one process"):
        merge(bob, make.SourceFactory(), kept, "The same.")
    assert Source.objects.count() == 2
