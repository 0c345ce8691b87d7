"""The rule of partial dates without Django's own SQL functions, so that any program can copy and check the database."""

from django.db import migrations, models

MONTH_OR_YEAR = "A month is held by its first day, a year by 1 January."
# Model, date and precision, whether there may be no date, name, message.
RULES = (
    ("assessment", "made_on", "made_precision", False, "assessment_made_precise", MONTH_OR_YEAR),
    ("development", "occurred_on", "occurred_precision", False, "development_occurred_precise", MONTH_OR_YEAR),
    ("effect", "due_on", "due_precision", True, "effect_due_precise", "A due date needs its precision."),
    ("office", "held_from", "held_from_precision", True, "office_from_precise", None),
    ("office", "held_to", "held_to_precision", True, "office_to_precise", None),
    (
        "source",
        "published_on",
        "published_precision",
        True,
        "source_published_precise",
        "A publication date needs its precision.",
    ),
)


def precise(date, precision, optional):
    first, january = {f"{date}__day_of_month": 1}, {f"{date}__month_of_year": 1}
    known = (
        models.Q(**{f"{precision}__in": ["day", "before"]})
        | models.Q(**{precision: "month"}, **first)
        | models.Q(**{precision: "year"}, **first, **january)
    )
    held = models.Q(**{f"{date}__isnull": False}) & known
    unknown = models.Q(**{f"{date}__isnull": True, precision: ""})
    return held | unknown if optional else held


class Migration(migrations.Migration):
    dependencies = [("tracker", "0011_earlier_texts")]

    operations = [
        operation
        for model, date, precision, optional, name, message in RULES
        for operation in (
            migrations.RemoveConstraint(model, name),
            migrations.AddConstraint(
                model,
                models.CheckConstraint(
                    condition=precise(date, precision, optional), name=name, violation_error_message=message
                ),
            ),
        )
    ]
