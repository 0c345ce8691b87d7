"""Only records that can be one are merged, whoever asks for it."""

import datetime as dt
from itertools import permutations

import pytest
from django.core.exceptions import ValidationError

from tests import factories as make
from tracker import recording
from tracker.models import Citation, Delegation, Effect, FollowUp, Item, Office, Party, Source
from tracker.models.fields import concrete_field
from tracker.recording.merging import merge
from tracker.recording.moving import move
from tracker.recording.references import united
from tracker.recording.unmerging import unmerge

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


@pytest.mark.parametrize(
    ("model", "names"),
    [
        (Citation, "source quote place"),
        (Delegation, "source quote"),
        (Effect, "due_on due_precision due_last due_phrase review_on"),
        (FollowUp, "kind office person"),
        (Office, "held_from held_from_precision held_from_last held_to held_to_precision held_to_last"),
        (Source, "published_on published_precision published_last"),
    ],
)
def test_what_only_has_a_meaning_together_comes_from_one_of_the_two(model, names):
    """A quote without its source, or the end of one office beside the beginning of another, would be neither's."""
    values = {"ForeignKey": 1, "DateField": dt.date(2025, 2, 18)}
    fields = {name: concrete_field(model, name) for name in names.split()}
    filled = {
        name: {field.attname: values.get(field.get_internal_type(), "x")} for name, field in fields.items()
    }
    for one, other in permutations(fields, 2):
        own = model(**filled[one])
        assert not fields.keys() & united(own, model(**filled[other])).keys(), (one, other)
        more = model(**filled[one] | filled[other])
        assert fields.keys() & united(own, more).keys() == {other}, (one, other)


def test_an_item_that_only_stands_otherwise_by_a_merge_may_be_edited_before_it_is_undone(bob):
    old, new = make.PartyFactory(name="Old"), make.PartyFactory(name="New")
    demand = make.DemandFactory(title="Grain", party=old, effect={"stance": "affirms", "party": old})
    make.EffectFactory(item=demand, party=new, stance="rejects")
    merge(bob, old, new, "The same.")
    demand.refresh_from_db()
    demand.title = "Grain and oil"
    recording.save(bob, demand)
    unmerge(bob, Party.everything.get(pk=old.pk), "Two after all.")
    demand.refresh_from_db()
    assert (demand.title, demand.party) == ("Grain and oil", old)


def test_what_is_left_where_an_item_came_from_is_not_changed_by_what_becomes_of_it(dave):
    left, process = make.DemandFactory(), make.ProcessFactory()
    moved, other = move(dave, left, process, "Filed by mistake."), make.DemandFactory(process=process)
    same = make.DemandFactory(process=process)
    merge(dave, same, moved, "The same.")
    before = Item.everything.filter(pk=left.pk).values().get()
    assert before["merged_into_id"] == moved.pk
    merge(dave, moved, other, "The same.")
    assert Item.everything.filter(pk=left.pk).values().get() == before
    # What was merged into it where it is now leads on with it.
    assert {Item.everything.get(pk=item.pk).merged_into_id for item in (moved, same)} == {other.pk}
