"""Dates become spans: a last day beside each, and the keys of order of all that is on record.

What is known only to lie before a day used to be placed on that day, ahead of all else on it; it now has its place
behind everything whose first day is known, and counts from the day before.
"""

import calendar
import datetime as dt

from django.db import migrations, models
from django.db.models import Case, F, Q, When

NO_FIRST = 4_000_000
PRECISIONS = [
    ("day", "Day"),
    ("month", "Month"),
    ("year", "Year"),
    ("before", "Before"),
    ("after", "After"),
    ("between", "Between"),
    ("about_day", "About the day"),
    ("about_month", "About the month"),
    ("about_year", "About the year"),
    ("lasted", "Several days"),
]
BATCH = 1000
ORDER = ("-happened_key", "-first_recorded_at", "-sequence", "-id")
DECIDED = {
    "status": Q(status__isnull=False),
    "firmness": Q(firmness__isnull=False),
    "outcome": Q(outcome__isnull=False),
    "due": Q(review_on__isnull=False) | Q(due_on__isnull=False),
    "wording": Q(wording__isnull=False),
    "changed": Q(),
}
VALUES = {
    "status": ("status", "status"),
    "status_on": ("status", "occurred_on"),
    "status_precision": ("status", "occurred_precision"),
    "firmness": ("firmness", "firmness"),
    "outcome": ("outcome", "outcome"),
    "due_on": ("due", "due_on"),
    "due_precision": ("due", "due_precision"),
    "due_phrase": ("due", "due_phrase"),
    "review_on": ("due", "review_on"),
    "wording": ("wording", "wording"),
    "raised_on": ("raised", "occurred_on"),
    "raised_precision": ("raised", "occurred_precision"),
    "changed_on": ("changed", "occurred_on"),
    "changed_precision": ("changed", "occurred_precision"),
    "changed_key": ("changed", "happened_key"),
}


def new_key(key, precision):
    """The key of order for the old one, which was twice the number of the day, plus one unless it was `before` it."""
    before = When(**{precision: "before"}, then=F(key) / 2 - 1 - NO_FIRST)
    return Case(before, default=(F(key) - 1) / 2)


def last_day(day, precision):
    """The last day that a date can mean."""
    if precision == "month":
        return day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return day.replace(month=12, day=31) if precision == "year" else day


