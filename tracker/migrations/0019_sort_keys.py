import tracker.models.collation
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0018_words_by_application'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='delegate',
            options={'ordering': ['delegation', 'capacity', 'person__sort_key']},
        ),
        migrations.AlterModelOptions(
            name='delegation',
            options={'ordering': ['-talk__current_changed_key', 'talk', 'party__sort_key']},
        ),
        migrations.AlterModelOptions(
            name='issue',
            options={'ordering': ['sort_key', 'pk']},
        ),
        migrations.AlterModelOptions(
            name='item',
            options={'ordering': ['sort_key', 'pk']},
        ),
        migrations.AlterModelOptions(
            name='office',
            options={'ordering': ['person__sort_key', models.OrderBy(models.F('held_from'), descending=True, nulls_last=True), 'sort_key', 'pk']},
        ),
        migrations.AlterModelOptions(
            name='party',
            options={'ordering': ['sort_key', 'pk'], 'verbose_name_plural': 'parties'},
        ),
        migrations.AlterModelOptions(
            name='person',
            options={'ordering': ['sort_key', 'pk'], 'verbose_name_plural': 'people'},
        ),
        migrations.AlterModelOptions(
            name='process',
            options={'ordering': ['sort_key', 'pk'], 'verbose_name_plural': 'processes'},
        ),
        migrations.AlterModelOptions(
            name='processlink',
            options={'ordering': ['from_process__sort_key', 'kind', 'to_process__sort_key']},
        ),
        migrations.AlterModelOptions(
            name='source',
            options={'ordering': ['publisher_sort_key', 'sort_key', 'pk']},
        ),
        migrations.AlterModelOptions(
            name='watchphrase',
            options={'ordering': ['sort_key', 'pk']},
        ),
        migrations.RemoveIndex(
            model_name='person',
            name='person_name',
        ),
        migrations.AddField(
            model_name='issue',
            name='sort_key',
            field=tracker.models.collation.CollationKey(default=b'', of='name'),
        ),
        migrations.AddField(
            model_name='item',
            name='sort_key',
            field=tracker.models.collation.CollationKey(default=b'', of='title'),
        ),
        migrations.AddField(
            model_name='office',
            name='sort_key',
            field=tracker.models.collation.CollationKey(default=b'', of='title'),
        ),
        migrations.AddField(
            model_name='party',
            name='sort_key',
            field=tracker.models.collation.CollationKey(default=b'', of='name'),
        ),
        migrations.AddField(
            model_name='person',
            name='sort_key',
            field=tracker.models.collation.CollationKey(default=b'', of='name'),
        ),
        migrations.AddField(
            model_name='process',
            name='sort_key',
            field=tracker.models.collation.CollationKey(default=b'', of='title'),
        ),
        migrations.AddField(
            model_name='source',
            name='publisher_sort_key',
            field=tracker.models.collation.CollationKey(default=b'', of='publisher'),
        ),
        migrations.AddField(
            model_name='source',
            name='sort_key',
            field=tracker.models.collation.CollationKey(default=b'', of='title'),
        ),
        migrations.AddField(
            model_name='watchphrase',
            name='sort_key',
            field=tracker.models.collation.CollationKey(default=b'', of='phrase'),
        ),
        migrations.AddIndex(
            model_name='issue',
            index=models.Index(fields=['sort_key', 'id'], name='issue_sort_key'),
        ),
        migrations.AddIndex(
            model_name='party',
            index=models.Index(fields=['sort_key', 'id'], name='party_sort_key'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['sort_key', 'id'], name='person_sort_key'),
        ),
    ]
