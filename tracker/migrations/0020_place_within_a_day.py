"""A place within the day for every version and effect, a time of day, and what a development comes after."""

import datetime
import tracker.models.fields
import tracker.models.order
from django.db import migrations, models
from django.db.models.functions import Cast, Concat, Length, Substr


def place_by_first_recording(apps, schema_editor):
    """Give everything the place within its day that it has had: by first recording, then by its number there."""
    number = Cast("sequence", models.CharField())
    letter = Substr(models.Value("abcdefghij"), Length(number), 1)
    place = Concat(letter, number, models.Value("V"))
    for name in ("Development", "Effect"):
        rows = apps.get_model("tracker", name)._base_manager.order_by()
        rows.update(placed_at=models.F("first_recorded_at"), place=place)


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0019_sort_keys'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='development',
            options={'get_latest_by': ['version'], 'ordering': ('-happened_key', '-placed_at', '-place', '-id')},
        ),
        migrations.AlterModelOptions(
            name='effect',
            options={'ordering': ('-happened_key', '-placed_at', '-place', '-id')},
        ),
        migrations.RemoveIndex(
            model_name='development',
            name='development_latest',
        ),
        migrations.RemoveIndex(
            model_name='development',
            name='development_of_process',
        ),
        migrations.RemoveIndex(
            model_name='development',
            name='development_of_party',
        ),
        migrations.RemoveIndex(
            model_name='development',
            name='development_of_talk',
        ),
        migrations.RemoveIndex(
            model_name='development',
            name='development_of_speaker',
        ),
        migrations.RemoveIndex(
            model_name='development',
            name='development_of_kind',
        ),
        migrations.RemoveIndex(
            model_name='effect',
            name='effect_firmness',
        ),
        migrations.RemoveIndex(
            model_name='effect',
            name='effect_outcome',
        ),
        migrations.RemoveIndex(
            model_name='effect',
            name='effect_wording',
        ),
        migrations.RemoveIndex(
            model_name='effect',
            name='effect_stance',
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
            model_name='development',
            name='follows',
            field=models.CharField(blank=True, help_text='The development of the same process and day after which it comes, if the source tells their order.', max_length=64, verbose_name='comes after'),
        ),
        migrations.AddField(
            model_name='development',
            name='occurred_time',
            field=models.TimeField(blank=True, help_text='Such as 14:30, by the clocks of the place where it happened; the date is that of this place too, and its day ends at midnight there.', null=True, verbose_name='time of day'),
        ),
        migrations.AddField(
            model_name='development',
            name='occurred_zone',
            field=models.CharField(blank=True, help_text='The zone of that place, such as Asia/Riyadh; by default that of this installation. It puts the time in order with others, and does not change the date.', max_length=40, validators=[tracker.models.order.validate_zone], verbose_name='time zone'),
        ),
        migrations.AddField(
            model_name='development',
            name='place',
            field=tracker.models.fields.BytewiseCharField(default='a0V', editable=False),
        ),
        migrations.AddField(
            model_name='development',
            name='placed_at',
            field=models.DateTimeField(default=datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), editable=False),
        ),
        migrations.AddField(
            model_name='effect',
            name='place',
            field=tracker.models.fields.BytewiseCharField(default='a0V', editable=False),
        ),
        migrations.AddField(
            model_name='effect',
            name='placed_at',
            field=models.DateTimeField(default=datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), editable=False),
        ),
        migrations.RunPython(place_by_first_recording, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='effect',
            name='first_recorded_at',
        ),
        migrations.RemoveField(
            model_name='effect',
            name='sequence',
        ),
        migrations.AddIndex(
            model_name='development',
            index=models.Index(fields=['-happened_key', '-placed_at', '-place', '-id', 'recorded_at', 'ended_at'], name='development_latest'),
        ),
        migrations.AddIndex(
            model_name='development',
            index=models.Index(fields=['process', '-happened_key', '-placed_at', '-place', '-id', 'recorded_at', 'ended_at'], name='development_of_process'),
        ),
        migrations.AddIndex(
            model_name='development',
            index=models.Index(fields=['party', '-happened_key', '-placed_at', '-place', '-id', 'recorded_at', 'ended_at'], name='development_of_party'),
        ),
        migrations.AddIndex(
            model_name='development',
            index=models.Index(fields=['talk', '-happened_key', '-placed_at', '-place', '-id', 'recorded_at', 'ended_at'], name='development_of_talk'),
        ),
        migrations.AddIndex(
            model_name='development',
            index=models.Index(fields=['speaker', '-happened_key', '-placed_at', '-place', '-id', 'recorded_at', 'ended_at'], name='development_of_speaker'),
        ),
        migrations.AddIndex(
            model_name='development',
            index=models.Index(fields=['kind', '-happened_key', '-placed_at', '-place', '-id', 'recorded_at', 'ended_at'], name='development_of_kind'),
        ),
        migrations.AddIndex(
            model_name='effect',
            index=models.Index(fields=['item', 'happened_key', 'placed_at', 'place', 'id', 'recorded_at', 'ended_at', 'occurred_on', 'occurred_precision', 'occurred_last'], name='effect_of_item'),
        ),
        migrations.AddIndex(
            model_name='effect',
            index=models.Index(condition=models.Q(('status__isnull', False)), fields=['item', 'happened_key', 'placed_at', 'place', 'id', 'recorded_at', 'ended_at', 'status', 'occurred_on', 'occurred_precision', 'occurred_last'], name='effect_status'),
        ),
        migrations.AddIndex(
            model_name='effect',
            index=models.Index(condition=models.Q(('firmness__isnull', False)), fields=['item', 'happened_key', 'placed_at', 'place', 'id', 'recorded_at', 'ended_at', 'firmness'], name='effect_firmness'),
        ),
        migrations.AddIndex(
            model_name='effect',
            index=models.Index(condition=models.Q(('outcome__isnull', False)), fields=['item', 'happened_key', 'placed_at', 'place', 'id', 'recorded_at', 'ended_at', 'outcome'], name='effect_outcome'),
        ),
        migrations.AddIndex(
            model_name='effect',
            index=models.Index(condition=models.Q(('wording__isnull', False)), fields=['item', 'happened_key', 'placed_at', 'place', 'id', 'recorded_at', 'ended_at'], name='effect_wording'),
        ),
        migrations.AddIndex(
            model_name='effect',
            index=models.Index(condition=models.Q(('review_on__isnull', False), ('due_on__isnull', False), _connector='OR'), fields=['item', 'happened_key', 'placed_at', 'place', 'id', 'recorded_at', 'ended_at', 'due_on', 'due_precision', 'due_last', 'due_phrase', 'review_on'], name='effect_due'),
        ),
        migrations.AddIndex(
            model_name='effect',
            index=models.Index(condition=models.Q(('stance__isnull', False)), fields=['item', 'party', 'happened_key', 'placed_at', 'place', 'id', 'recorded_at', 'ended_at', 'stance'], name='effect_stance'),
        ),
        migrations.AddConstraint(
            model_name='development',
            constraint=models.CheckConstraint(condition=models.Q(('occurred_time__isnull', True), ('occurred_precision', 'day'), _connector='OR'), name='development_time_of_a_day', violation_error_message='A time of day needs a whole day as the date.'),
        ),
        migrations.AddConstraint(
            model_name='development',
            constraint=models.CheckConstraint(condition=models.Q(('occurred_zone', ''), ('occurred_time__isnull', False), _connector='OR'), name='development_zone_of_a_time', violation_error_message='A time zone needs a time of day.'),
        ),
        migrations.AddConstraint(
            model_name='development',
            constraint=models.CheckConstraint(condition=models.Q(('follows', ''), ('occurred_precision', 'day'), _connector='OR'), name='development_follows_within_a_day', violation_error_message='What comes after another of the same day needs a whole day as the date.'),
        ),
    ]