def place_in_time(apps, schema_editor):
    """Work out the keys of order, the days on which each effect can have happened, and how the items stand."""
    Development, Effect, Item = (apps.get_model("tracker", name) for name in ("Development", "Effect", "Item"))
    for model in (Development, Effect):
        model.objects.update(happened_key=new_key("happened_key", "occurred_precision"))
    apps.get_model("tracker", "Assessment").objects.update(made_key=new_key("made_key", "made_precision"))
    Item.objects.filter(current_changed_key__isnull=False).update(
        current_changed_key=new_key("current_changed_key", "current_changed_precision")
    )
    set_days(Effect)
    touched = Effect.objects.filter(occurred_precision="before", ended_at__isnull=True).values("item")
    for item in Item.objects.filter(pk__in=touched).order_by("pk").iterator(BATCH):
        stand(apps, item)
    last = 0
    while keys := list(Item.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        name_doubts(apps, keys)
        last = keys[-1]
    if schema_editor.connection.vendor == "postgresql":
        # PostgreSQL makes no index on a table while checks of its foreign keys are put off.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


def set_days(Effect):
    """Set the first and the last day on which each effect can have happened."""
    by_day = {"earliest_on": F("occurred_on"), "latest_on": F("occurred_on")}
    Effect.objects.filter(occurred_precision="day").update(**by_day)
    vague = Effect.objects.exclude(occurred_precision="day").order_by().values_list(
        "pk", "occurred_on", "occurred_precision", "development__recorded_on"
    )
    # By their keys: a search for the effects of each day would read the whole table as often as there are days.
    keys_of = {}
    for key, day, precision, recorded in vague:
        last = day - dt.timedelta(days=1) if precision == "before" else last_day(day, precision)
        earliest = None if precision == "before" else day
        keys_of.setdefault((earliest, min(last, recorded)), []).append(key)
    for (earliest, latest), keys in keys_of.items():
        for start in range(0, len(keys), BATCH):
            some = Effect.objects.filter(pk__in=keys[start : start + BATCH])
            some.update(earliest_on=earliest, latest_on=latest)


def stand(apps, item):
    """Store how `item` stands by the new order."""
    effects = apps.get_model("tracker", "Effect").objects.filter(item=item.pk, ended_at__isnull=True)
    effects = effects.order_by(*ORDER)
    deciding = {name: effects.filter(setting).first() for name, setting in DECIDED.items()}
    deciding["raised"] = effects.last()
    standing = {
        f"current_{name}": getattr(deciding[aspect], column, None) for name, (aspect, column) in VALUES.items()
    }
    apps.get_model("tracker", "Item").objects.filter(pk=item.pk).update(**standing)
    for stance in apps.get_model("tracker", "ItemStance").objects.filter(item=item.pk):
        latest = effects.filter(party=stance.party_id, stance__isnull=False).first()
        type(stance).objects.filter(pk=stance.pk).update(current_stance=latest and latest.stance)


def name_doubts(apps, keys):
    """Store what of each item may stand otherwise by another choice of days."""
    Effect, Item, ItemStance = (apps.get_model("tracker", name) for name in ("Effect", "Item", "ItemStance"))
    found = {}
    for effect in Effect.objects.filter(item__in=keys, ended_at__isnull=True).order_by(*ORDER).iterator(BATCH):
        values = {
            "status": effect.status,
            "firmness": effect.firmness,
            "outcome": effect.outcome,
            "due": due_code(effect) if effect.due_on or effect.review_on else None,
            "wording": effect.wording and f"“{effect.wording}”",
        }
        for place, value in [*values.items(), (effect.party_id, effect.stance)]:
            if value:
                days = (effect.earliest_on or dt.date.min, effect.latest_on)
                found.setdefault(effect.item_id, {}).setdefault(place, []).append((value, *days))
    for item, places in found.items():
        own = []
        for place, told in places.items():
            begun = max(earliest for _, earliest, _ in told)
            others = dict.fromkeys(value for value, _, latest in told if value != told[0][0] and latest >= begun)
            if others and isinstance(place, str):
                own.append((list(DECIDED).index(place), f"{place}: {', '.join(others)}"))
            elif others:
                ItemStance.objects.filter(item=item, party=place).update(current_doubt=", ".join(others))
        if own:
            Item.objects.filter(pk=item).update(current_doubt="; ".join(text for _, text in sorted(own)))


def due_code(effect):
    """When something is due, as a file has it: the date, and the words about it."""
    day, precision = effect.due_on, effect.due_precision
    date = "" if day is None else day.isoformat()[: {"month": 7, "year": 4}.get(precision, 10)]
    if precision == "before":
        date = f"[..{day - dt.timedelta(days=1)}]"
    return " ".join(filter(None, [date, effect.due_phrase]))


class Migration(migrations.Migration):
    dependencies = [("tracker", "0016_plain_words")]

    operations = [
        migrations.RemoveConstraint(
            model_name='assessment',
            name='assessment_made_precise',
        ),
        migrations.RemoveConstraint(
            model_name='development',
            name='development_occurred_precise',
        ),
        migrations.RemoveConstraint(
            model_name='effect',
            name='effect_due_precise',
        ),
        migrations.RemoveConstraint(
            model_name='office',
            name='office_from_precise',
        ),
        migrations.RemoveConstraint(
            model_name='office',
            name='office_to_precise',
        ),
        migrations.RemoveConstraint(
            model_name='office',
            name='office_ends_after_it_begins',
        ),
        migrations.RemoveConstraint(
            model_name='source',
            name='source_published_precise',
        ),
        migrations.RemoveIndex(
            model_name='effect',
            name='effect_of_item',
        ),
        migrations.RemoveIndex(
            model_name='effect',
            name='effect_status',
        ),
        migrations.RemoveIndex(
            model_name='effect',
            name='effect_due',
        ),
        migrations.AddField(
            model_name='assessment',
            name='made_last',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='development',
            name='occurred_last',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='effect',
            name='due_last',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='effect',
            name='earliest_on',
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='effect',
            name='latest_on',
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='effect',
            name='occurred_last',
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='item',
            name='current_changed_last',
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='item',
            name='current_due_last',
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='item',
            name='current_raised_last',
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='item',
            name='current_status_last',
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='item',
            name='current_doubt',
            field=models.TextField(blank=True, default='', editable=False),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='itemstance',
            name='current_doubt',
            field=models.CharField(blank=True, default='', editable=False, max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='office',
            name='held_from_last',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='office',
            name='held_to_last',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='source',
            name='published_last',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='assessment',
            name='made_precision',
            field=models.CharField(choices=PRECISIONS, default='day', max_length=11),
        ),
        migrations.AlterField(
            model_name='development',
            name='occurred_precision',
            field=models.CharField(choices=PRECISIONS, default='day', max_length=11),
        ),
        migrations.AlterField(
            model_name='effect',
            name='due_precision',
            field=models.CharField(blank=True, choices=PRECISIONS, max_length=11),
        ),
        migrations.AlterField(
            model_name='effect',
            name='occurred_precision',
            field=models.CharField(choices=PRECISIONS, editable=False, max_length=11),
        ),
        migrations.AlterField(
            model_name='item',
            name='current_changed_precision',
            field=models.CharField(choices=PRECISIONS, editable=False, max_length=11, null=True),
        ),
        migrations.AlterField(
            model_name='item',
            name='current_due_precision',
            field=models.CharField(choices=PRECISIONS, editable=False, max_length=11, null=True),
        ),
        migrations.AlterField(
            model_name='item',
            name='current_raised_precision',
            field=models.CharField(choices=PRECISIONS, editable=False, max_length=11, null=True),
        ),
        migrations.AlterField(
            model_name='item',
            name='current_status_precision',
            field=models.CharField(choices=PRECISIONS, editable=False, max_length=11, null=True),
        ),
        migrations.AlterField(
            model_name='office',
            name='held_from_precision',
            field=models.CharField(blank=True, choices=PRECISIONS, max_length=11),
        ),
        migrations.AlterField(
            model_name='office',
            name='held_to_precision',
            field=models.CharField(blank=True, choices=PRECISIONS, max_length=11),
        ),
        migrations.AlterField(
            model_name='source',
            name='published_precision',
            field=models.CharField(blank=True, choices=PRECISIONS, max_length=11),
        ),
        migrations.AddIndex(
            model_name='effect',
            index=models.Index(fields=['item', 'happened_key', 'first_recorded_at', 'sequence', 'id', 'recorded_at', 'ended_at', 'occurred_on', 'occurred_precision', 'occurred_last'], name='effect_of_item'),
        ),
        migrations.AddIndex(
            model_name='effect',
            index=models.Index(condition=models.Q(('status__isnull', False)), fields=['item', 'happened_key', 'first_recorded_at', 'sequence', 'id', 'recorded_at', 'ended_at', 'status', 'occurred_on', 'occurred_precision', 'occurred_last'], name='effect_status'),
        ),
        migrations.AddIndex(
            model_name='effect',
            index=models.Index(condition=models.Q(('review_on__isnull', False), ('due_on__isnull', False), _connector='OR'), fields=['item', 'happened_key', 'first_recorded_at', 'sequence', 'id', 'recorded_at', 'ended_at', 'due_on', 'due_precision', 'due_last', 'due_phrase', 'review_on'], name='effect_due'),
        ),
        # With the index of the effects of an item, which it asks for item by item.
        migrations.RunPython(place_in_time, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('made_on__isnull', False), models.Q(models.Q(('made_last__isnull', True), models.Q(('made_precision__in', ['day', 'about_day', 'before', 'after']), models.Q(('made_on__day_of_month', 1), ('made_precision__in', ['month', 'about_month'])), models.Q(('made_on__day_of_month', 1), ('made_on__month_of_year', 1), ('made_precision__in', ['year', 'about_year'])), _connector='OR')), models.Q(('made_last__gt', models.F('made_on')), ('made_precision__in', ['between', 'lasted'])), _connector='OR')), name='assessment_made_precise', violation_error_message='A month is held by its first day, a year by 1 January, a range by two days.'),
        ),
        migrations.AddConstraint(
            model_name='development',
            constraint=models.CheckConstraint(condition=models.Q(('occurred_on__isnull', False), models.Q(models.Q(('occurred_last__isnull', True), models.Q(('occurred_precision__in', ['day', 'about_day', 'before', 'after']), models.Q(('occurred_on__day_of_month', 1), ('occurred_precision__in', ['month', 'about_month'])), models.Q(('occurred_on__day_of_month', 1), ('occurred_on__month_of_year', 1), ('occurred_precision__in', ['year', 'about_year'])), _connector='OR')), models.Q(('occurred_last__gt', models.F('occurred_on')), ('occurred_precision__in', ['between', 'lasted'])), _connector='OR')), name='development_occurred_precise', violation_error_message='A month is held by its first day, a year by 1 January, a range by two days.'),
        ),
        migrations.AddConstraint(
            model_name='effect',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('due_on__isnull', False), models.Q(models.Q(('due_last__isnull', True), models.Q(('due_precision__in', ['day', 'about_day', 'before', 'after']), models.Q(('due_on__day_of_month', 1), ('due_precision__in', ['month', 'about_month'])), models.Q(('due_on__day_of_month', 1), ('due_on__month_of_year', 1), ('due_precision__in', ['year', 'about_year'])), _connector='OR')), models.Q(('due_last__gt', models.F('due_on')), ('due_precision__in', ['between', 'lasted'])), _connector='OR')), models.Q(('due_last__isnull', True), ('due_on__isnull', True), ('due_precision', '')), _connector='OR'), name='effect_due_precise', violation_error_message='A due date needs its precision.'),
        ),
        migrations.AddConstraint(
            model_name='office',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('held_from__isnull', False), models.Q(models.Q(('held_from_last__isnull', True), models.Q(('held_from_precision__in', ['day', 'about_day', 'before', 'after']), models.Q(('held_from__day_of_month', 1), ('held_from_precision__in', ['month', 'about_month'])), models.Q(('held_from__day_of_month', 1), ('held_from__month_of_year', 1), ('held_from_precision__in', ['year', 'about_year'])), _connector='OR')), models.Q(('held_from_last__gt', models.F('held_from')), ('held_from_precision__in', ['between', 'lasted'])), _connector='OR')), models.Q(('held_from__isnull', True), ('held_from_last__isnull', True), ('held_from_precision', '')), _connector='OR'), name='office_from_precise'),
        ),
        migrations.AddConstraint(
            model_name='office',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('held_to__isnull', False), models.Q(models.Q(('held_to_last__isnull', True), models.Q(('held_to_precision__in', ['day', 'about_day', 'before', 'after']), models.Q(('held_to__day_of_month', 1), ('held_to_precision__in', ['month', 'about_month'])), models.Q(('held_to__day_of_month', 1), ('held_to__month_of_year', 1), ('held_to_precision__in', ['year', 'about_year'])), _connector='OR')), models.Q(('held_to_last__gt', models.F('held_to')), ('held_to_precision__in', ['between', 'lasted'])), _connector='OR')), models.Q(('held_to__isnull', True), ('held_to_last__isnull', True), ('held_to_precision', '')), _connector='OR'), name='office_to_precise'),
        ),
        migrations.AddConstraint(
            model_name='office',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('held_from_precision', 'day'), ('held_to_precision', 'day'), _negated=True), ('held_to__gte', models.F('held_from')), _connector='OR'), name='office_ends_after_it_begins', violation_error_message='An office cannot end before it begins.'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_on__isnull', False), models.Q(models.Q(('published_last__isnull', True), models.Q(('published_precision__in', ['day', 'about_day', 'before', 'after']), models.Q(('published_on__day_of_month', 1), ('published_precision__in', ['month', 'about_month'])), models.Q(('published_on__day_of_month', 1), ('published_on__month_of_year', 1), ('published_precision__in', ['year', 'about_year'])), _connector='OR')), models.Q(('published_last__gt', models.F('published_on')), ('published_precision__in', ['between', 'lasted'])), _connector='OR')), models.Q(('published_last__isnull', True), ('published_on__isnull', True), ('published_precision', '')), _connector='OR'), name='source_published_precise', violation_error_message='A publication date needs its precision.'),
        ),
    ]
