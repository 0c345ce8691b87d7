"""Every field that people fill in has a column, a filter, an input on pages and in the admin, and a line on a page.

A test that fails names the field and what it lacks. What lacks one of these on purpose is in LEFT_OUT.
"""

import re

import pytest
from bs4 import BeautifulSoup
from django.db import models

from tests import factories as make
from tests.admin.pages import url as admin_url
from tests.over_the_register.fields import editable_fields, filled
from tests.over_the_register.makers import MAKERS
from tracker.admin.site import site
from tracker.clocks import PRESENT
from tracker.models.fields import CodeListField
from tracker.register import ALL_TYPES, BY_URL_NAME
from tracker.register.filters import CodeFilter
from tracker.register.types import Kind, RecordType

pytestmark = pytest.mark.django_db
every_type = pytest.mark.parametrize("url_name", BY_URL_NAME)

LEFT_OUT = {
    ("column", "Source.text"): "it stays in the installation, and only those who record may read it",
    (
        "filter",
        "Process.members",
    ): "accounts are managed, not searched; `restricted` finds the processes that have them",
    ("filter", "Source.retrieved_on"): "a source is looked up by when it was published",
    ("filter", "Assessment.judged_on"): "judged assessments are looked up by their outcome",
    (
        "filter",
        "Effect.review_on",
    ): "it goes with a due phrase, and follow-ups have a filter for what is due for review",
    ("filter", "Delegate.office"): "an office is one person's, and there is a filter by person",
}
"""What a field has none of, on purpose: (what, Model.field) -> why."""


def module_file(name: str) -> str:
    return name.replace(".", "/") + ".py"


def first_of(lookup: str) -> str:
    return lookup.split("__")[0]


def lacking(record_type: RecordType, what: str, has: set[str], remedy: str) -> dict[tuple[str, str], str]:
    """(what, Model.field) -> what is wrong and how to mend it, for each field that is not in `has`."""
    name = record_type.model.__name__
    return {
        (what, f"{name}.{field.name}"): f"{name}.{field.name}: no {what}; {remedy}"
        for field in editable_fields(record_type.model)
        if field.name not in (*has, record_type.model.part_of)
    }


def unexplained(found: dict[tuple[str, str], str]) -> str:
    """The lines of what is lacking and not left out on purpose."""
    return "\n".join(line for key, line in found.items() if key not in LEFT_OUT)


def columns_lacking(record_type):
    has = {name for column in record_type.columns for name in (column.name, first_of(column.lookup))}
    file = module_file(record_type.filterset.__module__)
    return lacking(record_type, "column", has, f"add it to `columns` in {file}")


def is_chosen_by(record_type: RecordType, field: models.Field) -> bool:
    """Whether people expect to filter by the field; search finds texts, and sorting numbers."""
    column = record_type.column(field.name)
    is_code = bool(field.choices) or (column is not None and column.kind in (Kind.CODE, Kind.CODES))
    return is_code or field.is_relation or isinstance(field, models.DateField | models.BooleanField)


def lookups_of(record_type: RecordType, field: models.Field) -> set[str]:
    """The field, and what its column is read from and sorted by, such as the key of a date."""
    column = record_type.column(field.name)
    return {field.name, *(map(first_of, (column.lookup, *column.order)) if column else ())}


def filters_lacking(record_type):
    asked = set()
    for name, filter_ in record_type.filterset.base_filters.items():
        asked |= {name, first_of(filter_.field_name or name)}
        asked |= getattr(getattr(filter_, "condition", None), "referenced_base_fields", set())
    has = {
        field.name
        for field in editable_fields(record_type.model)
        if not is_chosen_by(record_type, field) or asked & lookups_of(record_type, field)
    }
    return lacking(record_type, "filter", has, f"add one in {module_file(record_type.filterset.__module__)}")


def inputs_lacking(record_type):
    form = record_type.form
    has, where = set(form.base_fields), "`fields`"
    if form.sections:
        has, where = has & {name for _, names in form.sections for name in names}, "`fields` and `sections`"
    return lacking(record_type, "input", has, f"add it to {where} in {module_file(form.__module__)}")


@pytest.mark.parametrize(
    ("what", "find"), [("column", columns_lacking), ("filter", filters_lacking), ("input", inputs_lacking)]
)
def test_every_field_has_one_or_is_left_out_for_a_reason(what, find):
    found = {key: line for record_type in ALL_TYPES for key, line in find(record_type).items()}
    assert not unexplained(found)
    assert found.keys() == {key for key in LEFT_OUT if key[0] == what}, "a reason for nothing"


