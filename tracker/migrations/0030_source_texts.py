"""Each text of a source is kept as it was stored, and a source may be kept to one process."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from tracker.recording import earlier_texts


def keep_texts(apps, schema_editor):
    """Keep what sources have and had as versions of their texts."""
    earlier = {}
    rows = apps.get_model("tracker", "EarlierText").objects.filter(field="text").order_by("until", "pk")
    for ref, until, text in rows.values_list("record_ref", "until", "text"):
        earlier.setdefault(ref, []).append((until, text))
    earlier_texts.keep(apps, earlier)


class Migration(migrations.Migration):
    dependencies = [("tracker", "0029_taken_from")]

    operations = [
        migrations.CreateModel(
            name="SourceText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source_ref", models.CharField(max_length=64)),
                ("number", models.PositiveIntegerField()),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="source_texts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=35)),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("text", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["source_ref", "number"],
                "constraints": [models.UniqueConstraint(fields=("source_ref", "number"), name="source_text_once")],
            },
        ),
        migrations.AddField(
            model_name="citation",
            name="found_in",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="citations",
                to="tracker.sourcetext",
            ),
        ),
        migrations.RunPython(keep_texts, migrations.RunPython.noop),
        migrations.DeleteModel(name="EarlierText"),
        migrations.RemoveField(model_name="sourceversion", name="text"),
        migrations.AddField(
            model_name="source",
            name="process",
            field=models.ForeignKey(
                blank=True,
                help_text="The only process that may cite it, whose members alone see it where that is restricted. "
                "Empty: open to all.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sources",
                to="tracker.process",
                verbose_name="kept to",
            ),
        ),
        migrations.AddField(
            model_name="sourceversion",
            name="process_id",
            field=models.BigIntegerField(db_column="process_id", null=True),
        ),
        migrations.AddIndex(
            model_name="sourceversion",
            index=models.Index(fields=["process_id", "known_until"], name="v_source_2"),
        ),
    ]
