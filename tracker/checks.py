"""System checks of the register: a wrong declaration is an error at start-up."""

from django.core import checks
from django.core.exceptions import FieldError

from tracker.clocks import PRESENT
from tracker.files.export.cells import cell
from tracker.models.versions import record_types
from tracker.register import BY_URL_NAME, PARTS, RECORD_TYPES
from tracker.register.types import RecordType


@checks.register("records")
def check_register(app_configs, **options) -> list[checks.Error]:
    """Every declaration of the register can be listed, sorted, filtered and written to a file; every record has one."""
    errors = []
    for record_type in (*RECORD_TYPES, *PARTS):
        errors += check_record_type(record_type)
    declared = {record_type.model for record_type in BY_URL_NAME.values()}
    for model in record_types():
        if model not in declared and not model.__subclasses__():
            message = f"{model.__name__}: no record type declares it; add one to tracker/register/."
            errors.append(checks.Error(message, obj=model, id="tracker.E001"))
    prefixes = [model.prefix for model in declared]
    for model in declared:
        if prefixes.count(model.prefix) > 1:
            message = f"{model.__name__}: another record type has the prefix {model.prefix}, too."
            errors.append(checks.Error(message, obj=model, id="tracker.E007"))
    return errors


def check_record_type(record_type: RecordType) -> list[checks.Error]:
    """What is wrong with one declaration."""
    errors, names = [], [column.name for column in record_type.columns]

    def wrong(message, number):
        errors.append(
            checks.Error(f"{record_type.url_name}: {message}", obj=record_type.model, id=f"tracker.{number}")
        )

    name_of_pages = record_type.url_name if record_type.has_pages else None
    if record_type.model.url_name != name_of_pages:
        wrong(f"`url_name` of the model is {record_type.model.url_name}, not {name_of_pages}.", "E006")
    for name in {name for name in names if names.count(name) > 1}:
        wrong(f"two columns are called {name}.", "E002")
    rows = record_type.reading(record_type.model._base_manager.all(), PRESENT)
    for column in record_type.columns:
        try:
            rows.values_list(cell(record_type.model, column))
            rows.order_by(*column.order)
        except (FieldError, AttributeError) as error:
            wrong(f"column {column.name} cannot be read: {error}", "E003")
    sort = record_type.column(record_type.sort.removeprefix("-"))
    if sort is None or not sort.order:
        wrong(f"its list is sorted by {record_type.sort}, which sorts nothing.", "E004")
    for section in record_type.sections:
        section_type = BY_URL_NAME.get(section.url_name)
        if section_type is None or section.filter not in section_type.filterset.base_filters:
            wrong(
                f"section {section.title} asks {section.url_name} for {section.filter}, which is no filter.",
                "E005",
            )
    return errors
