"""A delegation may have several roles, whose codes stand in one text in the order of the vocabulary."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0034_several_heads")]

    operations = [
        migrations.AlterField(
            model_name="delegation",
            name="role",
            field=models.CharField(help_text="Tick every role that it had.", max_length=200),
        ),
        migrations.AlterField(
            model_name="delegationversion",
            name="role",
            field=models.CharField(db_column="role", max_length=200),
        ),
    ]