def test_every_type_is_in_the_admin():
    models = {
        *site._registry,
        *(inline.model for admin in site._registry.values() for inline in admin.inlines),
    }
    remedy = "add a module to tracker/admin/ and its name to tracker/admin/__init__.py"
    lack = [
        f"{each.model.__name__}: not in the admin; {remedy}" for each in ALL_TYPES if each.model not in models
    ]
    assert not lack


def test_every_type_can_be_made_by_the_tests():
    made = [BY_URL_NAME[url_name] for url_name in MAKERS]
    lack = [
        f"{each.model.__name__}: no factory; add one to tests/factories/"
        for each in ALL_TYPES
        if each not in made
    ]
    assert not lack


@pytest.fixture
def administrator(client):
    client.force_login(make.UserFactory(administrator=True))
    return client


@every_type
def test_every_field_is_in_the_admin_and_on_a_page(administrator, url_name):
    record_type = BY_URL_NAME[url_name]
    record, words = filled(url_name)
    for name in words:
        words[name] = SHOWN_OTHERWISE.get(f"{record_type.model.__name__}.{name}", words[name])
    found = admin_fields_lacking(record_type, record, administrator)
    found |= lines_lacking(record_type, record, words, administrator)
    assert not unexplained(found)


SHOWN_OTHERWISE = {"Citation.credibility": {"F6"}, "Development.occurred_zone": {"Riyadh time"}}
"""How a page shows what it does not write out: the grade is the reliability of the source with the credibility."""


def admin_fields_lacking(record_type, record, client):
    edited = record.whole or record
    page = client.get(admin_url(type(edited), "change", edited.pk))
    forms = [page.context["adminform"]]
    edit = site._registry[type(edited)]
    for inline in page.context["inline_admin_formsets"]:
        if inline.opts.model is record_type.model:
            forms, edit = list(inline), inline.opts
    cells = [cell.field for form in forms for fieldset in form for line in fieldset for cell in line]
    # What is only read is a dict.
    has = {cell["name"] if isinstance(cell, dict) else cell.name for cell in cells}
    listed = next((name for name in ("fields", "fieldsets") if getattr(edit, name)), None)
    file = module_file(edit.__module__)
    remedy = f"add it to `{listed}` in {file}" if listed else f"{file} shows those of the form"
    return lacking(record_type, "field in the admin", has, remedy)


def lines_lacking(record_type, record, words, client):
    response = client.get((record if record_type.has_pages else record.whole).get_absolute_url())
    page = BeautifulSoup(response.content, "lxml").select_one("main")
    for form in page.select("form"):
        form.extract()
    text = " ".join([*page.get_text(" ").split(), *(link["href"] for link in page.select("a[href]"))]).lower()
    has = {name for name, each in words.items() if any(one.lower() in text for one in each)} | {"process"}
    reads = re.compile(
        rf"\b(?:item|record|{record_type.model._meta.model_name})\.(?:get_)?({'|'.join(words)})"
    )
    shows = max(response.templates, key=lambda template: len(set(reads.findall(template.source))))
    remedy = f"add it to templates/{shows.name}"
    return lacking(record_type, "line on its page", has, remedy)


@pytest.mark.both
@every_type
def test_the_filters_keep_a_record_by_what_stands_in_its_fields(url_name):
    record_type, reader = BY_URL_NAME[url_name], make.UserFactory(administrator=True)
    record, _ = filled(url_name)
    other = MAKERS[url_name](make.ProcessFactory())
    asked = {
        name: [value] if isinstance(filter_, CodeFilter) else value
        for field in editable_fields(record_type.model)
        for name, filter_ in record_type.filterset.base_filters.items()
        if (filter_.field_name or name) in lookups_of(record_type, field)
        if (value := in_a_query(field, record))
    }
    kept = record_type.filterset(asked, record_type.rows(reader, PRESENT), user=reader)
    assert kept.is_valid(), kept.errors
    assert record in kept.qs and (other not in kept.qs or not asked)


def in_a_query(field: models.Field, record) -> str:
    """What a query string has for the value of `field`; empty where it has none."""
    value = getattr(record, field.name)
    value = value.first() if field.many_to_many else value
    if isinstance(value, models.Model):
        return getattr(value, "ref", "")
    if isinstance(field, CodeListField):
        return value.split("; ")[-1]
    return str(value).lower() if isinstance(value, bool) else str(value or "")
