"""A delegation may have several heads."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tracker", "0033_items_merged")]

    operations = [
        migrations.RemoveConstraint(model_name="delegate", name="delegation_has_one_head"),
    ]
