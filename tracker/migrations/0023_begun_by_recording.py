"""What happened may be dated up to today in any form: before tomorrow, about this month."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0022_keys_of_places'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='development',
            name='development_not_in_the_future',
        ),
        migrations.AddConstraint(
            model_name='development',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('occurred_on__lte', models.F('recorded_on'))), models.Q(('occurred_precision', 'before')), models.Q(('occurred_on__day_earlier__lte', models.F('recorded_on')), ('occurred_precision', 'about_day')), models.Q(('occurred_on__month_earlier__lte', models.F('recorded_on')), ('occurred_precision', 'about_month')), models.Q(('occurred_on__year_earlier__lte', models.F('recorded_on')), ('occurred_precision', 'about_year')), models.Q(('occurred_on__day_earlier__lte', models.F('recorded_on')), ('occurred_time__isnull', False)), _connector='OR'), name='development_not_in_the_future', violation_error_message='It cannot have happened after the day on which it is recorded.'),
        ),
    ]
