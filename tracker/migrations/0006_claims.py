import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0005_imports'),
    ]

    operations = [
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dataset', models.CharField(help_text='Whose claim it is.', max_length=40)),
                ('release', models.CharField(help_text='The release in which the row stands.', max_length=40)),
                ('upstream_id', models.CharField(help_text='What the dataset calls the row.', max_length=200, verbose_name='upstream id')),
                ('row_hash', models.CharField(help_text="SHA-256 of the row's cells without its id.", max_length=64)),
                ('cells', models.JSONField(default=dict, help_text='The cells of the row that are not empty, as they came.')),
                ('record_type', models.CharField(max_length=40)),
                ('record_ref', models.CharField(max_length=64, verbose_name='record')),
                ('development_ref', models.CharField(blank=True, max_length=64, verbose_name='development')),
                ('development_version', models.PositiveIntegerField(help_text='The version of the development that says what this row says.', null=True)),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('process', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='tracker.process')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['record_ref'], name='claim_of_record'), models.Index(condition=models.Q(('development_ref', ''), _negated=True), fields=['development_ref'], name='claim_of_development'), models.Index(fields=['dataset', 'record_type', 'id'], name='claim_of_dataset')],
                'constraints': [models.UniqueConstraint(fields=('dataset', 'release', 'upstream_id', 'row_hash', 'record_ref'), name='claim_once')],
            },
        ),
    ]
