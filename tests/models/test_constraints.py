"""Every rule that a row can carry is kept by the database itself, whatever writes the row."""

import datetime as dt

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from tests import factories
from tests.claiming import ClaimFactory
from tracker.models import (
    Assessment,
    Claim,
    Delegate,
    Delegation,
    Development,
    Effect,
    FollowUp,
    Issue,
    Item,
    ItemStance,
    Job,
    Office,
    Party,
    PreparedFile,
    ProcessLink,
    RecordName,
    SavedView,
    SearchEntry,
    Source,
    SourceText,
    Talk,
    Token,
    WatchPhrase,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def an_effect_of_a_party():
    return factories.DemandFactory(effect__stance="affirms").effects.get()


DAY = dt.date(2025, 2, 18)
FIRST = dt.date(2025, 1, 1)
NOW = dt.datetime(2025, 2, 18, 12, tzinfo=dt.UTC)
LATER = dt.datetime(2999, 1, 1, tzinfo=dt.UTC)
USER = "a user"

# Constraint: (model, what is changed in a copy of a sound row of it); unchanged, the row is simply there twice.
CASES = {
    "party_name_once": [(Party, {"iso_code": ""})],
    "party_iso_code_once": [(Party, {"name": "Elsewhere"})],
    "issue_name_once": [(Issue, {})],
    "office_from_precise": [(Office, {"held_from": DAY}), (Office, {"held_from": DAY, "held_from_precision": "month"})],
    "office_to_precise": [(Office, {"held_to": None, "held_to_precision": "day"})],
    "office_ends_after_it_begins": [
        (Office, {"held_from": DAY, "held_from_precision": "day", "held_to": FIRST, "held_to_precision": "day"})
    ],
    "source_published_precise": [
        (Source, {"published_precision": ""}),
        (Source, {"published_precision": "year"}),
        (Source, {"published_on": None}),
    ],
    "source_text_once": [(SourceText, {})],
    "process_link_once": [(ProcessLink, {})],
    "process_link_to_another": [(ProcessLink, {"to_process_id": "from_process_id"})],
    "item_status_of_its_kind": [
        (Item, {"current_status": "held"}),
        (Item, {"current_status": "no such code"}),
    ],
    "stance_once_per_party": [(ItemStance, {})],
    "source_taken_from_another": [(Source, {"taken_from_id": "id"})],
    "talk_follows_another": [(Talk, {"predecessor_id": "item_id"})],
    "delegation_once_per_party_and_talk": [(Delegation, {"role": "observer"})],
    "delegate_once": [(Delegate, {"capacity": "member"})],
    "appointment_names_its_office": [(FollowUp, {"kind": "appointment"})],
    "only_an_appointment_has_an_office": [
        (FollowUp, {"office": "Envoy"}),
        (FollowUp, {"person_id": factories.PersonFactory}),
    ],
    "follow_up_waits_for_another": [(FollowUp, {"waits_for_id": "item_id"})],
    "development_version_once": [(Development, {"ended_at": LATER, "ended_as": "withdrawn", "ended_by_id": USER})],
    "development_current_once": [(Development, {"version": 2})],
    "development_occurred_precise": [
        (Development, {"version": 2, "occurred_precision": "month"}),
        (Development, {"version": 2, "occurred_precision": "year"}),
        (Development, {"version": 2, "occurred_precision": "decade"}),
    ],
    "development_time_of_a_day": [
        (Development, {"version": 2, "occurred_precision": "before", "occurred_time": dt.time(9)})
    ],
    "development_zone_of_a_time": [(Development, {"version": 2, "occurred_zone": "Asia/Riyadh"})],
    "development_follows_within_a_day": [
        (Development, {"version": 2, "occurred_precision": "before", "follows": "dev-another"})
    ],
    "development_not_in_the_future": [(Development, {"occurred_on": dt.date(2999, 1, 1)})],
    "development_of_party_or_talk": [(Development, {"party_id": None})],
    "statement_has_speech_act": [(Development, {"kind": "statement"})],
    "development_ended_with_who_and_why": [
        (Development, {"ended_as": "withdrawn"}),
        (Development, {"ended_reason": "recoded"}),
        (Development, {"ended_at": NOW, "ended_as": "withdrawn", "ended_by_id": USER}),
        (Development, {"ended_at": LATER, "ended_as": "withdrawn"}),
        (Development, {"ended_at": LATER, "ended_as": "corrected", "ended_by_id": USER}),
        (Development, {"ended_at": LATER, "ended_by_id": USER}),
    ],
    "effect_once_per_item_and_party": [(an_effect_of_a_party, {})],
    "effect_once_per_item": [(Effect, {})],
    "effect_status_of_its_kind": [(Effect, {"status": "held"}), (Effect, {"status": "no such code"})],
    "effect_firmness_of_demand": [(Effect, {"item_kind": "talk", "status": None, "firmness": "stated"})],
    "effect_outcome_of_talk": [(Effect, {"outcome": "walk_out"})],
    "effect_due_of_dated_kind": [
        (Effect, {"due_on": DAY, "due_precision": "day"}),
        (Effect, {"due_phrase": "soon", "review_on": DAY}),
    ],
    "effect_given_up_has_no_date": [
        (Effect, {"item_kind": "talk", "status": "held", "firmness": None, "due_phrase": "none", "review_on": DAY})
    ],
    "effect_due_precise": [
        (Effect, {"item_kind": "talk", "status": "held", "firmness": None, "due_on": DAY}),
        (Effect, {"item_kind": "talk", "status": "held", "firmness": None, "due_on": DAY, "due_precision": "month"}),
        (Effect, {"due_precision": "day"}),
    ],
    "effect_due_phrase_has_review": [
        (Effect, {"item_kind": "talk", "status": "held", "firmness": None, "due_phrase": "soon"})
    ],
    "effect_review_of_due": [(Effect, {"review_on": DAY})],
    "effect_stance_of_party": [(Effect, {"stance": "affirms"})],
    "effect_sets_something": [(Effect, {"status": None, "firmness": None})],
    "effect_language_of_wording": [(Effect, {"wording_language": "en"})],
    "assessment_made_precise": [(Assessment, {"made_precision": "month"})],
    "assessment_has_one_author": [
        (Assessment, {"author_id": None}),
        (Assessment, {"author_name": "Our desk"}),
    ],
    "assessment_judged_on_a_day": [
        (Assessment, {"turned_out": "right"}),
        (Assessment, {"judged_on": DAY}),
    ],
    "watch_phrase_once": [(WatchPhrase, {})],
    "token_of_feed_has_path": [
        (Token, {"secret_hash": "another", "path": "timeline.atom"}),
        (Token, {"secret_hash": "another", "purpose": "feed"}),
    ],
    "claim_once": [(Claim, {})],
    "saved_view_name_once_each_owner": [(SavedView, {})],
    "record_name_once": [(RecordName, {})],
    "search_entry_once": [(SearchEntry, {})],
    "one_job_at_a_time": [(Job, {})],
    "one_file_at_a_time": [(PreparedFile, {})],
}  # fmt: skip

# How a sound row of a model is made where its factory alone does not do.
SOUND = {
    Claim: ClaimFactory,
    Party: lambda: factories.PartyFactory(iso_code="UA"),
    Item: lambda: factories.DemandFactory().item,
    ItemStance: lambda: factories.DemandFactory(effect__stance="affirms").stances.get(),
    SourceText: lambda: SourceText.objects.of(factories.SourceFactory(text="Words.")).get(),
    Delegate: lambda: factories.DelegateFactory(head=True),
    Effect: lambda: factories.DemandFactory().effects.get(),
    RecordName: lambda: RecordName.objects.get(record_id=factories.PartyFactory().pk, record_type="party"),
    SearchEntry: lambda: SearchEntry.objects.get(record_id=factories.PartyFactory().pk, record_type="party"),
    Job: lambda: Job.objects.create(by=factories.UserFactory(), record_ref="pty-once", total=1),
    PreparedFile: lambda: PreparedFile.objects.create(by=factories.UserFactory(), address="/package.zip"),
    Token: lambda: Token.make(factories.UserFactory(), "notebook")[0],
}
# Models whose row is a part of an item's: it cannot be copied, so it is changed where it stands.
INHERITED = (Talk, FollowUp)


def sound(model):
    """A row that breaks no rule, of the model, or as the function makes it."""
    make = SOUND.get(model, model)
    return getattr(factories, f"{make.__name__}Factory", make)()


def insert_again(row, changes):
    """Insert a copy of `row` with `changes`, under a new id; change `row` if it is inherited or they name its key."""
    model = type(row)
    values = {field.column: getattr(row, field.attname) for field in model._meta.local_concrete_fields}
    key = model._meta.pk.column
    for name, value in changes.items():
        if value is USER:
            value = factories.UserFactory().pk
        elif isinstance(value, type):
            value = value().pk
        elif value in values:
            value = values[value]
        values[name] = value
    if model in INHERITED or key in changes.values():
        statement = ", ".join(f'"{name}" = %s' for name in changes)
        run(
            f'UPDATE "{model._meta.db_table}" SET {statement} WHERE "{key}" = %s',
            [values[n] for n in changes] + [row.pk],
        )
        return
    del values[key]
    if "ref" in values and model is not Development:
        values["ref"] = values["ref"][:-1] + "-again"
    columns = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(["%s"] * len(values))
    fields = {field.column: field for field in model._meta.local_concrete_fields}
    prepared = [fields[name].get_db_prep_save(value, connection) for name, value in values.items()]
    run(f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({marks})', prepared)


def run(statement, values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def names(kind):
    return {
        constraint.name
        for model in apps.get_app_config("tracker").get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, kind)
    }


def test_every_constraint_has_a_case():
    assert CASES.keys() == names(CheckConstraint | UniqueConstraint)


@pytest.mark.parametrize(
    ("name", "model", "changes"),
    [pytest.param(name, *case, id=name) for name, cases in CASES.items() for case in cases],
)
def test_the_database_refuses(name, model, changes):
    row = sound(model)
    model = type(row)
    with pytest.raises(IntegrityError) as refusal:
        insert_again(row, changes)
    constraint = next(one for one in model._meta.constraints if one.name == name)
    message = str(refusal.value)
    if connection.vendor == "sqlite" and isinstance(constraint, UniqueConstraint):
        # SQLite names the columns of a broken uniqueness rather than the rule.
        columns = [model._meta.get_field(field).column for field in constraint.fields]
        assert all(f"{model._meta.db_table}.{column}" in message for column in columns)
    else:
        assert name in message


def test_what_breaks_two_rules_is_told_of_both_and_of_none_about_a_field_that_is_left_out():
    office = factories.OfficeFactory(held_from=DAY, held_from_precision="day")
    office.validate_constraints()
    office.held_from_precision = ""
    office.held_to, office.held_to_precision = DAY, "month"
    both = [f"Constraint “office_{end}_precise” is violated." for end in ("from", "to")]
    for exclude, expected in (((), both), (("held_to",), both[:1]), (("held_from",), both[1:])):
        with pytest.raises(ValidationError) as refusal:
            office.validate_constraints(exclude)
        assert refusal.value.messages == expected
    office.validate_constraints(("held_from", "held_to"))
