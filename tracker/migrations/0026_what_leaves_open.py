"""Effects are marked that leave open what came last, so that doubt is looked for where it can be."""

from django.db import migrations, models
from django.db.models import Exists, OuterRef, Q


def mark(apps, schema_editor):
    Effect = apps.get_model("tracker", "Effect")
    same_day = Effect.objects.filter(
        item=OuterRef("item"), happened_key=OuterRef("happened_key"), pk__lt=OuterRef("pk")
    )
    others = same_day.exclude(development=OuterRef("development"))
    Effect.objects.filter(~Q(occurred_precision="day") | Exists(others)).update(leaves_open=True)


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0025_past_search'),
    ]

    operations = [
        migrations.AddField(
            model_name='effect',
            name='leaves_open',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='effect',
            index=models.Index(condition=models.Q(('leaves_open', True)), fields=['item', 'happened_key'], name='effect_open'),
        ),
    ]
