import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0004_tokens'),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(editable=False, max_length=64, unique=True, verbose_name='id')),
                ('record_type', models.CharField(max_length=40)),
                ('file_name', models.CharField(max_length=200)),
                ('profile', models.CharField(choices=[('guarded', 'As downloaded for a spreadsheet: an apostrophe ahead of what would be a formula'), ('tools', 'As downloaded for programs: every cell as it is')], default='guarded', max_length=8)),
                ('reason', models.CharField(blank=True, choices=[('world_misread', 'We misread it'), ('new_information', 'New information'), ('source_changed', 'Source changed'), ('recoded', 'Recoded')], max_length=15, verbose_name='reason of corrections')),
                ('note', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('reading', 'being read'), ('ready', 'waits for your word'), ('writing', 'being written'), ('done', 'written'), ('undoing', 'being undone'), ('undone', 'undone'), ('refused', 'refused'), ('dropped', 'given up')], default='reading', max_length=8)),
                ('only_valid', models.BooleanField(default=False)),
                ('header', models.JSONField(default=list)),
                ('counts', models.JSONField(default=dict)),
                ('problems', models.JSONField(default=list)),
                ('begun_at', models.DateTimeField(auto_now_add=True)),
                ('written_at', models.DateTimeField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to=settings.AUTH_USER_MODEL)),
                ('processes', models.ManyToManyField(related_name='imports', to='tracker.process')),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='imports_undone', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'import',
                'ordering': ['-begun_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('cells', models.JSONField()),
                ('outcome', models.CharField(choices=[('created', 'created'), ('changed', 'changed'), ('unchanged', 'unchanged'), ('conflicting', 'conflicting'), ('wrong', 'wrong')], max_length=11)),
                ('ref', models.CharField(blank=True, max_length=64)),
                ('whole', models.CharField(blank=True, max_length=64)),
                ('version', models.PositiveIntegerField(null=True)),
                ('changes', models.JSONField(default=list)),
                ('messages', models.JSONField(default=list)),
                ('kept', models.JSONField(null=True)),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='tracker.importrun')),
            ],
            options={
                'ordering': ['run', 'number'],
                'indexes': [models.Index(fields=['run', 'number'], name='import_row_by_number'), models.Index(fields=['run', 'outcome', 'number'], name='import_row_by_outcome')],
            },
        ),
    ]
