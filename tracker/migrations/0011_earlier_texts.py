"""Texts of sources leave the audit trail, which everybody reads: it keeps their digest, and a table apart the words."""

import hashlib
import re

from django.db import migrations, models

DIGEST = re.compile(r"[\d,]+ characters?, SHA-256 [0-9a-f]{64}", re.ASCII)


def digest(text):
    if not text or DIGEST.fullmatch(text):
        return text
    count = f"{len(text):,} character{'' if len(text) == 1 else 's'}"
    return f"{count}, SHA-256 {hashlib.sha256(text.encode()).hexdigest()}"


def move_words(apps, schema_editor):
    Change, EarlierText = apps.get_model("tracker", "Change"), apps.get_model("tracker", "EarlierText")
    for entry in Change.objects.filter(record_type="source").order_by("pk").iterator(chunk_size=100):
        bare = [
            (one, key)
            for one in entry.changes
            for key in ("old", "new")
            if one["field"] == "text" and one[key] != digest(one[key])
        ]
        for one, key in bare:
            if key == "old":
                EarlierText.objects.create(
                    record_ref=entry.record_ref, field="text", until=entry.at, text=one["old"], process_id=entry.process_id
                )
            one[key] = digest(one[key])
        if bare:
            Change.objects.filter(pk=entry.pk).update(changes=entry.changes)


class Migration(migrations.Migration):
    dependencies = [("tracker", "0010_submissions")]

    operations = [
        migrations.CreateModel(
            name="EarlierText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record_ref", models.CharField(db_index=True, max_length=64)),
                ("field", models.CharField(max_length=40)),
                ("until", models.DateTimeField()),
                ("text", models.TextField()),
                (
                    "process",
                    models.ForeignKey(
                        null=True,
                        on_delete=models.deletion.PROTECT,
                        related_name="earlier_texts",
                        to="tracker.process",
                    ),
                ),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.RunPython(move_words, migrations.RunPython.noop),
    ]
