import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0003_saved_views'),
    ]

    operations = [
        migrations.CreateModel(
            name='Token',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('purpose', models.CharField(choices=[('reading', 'reading'), ('feed', 'one feed')], default='reading', editable=False, max_length=7)),
                ('secret_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('path', models.CharField(blank=True, editable=False, max_length=1000)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('used_on', models.DateField(editable=False, null=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-made_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('path', ''), ('purpose', 'reading')), models.Q(('purpose', 'feed'), models.Q(('path', ''), _negated=True)), _connector='OR'), name='token_of_feed_has_path')],
            },
        ),
    ]
