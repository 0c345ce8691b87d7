"""Notes for each import which processes are hidden from its user; of those made before, nobody knows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0043_words_of_a_due_date")]

    operations = [
        migrations.AddField("importrun", "hidden", models.JSONField(default=list)),
    ]
