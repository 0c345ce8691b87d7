"""Two people who edit one record: what each may change in it, and what is on record afterwards."""

from django.db import models
from django.urls import reverse

from tests import factories as make
from tracker.models import Change, Person, Record
from tracker.register.types import RecordType


def plain_texts(record_type: RecordType) -> list[str]:
    """The fields of its form in which any words can stand, those that must be filled in first."""
    found = []
    for name in record_type.form.base_fields:
        field = record_type.model._meta.get_field(name)
        is_plain = not (field.choices or field._validators or name.endswith("language"))
        if type(field) in (models.CharField, models.TextField) and is_plain:
            found.append(field)
    return [field.name for field in sorted(found, key=lambda field: field.blank)]


def edit_url(record: Record) -> str:
    return reverse(f"{record.url_name}:edit", args=[record.ref])


def last_changes(record: Record, number: int) -> list[tuple[str, list[str]]]:
    """Who changed which fields, latest first."""
    changes = Change.objects.filter(record_ref=record.ref)[:number]
    return [(change.by.username, [each["field"] for each in change.changes]) for change in changes]


def person_with_offices() -> tuple[Record, ...]:
    """A person, and the two offices that the person held."""
    person = make.PersonFactory(name="Rudolf")
    return person, *(make.OfficeFactory(person=person, title=title) for title in ("Adviser", "Minister"))


def titles(person: Person) -> list[str]:
    """The title and the organisation of each office on record."""
    offices = Person.objects.get(pk=person.pk).offices.all()
    return sorted(f"{office.title}, {office.organisation}" for office in offices)
