from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0001_record'),
    ]

    operations = [
        migrations.AddField(
            model_name='followup',
            name='promised_to',
            field=models.ManyToManyField(blank=True, help_text='To whom it is owed; empty where nobody is named.', related_name='follow_ups_owed', to='tracker.party'),
        ),
    ]
