"""Writes that bypass `tracker.recording` are refused, and a recorded development is never written again."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from tests import factories
from tests.claiming import ClaimFactory
from tests.factories import (
    CitationFactory,
    DemandFactory,
    DevelopmentFactory,
    EffectFactory,
    PartyFactory,
    ProcessFactory,
    UserFactory,
)
from tracker import models, recording
from tracker.files.data_package.contents import NOT_THE_RECORD
from tracker.models import Citation, Development, Effect, Party, Sealed
from tracker.models.base import SealedModel, writes_allowed

pytestmark = [pytest.mark.django_db, pytest.mark.both]

ALL_MODELS = list(apps.get_app_config("tracker").get_models(include_auto_created=True))
MODELS = [model for model in ALL_MODELS if issubclass(model, SealedModel)]
RELATIONS = [
    model
    for model in ALL_MODELS
    if model._meta.auto_created and issubclass(model._meta.auto_created, SealedModel)
]


def a_row(model):
    if model is models.Item:
        return DemandFactory().item
    if model is models.ItemStance:
        return DemandFactory(effect__stance="affirms").stances.get()
    if model is models.Change:
        ProcessFactory()
        return models.Change.objects.first()
    if model is models.Claim:
        return ClaimFactory()
    if model is models.SourceText:
        return models.SourceText.objects.of(factories.SourceFactory(text="No.")).get()
    return getattr(factories, f"{model.__name__}Factory")()


def test_every_record_is_sealed():
    # Versions are written by SQL alone; `check_standing` proves them.
    sealed = (*MODELS, *RELATIONS, *models.VERSIONS.values())
    others = {model.__name__ for model in ALL_MODELS if model not in sealed}
    assert others == {"User"} | NOT_THE_RECORD - {"RecordNameVersion"}


WAYS = {
    "save": lambda row, rows: row.save(),
    "save of a new row": lambda row, rows: type(row)().save(),
    "save of some fields": lambda row, rows: row.save(update_fields=[]),
    "delete": lambda row, rows: row.delete(),
    "create": lambda row, rows: rows.create(),
    "get_or_create": lambda row, rows: rows.get_or_create(pk=0),
    "update_or_create": lambda row, rows: rows.update_or_create(pk=row.pk),
    "update": lambda row, rows: rows.update(pk=row.pk),
    "update of a selection": lambda row, rows: rows.filter(pk=row.pk).update(pk=row.pk),
    "delete of a selection": lambda row, rows: rows.filter(pk=row.pk).delete(),
    "bulk_create": lambda row, rows: rows.bulk_create([row]),
    "bulk_update": lambda row, rows: rows.bulk_update([row], ["id"]),
}


@pytest.mark.parametrize("manager", ["objects", "_base_manager"])
@pytest.mark.parametrize("model", MODELS)
def test_no_write_bypasses_recording(model, manager):
    row = a_row(model)
    before = list(model.objects.order_by("pk").values())
    for way in WAYS.values():
        with pytest.raises(Sealed):
            way(row, getattr(model, manager))
    assert list(model.objects.order_by("pk").values()) == before


def test_related_managers_are_sealed():
    demand = DemandFactory()
    with pytest.raises(Sealed):
        demand.effects.all().update(status="met")
    with pytest.raises(Sealed):
        demand.effects.create(status="met")
    with pytest.raises(Sealed):
        demand.process.developments.all().delete()


@pytest.mark.parametrize("factory", [DevelopmentFactory, EffectFactory, CitationFactory])
def test_a_recorded_row_is_not_rewritten_even_where_writes_are_allowed(factory):
    row = factory()
    model = type(row)
    with writes_allowed(), pytest.raises(Sealed, match="never rewritten"):
        row.save()
    with writes_allowed(), pytest.raises(Sealed, match="never rewritten"):
        model.objects.get(pk=row.pk).save(update_fields=["recorded_at"])


@pytest.mark.parametrize("model", [Development, Effect, Citation])
def test_a_recorded_row_is_not_overwritten_by_a_new_one_of_its_key(model):
    row = {Development: DevelopmentFactory, Effect: EffectFactory, Citation: CitationFactory}[model]()
    values = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
    with writes_allowed(), pytest.raises(Exception, match=r"(?i)unique"):
        model(**values).save()


def test_a_write_that_is_allowed_answers_as_any_of_django():
    parties = [PartyFactory(), PartyFactory(), PartyFactory()]
    rows = Party.objects.filter(pk__in=[party.pk for party in parties])
    with writes_allowed():
        assert rows.update(short_name="K.") == rows.update(iso_code="") == 3
        assert rows.bulk_update(parties, ["short_name"]) == 3
        assert parties[0].delete() == (1, {"tracker.Party": 1})
        assert rows.delete() == (2, {"tracker.Party": 2})
        assert Party.objects.bulk_create(parties) == parties


def test_writes_are_refused_again_after_an_error():
    with pytest.raises(RuntimeError), writes_allowed():
        raise RuntimeError
    with pytest.raises(Sealed):
        models.Process(title="Bypassed").save()


def test_cited_records_cannot_be_deleted_even_where_writes_are_allowed():
    demand = DemandFactory()
    with writes_allowed(), pytest.raises(ProtectedError):
        demand.party.delete()
    with writes_allowed(), pytest.raises(ProtectedError):
        demand.delete()


def test_a_record_that_a_many_valued_relation_names_is_not_deleted():
    """The database would empty the relation without a word."""
    demand = DemandFactory(addressed_to=[PartyFactory(name="Kyiv")])
    DemandFactory(addressed_to=[demand.addressed_to.get()])
    with pytest.raises(ProtectedError, match="“Kyiv” is named by other records.") as refusal:
        recording.delete(UserFactory(), demand.addressed_to.get())
    assert refusal.value.protected_objects == {demand}
    assert [party.name for party in demand.addressed_to.all()] == ["Kyiv"]


def test_an_item_stays_in_its_process():
    demand = DemandFactory()
    demand.process = ProcessFactory()
    with pytest.raises(ValidationError, match="stays in the process"):
        recording.save(UserFactory(), demand)
