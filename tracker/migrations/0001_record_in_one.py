"""The whole record, for a new database; one that has the migrations before keeps them."""

import django.contrib.auth.validators
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import tracker.models.actors
import tracker.models.users
from django.conf import settings
from django.db import migrations, models


SQLITE = (
    "CREATE VIRTUAL TABLE tracker_searchindex USING fts5(title, body, content='tracker_searchentry',"
    " content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2 3')",
    "INSERT INTO tracker_searchindex(tracker_searchindex, rank) VALUES('rank', 'bm25(8.0, 1.0)')",
)
POSTGRESQL = (
    "ALTER TABLE tracker_searchentry ADD COLUMN words tsvector GENERATED ALWAYS AS"
    " (setweight(to_tsvector('simple'::regconfig, title), 'A') || setweight(to_tsvector('simple'::regconfig, body), 'D'))"
    " STORED",
    "CREATE INDEX search_words ON tracker_searchentry USING gin (words)",
    "CREATE VIEW tracker_searchindex AS SELECT id AS rowid, words AS tracker_searchindex, 0.0::float8 AS rank"
    " FROM tracker_searchentry",
)


def make(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement, params=None)


def unmake(apps, schema_editor):
    kind = "TABLE" if schema_editor.connection.vendor == "sqlite" else "VIEW"
    schema_editor.execute(f"DROP {kind} tracker_searchindex", params=None)


class Migration(migrations.Migration):

    replaces = [('tracker', '0001_record'), ('tracker', '0002_promised_to'), ('tracker', '0003_saved_views'), ('tracker', '0004_tokens'), ('tracker', '0005_imports'), ('tracker', '0006_claims'), ('tracker', '0007_search'), ('tracker', '0008_versions'), ('tracker', '0009_one_order_of_recording'), ('tracker', '0010_submissions'), ('tracker', '0011_earlier_texts'), ('tracker', '0012_plain_constraints'), ('tracker', '0013_record_names'), ('tracker', '0014_import_causes'), ('tracker', '0015_set_aside_claims')]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('record_type', models.CharField(max_length=20)),
                ('record_id', models.BigIntegerField()),
                ('title', models.TextField()),
                ('body', models.TextField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('record_type', 'record_id'), name='search_entry_once')],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('role', models.CharField(choices=[('viewer', 'Viewer'), ('analyst', 'Analyst'), ('editor', 'Editor'), ('administrator', 'Administrator')], default='viewer', max_length=13)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'ordering': ['username'],
                'abstract': False,
            },
            managers=[
                ('objects', tracker.models.users.RoleManager()),
            ],
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(editable=False, max_length=64, unique=True, validators=[django.core.validators.RegexValidator('^[a-z]{3}-[a-z0-9-]{1,60}$', 'A reference looks like dem-7k2mqx0v9c4t: three letters, a hyphen, then a-z, 0-9 and -.')], verbose_name='id')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='recorded at')),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('publisher', models.CharField(max_length=200)),
                ('title', models.CharField(max_length=400)),
                ('authors', models.CharField(blank=True, max_length=400)),
                ('published_on', models.DateField(blank=True, null=True)),
                ('published_precision', models.CharField(blank=True, choices=[('day', 'Day'), ('month', 'Month'), ('year', 'Year'), ('before', 'Before')], max_length=6)),
                ('published_inferred', models.BooleanField(default=False, help_text='The date is worked out, not printed on the document.', verbose_name='date inferred')),
                ('url', models.URLField(blank=True, max_length=1000, verbose_name='URL')),
                ('kind', models.CharField(choices=[('news_report', 'News report'), ('official_readout', 'Official readout'), ('statement', 'Statement'), ('transcript', 'Transcript'), ('agreement_text', 'Agreement text'), ('social_media', 'Social media'), ('interview', 'Interview'), ('analysis', 'Analysis'), ('dataset', 'Dataset'), ('other', 'Other')], max_length=17)),
                ('language', models.CharField(blank=True, default='en', help_text='A BCP 47 code such as en or ru.', max_length=35)),
                ('reliability', models.CharField(choices=[('A', 'A: completely reliable'), ('B', 'B: usually reliable'), ('C', 'C: fairly reliable'), ('D', 'D: not usually reliable'), ('E', 'E: unreliable'), ('F', 'F: cannot be judged')], default='F', max_length=1)),
                ('retrieved_on', models.DateField(blank=True, null=True)),
                ('text', models.TextField(blank=True, help_text='The words themselves, kept in this installation and never exported.')),
            ],
            options={
                'ordering': ['publisher', 'title', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('published_on__isnull', False), models.Q(('published_precision__in', ['day', 'before']), models.Q(('published_on__day_of_month', 1), ('published_precision', 'month')), models.Q(('published_on__day_of_month', 1), ('published_on__month_of_year', 1), ('published_precision', 'year')), _connector='OR')), models.Q(('published_on__isnull', True), ('published_precision', '')), _connector='OR'), name='source_published_precise', violation_error_message='A publication date needs its precision.')],
            },
        ),
        migrations.CreateModel(
            name='Party',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(editable=False, max_length=64, unique=True, validators=[django.core.validators.RegexValidator('^[a-z]{3}-[a-z0-9-]{1,60}$', 'A reference looks like dem-7k2mqx0v9c4t: three letters, a hyphen, then a-z, 0-9 and -.')], verbose_name='id')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='recorded at')),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('name', models.CharField(max_length=200, unique=True)),
                ('short_name', models.CharField(blank=True, help_text='For narrow columns: US, UK, EU.', max_length=40)),
                ('kind', models.CharField(choices=[('state', 'State'), ('alliance', 'Alliance'), ('union', 'Union'), ('organisation', 'Organisation'), ('armed_group', 'Armed group'), ('other', 'Other')], max_length=12)),
                ('iso_code', models.CharField(blank=True, help_text='ISO 3166-1 alpha-2, where there is one.', max_length=2, validators=[django.core.validators.RegexValidator('^[A-Z]{2}$', 'Two capital letters, such as UA.')], verbose_name='ISO code')),
                ('aliases', models.JSONField(blank=True, default=list, help_text='Other names and spellings.', validators=[tracker.models.actors.validate_names])),
                ('description', models.TextField(blank=True)),
            ],
            options={
                'verbose_name_plural': 'parties',
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('iso_code', ''), _negated=True), fields=('iso_code',), name='party_iso_code_once', violation_error_message='Another party has this ISO code.')],
            },
        ),
        migrations.CreateModel(
            name='Issue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(editable=False, max_length=64, unique=True, validators=[django.core.validators.RegexValidator('^[a-z]{3}-[a-z0-9-]{1,60}$', 'A reference looks like dem-7k2mqx0v9c4t: three letters, a hyphen, then a-z, 0-9 and -.')], verbose_name='id')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='recorded at')),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('name', models.CharField(max_length=200, unique=True)),
                ('description', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='LastRecording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'last recording',
                'verbose_name_plural': 'last recording',
            },
        ),
        migrations.CreateModel(
            name='RecordName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('record_type', models.CharField(max_length=20)),
                ('record_id', models.BigIntegerField()),
                ('rank', models.PositiveSmallIntegerField(choices=[(0, 'Name'), (1, 'Alias, short name or heading'), (2, 'Surname'), (3, 'What it looks like in Latin letters')])),
                ('key', models.CharField(max_length=200)),
            ],
            options={
                'indexes': [models.Index(fields=['record_type', 'key', 'rank', 'record_id'], name='record_name_key'), models.Index(fields=['key'], name='record_name_any_type')],
                'constraints': [models.UniqueConstraint(fields=('record_type', 'record_id', 'key'), name='record_name_once')],
            },
        ),
        migrations.CreateModel(
            name='SearchIndex',
            fields=[
                ('entry', models.OneToOneField(db_column='rowid', on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='index', serialize=False, to='tracker.searchentry')),
                ('words', models.TextField(db_column='tracker_searchindex')),
                ('rank', models.FloatField()),
            ],
            options={
                'db_table': 'tracker_searchindex',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Process',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(editable=False, max_length=64, unique=True, validators=[django.core.validators.RegexValidator('^[a-z]{3}-[a-z0-9-]{1,60}$', 'A reference looks like dem-7k2mqx0v9c4t: three letters, a hyphen, then a-z, 0-9 and -.')], verbose_name='id')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='recorded at')),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('title', models.CharField(max_length=200)),
                ('aim', models.TextField(help_text='What the negotiation is meant to bring about, in one or two sentences.')),
                ('summary', models.TextField(blank=True, help_text='Background that a newcomer to the file needs.')),
                ('restricted', models.BooleanField(default=False, help_text='Only the members named below, and administrators, may know of it.')),
                ('last_recorded_at', models.DateTimeField(editable=False, null=True)),
                ('members', models.ManyToManyField(blank=True, related_name='processes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'processes',
                'ordering': ['title', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL)),
                ('name', models.CharField(help_text='By which you will find it again.', max_length=120)),
                ('path', models.CharField(max_length=300)),
                ('query', models.TextField(blank=True)),
                ('saved_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': [django.db.models.functions.text.Lower('name')],
                'constraints': [models.UniqueConstraint(models.F('owner'), django.db.models.functions.text.Lower('name'), name='saved_view_name_once_each_owner')],
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='submissions', to=settings.AUTH_USER_MODEL)),
                ('content', models.CharField(max_length=64)),
                ('record_ref', models.CharField(max_length=64)),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='Token',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to=settings.AUTH_USER_MODEL)),
                ('name', models.CharField(max_length=100)),
                ('purpose', models.CharField(choices=[('reading', 'reading'), ('feed', 'one feed')], default='reading', editable=False, max_length=7)),
                ('secret_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('path', models.CharField(blank=True, editable=False, max_length=1000)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('used_on', models.DateField(editable=False, null=True)),
            ],
            options={
                'ordering': ['-made_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('path', ''), ('purpose', 'reading')), models.Q(('purpose', 'feed'), models.Q(('path', ''), _negated=True)), _connector='OR'), name='token_of_feed_has_path')],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(editable=False, max_length=64, unique=True, validators=[django.core.validators.RegexValidator('^[a-z]{3}-[a-z0-9-]{1,60}$', 'A reference looks like dem-7k2mqx0v9c4t: three letters, a hyphen, then a-z, 0-9 and -.')], verbose_name='id')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='recorded at')),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('name', models.CharField(max_length=200)),
                ('aliases', models.JSONField(blank=True, default=list, help_text='Other names and spellings.', validators=[tracker.models.actors.validate_names])),
                ('party', models.ForeignKey(blank=True, help_text='Whom the person usually speaks for; empty for an independent expert.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='tracker.party')),
                ('affiliation', models.CharField(blank=True, help_text="An expert's institute.", max_length=200)),
                ('description', models.TextField(blank=True)),
            ],
            options={
                'verbose_name_plural': 'people',
                'ordering': ['name', 'pk'],
                'indexes': [models.Index(fields=['name'], name='person_name')],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to=settings.AUTH_USER_MODEL)),
                ('action', models.CharField(choices=[('created', 'created'), ('changed', 'changed'), ('deleted', 'deleted')], max_length=7)),
                ('record_type', models.CharField(max_length=40)),
                ('record_ref', models.CharField(max_length=64)),
                ('record_name', models.CharField(max_length=500)),
                ('subject_ref', models.CharField(max_length=64)),
                ('process', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='tracker.process')),
                ('changes', models.JSONField(default=list)),
                ('note', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['subject_ref', '-at', '-id'], name='change_of_record'), models.Index(fields=['-at', '-id'], name='change_latest')],
            },
        ),
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
                ('rules', models.PositiveSmallIntegerField(default=1, help_text="The version of the loader's rules by which the row was read.")),
                ('set_aside', models.CharField(blank=True, choices=[('other_process', 'Coded under another process now'), ('other_shape', 'A talk in one release, a document in the other'), ('corrected_here', 'Corrected here since'), ('withdrawn_here', 'Withdrawn here'), ('incomplete', 'The row is incomplete'), ('refused', 'A rule of the record refuses it')], help_text='Why the record does not follow the row, if it does not.', max_length=20)),
                ('set_aside_detail', models.TextField(blank=True, help_text='What of the row it is.')),
                ('differences', models.JSONField(blank=True, default=list, help_text='Where the record does not follow it: [column, followed text, its text].')),
                ('process', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='tracker.process')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['record_ref'], name='claim_of_record'), models.Index(condition=models.Q(('development_ref', ''), _negated=True), fields=['development_ref'], name='claim_of_development'), models.Index(fields=['dataset', 'record_type', 'id'], name='claim_of_dataset')],
                'constraints': [models.UniqueConstraint(fields=('dataset', 'release', 'upstream_id', 'row_hash', 'record_ref', 'rules', 'set_aside'), name='claim_once')],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(editable=False, max_length=64, unique=True, validators=[django.core.validators.RegexValidator('^[a-z]{3}-[a-z0-9-]{1,60}$', 'A reference looks like dem-7k2mqx0v9c4t: three letters, a hyphen, then a-z, 0-9 and -.')], verbose_name='id')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='recorded at')),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('process', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='tracker.process')),
                ('item_kind', models.CharField(choices=[('talk', 'Talk'), ('principle', 'Principle'), ('demand', 'Demand'), ('follow_up', 'Follow-up')], editable=False, max_length=9)),
                ('title', models.CharField(help_text='A short name by which analysts will find it again.', max_length=300)),
                ('note', models.TextField(blank=True, help_text='For colleagues; not part of what anybody said.')),
                ('current_status', models.CharField(editable=False, max_length=25, null=True)),
                ('current_status_on', models.DateField(editable=False, null=True)),
                ('current_status_precision', models.CharField(choices=[('day', 'Day'), ('month', 'Month'), ('year', 'Year'), ('before', 'Before')], editable=False, max_length=6, null=True)),
                ('current_firmness', models.CharField(choices=[('signalled', 'Signalled'), ('stated', 'Stated'), ('insisted', 'Insisted'), ('red_line', 'Red line')], editable=False, max_length=9, null=True)),
                ('current_outcome', models.CharField(choices=[('not_reported', 'Not reported'), ('no_agreement', 'No agreement'), ('to_continue', 'To continue'), ('understanding', 'Understanding'), ('joint_statement', 'Joint statement'), ('partial_agreement', 'Partial agreement'), ('full_agreement', 'Full agreement'), ('ceasefire', 'Ceasefire'), ('walk_out', 'Walk-out')], editable=False, max_length=17, null=True)),
                ('current_due_on', models.DateField(editable=False, null=True)),
                ('current_due_precision', models.CharField(choices=[('day', 'Day'), ('month', 'Month'), ('year', 'Year'), ('before', 'Before')], editable=False, max_length=6, null=True)),
                ('current_due_phrase', models.CharField(editable=False, max_length=200, null=True)),
                ('current_review_on', models.DateField(editable=False, null=True)),
                ('current_wording', models.TextField(editable=False, null=True)),
                ('current_raised_on', models.DateField(editable=False, null=True)),
                ('current_raised_precision', models.CharField(choices=[('day', 'Day'), ('month', 'Month'), ('year', 'Year'), ('before', 'Before')], editable=False, max_length=6, null=True)),
                ('current_changed_on', models.DateField(editable=False, null=True)),
                ('current_changed_precision', models.CharField(choices=[('day', 'Day'), ('month', 'Month'), ('year', 'Year'), ('before', 'Before')], editable=False, max_length=6, null=True)),
                ('current_changed_key', models.IntegerField(editable=False, null=True)),
                ('issues', models.ManyToManyField(blank=True, related_name='items', to='tracker.issue')),
            ],
            options={
                'ordering': ['title', 'pk'],
                'indexes': [models.Index(fields=['process', 'item_kind', '-current_changed_key'], name='item_of_process'), models.Index(fields=['item_kind', '-current_changed_key', '-id'], name='item_by_change'), models.Index(fields=['item_kind', 'current_status', '-current_changed_key', '-id'], name='item_by_status'), models.Index(fields=['item_kind', 'current_due_on', 'id'], name='item_by_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('current_status__isnull', True), models.Q(('current_status__in', ['proposed', 'scheduled', 'under_way', 'held', 'broken_off', 'postponed', 'cancelled']), ('item_kind', 'talk')), models.Q(('current_status__in', ['claimed', 'agreed', 'signed', 'implementing_minimal', 'implementing_intermediate', 'implemented', 'stalled', 'abandoned']), ('item_kind', 'principle')), models.Q(('current_status__in', ['open', 'under_discussion', 'partly_met', 'met', 'rejected', 'withdrawn', 'lapsed']), ('item_kind', 'demand')), models.Q(('current_status__in', ['expected', 'promised', 'in_progress', 'done', 'stalled', 'dropped', 'overtaken']), ('item_kind', 'follow_up')), _connector='OR'), name='item_status_of_its_kind')],
            },
        ),
        migrations.CreateModel(
            name='EarlierText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('record_ref', models.CharField(db_index=True, max_length=64)),
                ('field', models.CharField(max_length=40)),
                ('until', models.DateTimeField()),
                ('text', models.TextField()),
                ('process', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='earlier_texts', to='tracker.process')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
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
                ('causes', models.JSONField(default=list)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to=settings.AUTH_USER_MODEL)),
                ('begun_at', models.DateTimeField(auto_now_add=True)),
                ('written_at', models.DateTimeField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='imports_undone', to=settings.AUTH_USER_MODEL)),
                ('processes', models.ManyToManyField(related_name='imports', to='tracker.process')),
            ],
            options={
                'verbose_name': 'import',
                'ordering': ['-begun_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ProcessLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(editable=False, max_length=64, unique=True, validators=[django.core.validators.RegexValidator('^[a-z]{3}-[a-z0-9-]{1,60}$', 'A reference looks like dem-7k2mqx0v9c4t: three letters, a hyphen, then a-z, 0-9 and -.')], verbose_name='id')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='recorded at')),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('from_process', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='tracker.process')),
                ('kind', models.CharField(choices=[('precedent', 'Precedent'), ('parallel', 'Parallel'), ('part_of', 'Part of'), ('follows', 'Follows')], max_length=10)),
                ('to_process', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='linked_from', to='tracker.process')),
                ('note', models.TextField(blank=True, help_text='What the comparison teaches, for example how the precedent ended.')),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='process_links', to='tracker.source')),
                ('quote', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['from_process__title', 'kind', 'to_process__title'],
                'constraints': [models.UniqueConstraint(fields=('from_process', 'to_process', 'kind'), name='process_link_once'), models.CheckConstraint(condition=models.Q(('from_process', models.F('to_process')), _negated=True), name='process_link_to_another', violation_error_message='A process cannot be linked to itself.')],
            },
        ),
        migrations.CreateModel(
            name='Office',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(editable=False, max_length=64, unique=True, validators=[django.core.validators.RegexValidator('^[a-z]{3}-[a-z0-9-]{1,60}$', 'A reference looks like dem-7k2mqx0v9c4t: three letters, a hyphen, then a-z, 0-9 and -.')], verbose_name='id')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='recorded at')),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offices', to='tracker.person')),
                ('title', models.CharField(max_length=200)),
                ('party', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='offices', to='tracker.party')),
                ('organisation', models.CharField(blank=True, max_length=200)),
                ('held_from', models.DateField(blank=True, null=True)),
                ('held_from_precision', models.CharField(blank=True, choices=[('day', 'Day'), ('month', 'Month'), ('year', 'Year'), ('before', 'Before')], max_length=6)),
                ('held_to', models.DateField(blank=True, null=True)),
                ('held_to_precision', models.CharField(blank=True, choices=[('day', 'Day'), ('month', 'Month'), ('year', 'Year'), ('before', 'Before')], max_length=6)),
                ('inferred', models.BooleanField(default=False, verbose_name='dates inferred')),
            ],
            options={
                'ordering': ['person__name', models.OrderBy(models.F('held_from'), descending=True, nulls_last=True), 'title', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('held_from__isnull', False), models.Q(('held_from_precision__in', ['day', 'before']), models.Q(('held_from__day_of_month', 1), ('held_from_precision', 'month')), models.Q(('held_from__day_of_month', 1), ('held_from__month_of_year', 1), ('held_from_precision', 'year')), _connector='OR')), models.Q(('held_from__isnull', True), ('held_from_precision', '')), _connector='OR'), name='office_from_precise'), models.CheckConstraint(condition=models.Q(models.Q(('held_to__isnull', False), models.Q(('held_to_precision__in', ['day', 'before']), models.Q(('held_to__day_of_month', 1), ('held_to_precision', 'month')), models.Q(('held_to__day_of_month', 1), ('held_to__month_of_year', 1), ('held_to_precision', 'year')), _connector='OR')), models.Q(('held_to__isnull', True), ('held_to_precision', '')), _connector='OR'), name='office_to_precise'), models.CheckConstraint(condition=models.Q(('held_from__isnull', True), ('held_to__isnull', True), ('held_to__gte', models.F('held_from')), _connector='OR'), name='office_ends_after_it_begins', violation_error_message='An office cannot end before it begins.')],
            },
        ),
        migrations.CreateModel(
            name='WatchPhrase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(editable=False, max_length=64, unique=True, validators=[django.core.validators.RegexValidator('^[a-z]{3}-[a-z0-9-]{1,60}$', 'A reference looks like dem-7k2mqx0v9c4t: three letters, a hyphen, then a-z, 0-9 and -.')], verbose_name='id')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='recorded at')),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('process', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='watch_phrases', to='tracker.process')),
                ('phrase', models.CharField(max_length=200)),
                ('variants', models.JSONField(blank=True, default=list, help_text='Other forms and translations.', validators=[tracker.models.actors.validate_names])),
                ('why', models.TextField(help_text='What its return would mean.')),
                ('whose_parties', models.ManyToManyField(blank=True, related_name='watch_phrases', to='tracker.party')),
                ('whose_people', models.ManyToManyField(blank=True, related_name='watch_phrases', to='tracker.person')),
            ],
            options={
                'ordering': ['phrase', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('process', 'phrase'), name='watch_phrase_once')],
            },
        ),
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(editable=False, max_length=64, unique=True, validators=[django.core.validators.RegexValidator('^[a-z]{3}-[a-z0-9-]{1,60}$', 'A reference looks like dem-7k2mqx0v9c4t: three letters, a hyphen, then a-z, 0-9 and -.')], verbose_name='id')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='recorded at')),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('process', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='tracker.process')),
                ('item', models.ForeignKey(blank=True, help_text='What it is about, if one item.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='tracker.item')),
                ('author', models.ForeignKey(blank=True, help_text='The expert quoted.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='tracker.person')),
                ('author_name', models.CharField(blank=True, help_text='When it is our own judgement.', max_length=200, verbose_name='our analyst')),
                ('statement', models.TextField(help_text='The judgement, in one or two sentences.')),
                ('likelihood', models.CharField(blank=True, choices=[('almost_no_chance', 'Almost no chance'), ('very_unlikely', 'Very unlikely'), ('unlikely', 'Unlikely'), ('roughly_even', 'Roughly even chance'), ('likely', 'Likely'), ('very_likely', 'Very likely'), ('almost_certain', 'Almost certain')], max_length=20)),
                ('confidence', models.CharField(blank=True, choices=[('low', 'Low'), ('moderate', 'Moderate'), ('high', 'High')], max_length=8)),
                ('made_on', models.DateField()),
                ('made_precision', models.CharField(choices=[('day', 'Day'), ('month', 'Month'), ('year', 'Year'), ('before', 'Before')], default='day', max_length=6)),
                ('made_key', models.IntegerField(editable=False)),
                ('judge_on', models.DateField(blank=True, null=True, verbose_name='to be judged on')),
                ('turned_out', models.CharField(choices=[('pending', 'Pending'), ('right', 'Right'), ('partly_right', 'Partly right'), ('wrong', 'Wrong'), ('cannot_be_judged', 'Cannot be judged')], default='pending', max_length=16)),
                ('judged_on', models.DateField(blank=True, null=True)),
                ('judged_note', models.TextField(blank=True, help_text='What showed it.')),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='tracker.source')),
                ('quote', models.TextField(blank=True)),
                ('place', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'ordering': ['-made_key', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('made_on__isnull', False), models.Q(('made_precision__in', ['day', 'before']), models.Q(('made_on__day_of_month', 1), ('made_precision', 'month')), models.Q(('made_on__day_of_month', 1), ('made_on__month_of_year', 1), ('made_precision', 'year')), _connector='OR')), name='assessment_made_precise', violation_error_message='A month is held by its first day, a year by 1 January.'), models.CheckConstraint(condition=models.Q(models.Q(('author__isnull', False), ('author_name', '')), models.Q(('author__isnull', True), models.Q(('author_name', ''), _negated=True)), _connector='OR'), name='assessment_has_one_author', violation_error_message='Name either the expert or our own analyst.'), models.CheckConstraint(condition=models.Q(models.Q(('judged_on__isnull', True), ('turned_out', 'pending')), models.Q(models.Q(('turned_out', 'pending'), _negated=True), ('judged_on__isnull', False)), _connector='OR'), name='assessment_judged_on_a_day', violation_error_message='How it turned out goes with the day on which that was judged.')],
            },
        ),
        migrations.CreateModel(
            name='ItemStance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stances', to='tracker.item')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stances', to='tracker.party')),
                ('current_stance', models.CharField(choices=[('affirms', 'Affirms'), ('affirms_with_reserve', 'Affirms with reserve'), ('conditional', 'Conditional'), ('silent', 'Silent'), ('disputes', 'Disputes'), ('rejects', 'Rejects')], editable=False, max_length=20, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('item', 'party'), name='stance_once_per_party')],
            },
        ),
        migrations.CreateModel(
            name='Talk',
            fields=[
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, related_name='as_talk', serialize=False, to='tracker.item')),
                ('form', models.CharField(blank=True, choices=[('in_person_bilateral', 'In person, two parties'), ('in_person_multilateral', 'In person, several parties'), ('call', 'Call'), ('video', 'Video'), ('shuttle', 'Shuttle'), ('summit', 'Summit'), ('technical', 'Technical round'), ('letters', 'Letters'), ('informal', 'Informal')], help_text='Empty while nobody has said.', max_length=22)),
                ('level', models.CharField(blank=True, choices=[('technical', 'Technical'), ('envoy', 'Envoy'), ('adviser', 'Adviser'), ('minister', 'Minister'), ('leader', 'Leader')], help_text='Empty while nobody has said.', max_length=9)),
                ('place', models.CharField(blank=True, max_length=200)),
                ('host', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hosted_talks', to='tracker.party')),
                ('minutes', models.PositiveIntegerField(blank=True, help_text='Length in minutes, where a source gives it.', null=True)),
                ('length_phrase', models.CharField(blank=True, help_text='As reported: more than four hours.', max_length=100, verbose_name='length in words')),
                ('predecessor', models.ForeignKey(blank=True, help_text='The talk that it follows up.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='successors', to='tracker.talk')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('predecessor__isnull', True), models.Q(('predecessor', models.F('item')), _negated=True), _connector='OR'), name='talk_follows_another', violation_error_message='A talk cannot follow itself.')],
            },
            bases=('tracker.item',),
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='tracker.importrun')),
                ('number', models.PositiveIntegerField()),
                ('cells', models.JSONField()),
                ('outcome', models.CharField(choices=[('created', 'created'), ('changed', 'changed'), ('unchanged', 'unchanged'), ('conflicting', 'conflicting'), ('wrong', 'wrong')], max_length=11)),
                ('ref', models.CharField(blank=True, max_length=64)),
                ('whole', models.CharField(blank=True, max_length=64)),
                ('version', models.PositiveIntegerField(null=True)),
                ('changes', models.JSONField(default=list)),
                ('messages', models.JSONField(default=list)),
                ('kept', models.JSONField(null=True)),
            ],
            options={
                'ordering': ['run', 'number'],
                'indexes': [models.Index(fields=['run', 'number'], name='import_row_by_number'), models.Index(fields=['run', 'outcome', 'number'], name='import_row_by_outcome')],
            },
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(editable=False, max_length=64, unique=True, validators=[django.core.validators.RegexValidator('^[a-z]{3}-[a-z0-9-]{1,60}$', 'A reference looks like dem-7k2mqx0v9c4t: three letters, a hyphen, then a-z, 0-9 and -.')], verbose_name='id')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='recorded at')),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('talk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to='tracker.talk')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to='tracker.party')),
                ('role', models.CharField(choices=[('principal', 'Principal'), ('mediator', 'Mediator'), ('host', 'Host'), ('guarantor', 'Guarantor'), ('observer', 'Observer'), ('absent_affected', 'Absent but affected'), ('excluded', 'Excluded'), ('declined', 'Declined'), ('asked_to_join', 'Asked to join'), ('offered_later', 'Offered a seat later')], max_length=15)),
                ('note', models.TextField(blank=True, help_text='For example who promised the seat, or what the party said of its absence.')),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to='tracker.source')),
                ('quote', models.TextField(blank=True, help_text='The words of the source.')),
            ],
            options={
                'ordering': ['-talk__current_changed_key', 'talk', 'party__name'],
                'constraints': [models.UniqueConstraint(fields=('talk', 'party'), name='delegation_once_per_party_and_talk', violation_error_message='This party already has a delegation at this talk.')],
            },
        ),
        migrations.CreateModel(
            name='Development',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('ref', models.CharField(editable=False, max_length=64, validators=[django.core.validators.RegexValidator('^[a-z]{3}-[a-z0-9-]{1,60}$', 'A reference looks like dem-7k2mqx0v9c4t: three letters, a hyphen, then a-z, 0-9 and -.')], verbose_name='id')),
                ('process', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='developments', to='tracker.process')),
                ('occurred_on', models.DateField(verbose_name='occurred on')),
                ('occurred_precision', models.CharField(choices=[('day', 'Day'), ('month', 'Month'), ('year', 'Year'), ('before', 'Before')], default='day', max_length=6)),
                ('occurred_inferred', models.BooleanField(default=False, help_text='The date, or its year, is worked out rather than printed in the source.', verbose_name='date inferred')),
                ('kind', models.CharField(choices=[('statement', 'Statement'), ('talks', 'Talks'), ('readout', 'Readout'), ('decision', 'Decision'), ('appointment', 'Appointment'), ('document', 'Document'), ('measure', 'Measure'), ('reaction', 'Reaction'), ('report', 'Report')], max_length=11)),
                ('headline', models.CharField(help_text='One sentence: who did or said what.', max_length=300)),
                ('detail', models.TextField(blank=True)),
                ('talk', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='developments', to='tracker.talk')),
                ('party', models.ForeignKey(blank=True, db_index=False, help_text='Who acts or speaks.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='developments', to='tracker.party')),
                ('speaker', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='developments', to='tracker.person')),
                ('speech_act', models.CharField(blank=True, choices=[('states', 'States'), ('claims_agreement', 'Claims agreement'), ('confirms', 'Confirms'), ('demands', 'Demands'), ('offers', 'Offers'), ('sets_condition', 'Sets a condition'), ('expresses_openness', 'Expresses openness'), ('announces_action', 'Announces action'), ('rejects', 'Rejects'), ('denies', 'Denies'), ('comments', 'Comments')], max_length=20)),
                ('strength', models.CharField(blank=True, choices=[('firm', 'Firm'), ('hedged', 'Hedged'), ('conditional', 'Conditional')], max_length=11)),
                ('basis', models.CharField(choices=[('own_words', 'Own words'), ('official_text', 'Official text'), ('paraphrase', 'Paraphrase'), ('reporters_summary', 'Reporter’s summary')], max_length=17)),
                ('happened_key', models.IntegerField(editable=False)),
                ('first_recorded_at', models.DateTimeField(editable=False)),
                ('sequence', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('recorded_at', models.DateTimeField(editable=False, verbose_name='recorded at')),
                ('recorded_on', models.DateField(editable=False)),
                ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='recorded', to=settings.AUTH_USER_MODEL)),
                ('sourced', models.BooleanField(default=False, editable=False, verbose_name='has a source')),
                ('ended_at', models.DateTimeField(editable=False, null=True)),
                ('ended_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ended', to=settings.AUTH_USER_MODEL)),
                ('ended_as', models.CharField(blank=True, choices=[('corrected', 'Corrected'), ('withdrawn', 'Withdrawn')], editable=False, max_length=9)),
                ('ended_reason', models.CharField(blank=True, choices=[('world_misread', 'We misread it'), ('new_information', 'New information'), ('source_changed', 'Source changed'), ('recoded', 'Recoded')], editable=False, max_length=15)),
                ('ended_note', models.TextField(blank=True, editable=False)),
            ],
            options={
                'ordering': ('-happened_key', '-first_recorded_at', '-sequence', '-id'),
                'get_latest_by': ['version'],
                'indexes': [models.Index(fields=['-happened_key', '-first_recorded_at', '-sequence', '-id', 'recorded_at', 'ended_at'], name='development_latest'), models.Index(fields=['process', '-happened_key', '-first_recorded_at', '-sequence', '-id', 'recorded_at', 'ended_at'], name='development_of_process'), models.Index(fields=['party', '-happened_key', '-first_recorded_at', '-sequence', '-id', 'recorded_at', 'ended_at'], name='development_of_party'), models.Index(fields=['talk', '-happened_key', '-first_recorded_at', '-sequence', '-id', 'recorded_at', 'ended_at'], name='development_of_talk'), models.Index(fields=['speaker', '-happened_key', '-first_recorded_at', '-sequence', '-id', 'recorded_at', 'ended_at'], name='development_of_speaker'), models.Index(fields=['kind', '-happened_key', '-first_recorded_at', '-sequence', '-id', 'recorded_at', 'ended_at'], name='development_of_kind'), models.Index(fields=['-recorded_at', '-id', 'ended_at'], name='development_recorded'), models.Index(condition=models.Q(('ended_at__isnull', True), ('sourced', False)), fields=['process', '-happened_key'], name='development_unsourced')],
                'constraints': [models.UniqueConstraint(fields=('ref', 'version'), name='development_version_once'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('ref',), name='development_current_once'), models.CheckConstraint(condition=models.Q(('occurred_on__isnull', False), models.Q(('occurred_precision__in', ['day', 'before']), models.Q(('occurred_on__day_of_month', 1), ('occurred_precision', 'month')), models.Q(('occurred_on__day_of_month', 1), ('occurred_on__month_of_year', 1), ('occurred_precision', 'year')), _connector='OR')), name='development_occurred_precise', violation_error_message='A month is held by its first day, a year by 1 January.'), models.CheckConstraint(condition=models.Q(('occurred_on__lte', models.F('recorded_on'))), name='development_not_in_the_future', violation_error_message='It cannot have happened after the day on which it is recorded.'), models.CheckConstraint(condition=models.Q(('party__isnull', False), ('talk__isnull', False), _connector='OR'), name='development_of_party_or_talk', violation_error_message='Name the party that acts or speaks, or the talk it belongs to.'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'statement'), _negated=True), models.Q(('speech_act', ''), _negated=True), _connector='OR'), name='statement_has_speech_act', violation_error_message='A statement needs its speech act.'), models.CheckConstraint(condition=models.Q(models.Q(('ended_as', ''), ('ended_at__isnull', True), ('ended_by__isnull', True), ('ended_reason', '')), models.Q(('ended_as', 'withdrawn'), ('ended_at__gte', models.F('recorded_at')), ('ended_by__isnull', False)), models.Q(('ended_as', 'corrected'), ('ended_at__gte', models.F('recorded_at')), ('ended_by__isnull', False), ('ended_reason__gt', '')), _connector='OR'), name='development_ended_with_who_and_why')],
            },
        ),
        migrations.CreateModel(
            name='Demand',
            fields=[
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, related_name='as_demand', serialize=False, to='tracker.item')),
                ('kind', models.CharField(choices=[('demand', 'Demand'), ('precondition', 'Precondition'), ('offer', 'Offer'), ('question', 'Question')], max_length=12)),
                ('party', models.ForeignKey(help_text='Who demands.', on_delete=django.db.models.deletion.PROTECT, related_name='demands', to='tracker.party')),
                ('talk', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='demands', to='tracker.talk')),
                ('addressed_to', models.ManyToManyField(blank=True, help_text='Of whom.', related_name='demands_received', to='tracker.party')),
            ],
            options={
                'abstract': False,
            },
            bases=('tracker.item',),
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, related_name='as_follow_up', serialize=False, to='tracker.item')),
                ('kind', models.CharField(choices=[('appointment', 'Appointment'), ('next_round', 'Next round'), ('technical_talks', 'Technical talks'), ('visit_or_summit', 'Visit or summit'), ('mission_staffing', 'Staffing of missions'), ('exchange_or_release', 'Exchange or release'), ('drafting', 'Drafting'), ('verification', 'Verification'), ('ratification', 'Ratification'), ('measure', 'Measure'), ('other', 'Other')], max_length=19)),
                ('owner', models.ForeignKey(blank=True, help_text='Who owes it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='follow_ups', to='tracker.party')),
                ('talk', models.ForeignKey(blank=True, help_text='The talk that it came out of.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='follow_ups', to='tracker.talk')),
                ('waits_for', models.ForeignKey(blank=True, help_text='The item that must come first.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='awaited_by', to='tracker.item')),
                ('waits_for_phrase', models.CharField(blank=True, help_text='What it waits for, in words, where no item stands for it.', max_length=200)),
                ('office', models.CharField(blank=True, help_text='The office to be filled, for an appointment.', max_length=200)),
                ('person', models.ForeignKey(blank=True, help_text='Who was appointed, once known.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='tracker.person')),
                ('promised_to', models.ManyToManyField(blank=True, help_text='To whom it is owed; empty where nobody is named.', related_name='follow_ups_owed', to='tracker.party')),
            ],
            options={
                'verbose_name': 'follow-up',
                'verbose_name_plural': 'follow-ups',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'appointment'), _negated=True), models.Q(('office', ''), _negated=True), _connector='OR'), name='appointment_names_its_office', violation_error_message='An appointment names the office to be filled.'), models.CheckConstraint(condition=models.Q(('kind', 'appointment'), models.Q(('office', ''), ('person__isnull', True)), _connector='OR'), name='only_an_appointment_has_an_office', violation_error_message='Only an appointment names an office or a person.'), models.CheckConstraint(condition=models.Q(('waits_for__isnull', True), models.Q(('waits_for', models.F('item')), _negated=True), _connector='OR'), name='follow_up_waits_for_another', violation_error_message='A follow-up cannot wait for itself.')],
            },
            bases=('tracker.item',),
        ),
        migrations.CreateModel(
            name='Principle',
            fields=[
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, related_name='as_principle', serialize=False, to='tracker.item')),
                ('talk', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='principles', to='tracker.talk')),
                ('number', models.PositiveSmallIntegerField(blank=True, help_text='Its place in the list as it was announced.', null=True)),
                ('parties', models.ManyToManyField(help_text='Those whom it would bind, and whose word makes it agreed.', related_name='principles', to='tracker.party')),
            ],
            options={
                'abstract': False,
            },
            bases=('tracker.item',),
        ),
        migrations.CreateModel(
            name='Delegate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(editable=False, max_length=64, unique=True, validators=[django.core.validators.RegexValidator('^[a-z]{3}-[a-z0-9-]{1,60}$', 'A reference looks like dem-7k2mqx0v9c4t: three letters, a hyphen, then a-z, 0-9 and -.')], verbose_name='id')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='recorded at')),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('delegation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='delegates', to='tracker.delegation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='tracker.person')),
                ('office', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='tracker.office')),
                ('capacity', models.CharField(choices=[('head', 'Head'), ('member', 'Member'), ('adviser', 'Adviser'), ('spokesperson', 'Spokesperson'), ('technical', 'Technical')], default='member', max_length=12)),
            ],
            options={
                'ordering': ['delegation', 'capacity', 'person__name'],
                'constraints': [models.UniqueConstraint(fields=('delegation', 'person'), name='delegate_once', violation_error_message='This person already sits in this delegation.'), models.UniqueConstraint(condition=models.Q(('capacity', 'head')), fields=('delegation',), name='delegation_has_one_head', violation_error_message='This delegation already has a head.')],
            },
        ),
        migrations.CreateModel(
            name='Citation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(editable=False, max_length=64, unique=True, validators=[django.core.validators.RegexValidator('^[a-z]{3}-[a-z0-9-]{1,60}$', 'A reference looks like dem-7k2mqx0v9c4t: three letters, a hyphen, then a-z, 0-9 and -.')], verbose_name='id')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='recorded at')),
                ('development', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='citations', to='tracker.development')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='citations', to='tracker.source')),
                ('quote', models.TextField(blank=True, help_text='The exact words.')),
                ('place', models.CharField(blank=True, help_text='Where in the source: page, paragraph, section.', max_length=200)),
                ('credibility', models.CharField(choices=[('1', '1: confirmed'), ('2', '2: probably true'), ('3', '3: possibly true'), ('4', '4: doubtful'), ('5', '5: improbable'), ('6', '6: cannot be judged')], default='6', max_length=1)),
                ('found', models.BooleanField(editable=False, help_text='Whether the words are found in the stored text; empty where there is none.', null=True)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Effect',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(editable=False, max_length=64, unique=True, validators=[django.core.validators.RegexValidator('^[a-z]{3}-[a-z0-9-]{1,60}$', 'A reference looks like dem-7k2mqx0v9c4t: three letters, a hyphen, then a-z, 0-9 and -.')], verbose_name='id')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='recorded at')),
                ('development', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='effects', to='tracker.development')),
                ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='effects', to='tracker.item')),
                ('item_kind', models.CharField(choices=[('talk', 'Talk'), ('principle', 'Principle'), ('demand', 'Demand'), ('follow_up', 'Follow-up')], editable=False, max_length=9)),
                ('party', models.ForeignKey(blank=True, db_index=False, help_text="Whose stance; empty for the development's own party.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='effects', to='tracker.party')),
                ('status', models.CharField(blank=True, max_length=25, null=True)),
                ('stance', models.CharField(blank=True, choices=[('affirms', 'Affirms'), ('affirms_with_reserve', 'Affirms with reserve'), ('conditional', 'Conditional'), ('silent', 'Silent'), ('disputes', 'Disputes'), ('rejects', 'Rejects')], max_length=20, null=True)),
                ('firmness', models.CharField(blank=True, choices=[('signalled', 'Signalled'), ('stated', 'Stated'), ('insisted', 'Insisted'), ('red_line', 'Red line')], max_length=9, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('not_reported', 'Not reported'), ('no_agreement', 'No agreement'), ('to_continue', 'To continue'), ('understanding', 'Understanding'), ('joint_statement', 'Joint statement'), ('partial_agreement', 'Partial agreement'), ('full_agreement', 'Full agreement'), ('ceasefire', 'Ceasefire'), ('walk_out', 'Walk-out')], max_length=17, null=True)),
                ('due_on', models.DateField(blank=True, null=True)),
                ('due_precision', models.CharField(blank=True, choices=[('day', 'Day'), ('month', 'Month'), ('year', 'Year'), ('before', 'Before')], max_length=6)),
                ('due_phrase', models.CharField(blank=True, help_text='When no date is given: as soon as possible.', max_length=200)),
                ('review_on', models.DateField(blank=True, help_text='When to look again at a due phrase.', null=True)),
                ('wording', models.TextField(blank=True, help_text="The item's text as it now stands.", null=True)),
                ('occurred_on', models.DateField(editable=False)),
                ('occurred_precision', models.CharField(choices=[('day', 'Day'), ('month', 'Month'), ('year', 'Year'), ('before', 'Before')], editable=False, max_length=6)),
                ('happened_key', models.IntegerField(editable=False)),
                ('first_recorded_at', models.DateTimeField(editable=False)),
                ('sequence', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('ended_at', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'ordering': ('-happened_key', '-first_recorded_at', '-sequence', '-id'),
                'indexes': [models.Index(fields=['item', 'happened_key', 'first_recorded_at', 'sequence', 'id', 'recorded_at', 'ended_at', 'occurred_on', 'occurred_precision'], name='effect_of_item'), models.Index(condition=models.Q(('status__isnull', False)), fields=['item', 'happened_key', 'first_recorded_at', 'sequence', 'id', 'recorded_at', 'ended_at', 'status', 'occurred_on', 'occurred_precision'], name='effect_status'), models.Index(condition=models.Q(('firmness__isnull', False)), fields=['item', 'happened_key', 'first_recorded_at', 'sequence', 'id', 'recorded_at', 'ended_at', 'firmness'], name='effect_firmness'), models.Index(condition=models.Q(('outcome__isnull', False)), fields=['item', 'happened_key', 'first_recorded_at', 'sequence', 'id', 'recorded_at', 'ended_at', 'outcome'], name='effect_outcome'), models.Index(condition=models.Q(('wording__isnull', False)), fields=['item', 'happened_key', 'first_recorded_at', 'sequence', 'id', 'recorded_at', 'ended_at'], name='effect_wording'), models.Index(condition=models.Q(('review_on__isnull', False), ('due_on__isnull', False), _connector='OR'), fields=['item', 'happened_key', 'first_recorded_at', 'sequence', 'id', 'recorded_at', 'ended_at', 'due_on', 'due_precision', 'due_phrase', 'review_on'], name='effect_due'), models.Index(condition=models.Q(('stance__isnull', False)), fields=['item', 'party', 'happened_key', 'first_recorded_at', 'sequence', 'id', 'recorded_at', 'ended_at', 'stance'], name='effect_stance'), models.Index(fields=['party', '-happened_key'], name='effect_of_party')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('party__isnull', False)), fields=('development', 'item', 'party'), name='effect_once_per_item_and_party', violation_error_message='This development already has an effect on this item for this party.'), models.UniqueConstraint(condition=models.Q(('party__isnull', True)), fields=('development', 'item'), name='effect_once_per_item', violation_error_message='This development already has an effect on this item.'), models.CheckConstraint(condition=models.Q(('status__isnull', True), models.Q(('item_kind', 'talk'), ('status__in', ['proposed', 'scheduled', 'under_way', 'held', 'broken_off', 'postponed', 'cancelled'])), models.Q(('item_kind', 'principle'), ('status__in', ['claimed', 'agreed', 'signed', 'implementing_minimal', 'implementing_intermediate', 'implemented', 'stalled', 'abandoned'])), models.Q(('item_kind', 'demand'), ('status__in', ['open', 'under_discussion', 'partly_met', 'met', 'rejected', 'withdrawn', 'lapsed'])), models.Q(('item_kind', 'follow_up'), ('status__in', ['expected', 'promised', 'in_progress', 'done', 'stalled', 'dropped', 'overtaken'])), _connector='OR'), name='effect_status_of_its_kind', violation_error_message='This status belongs to another kind of item.'), models.CheckConstraint(condition=models.Q(('firmness__isnull', True), ('item_kind', 'demand'), _connector='OR'), name='effect_firmness_of_demand', violation_error_message='Only a demand has a firmness.'), models.CheckConstraint(condition=models.Q(('outcome__isnull', True), ('item_kind', 'talk'), _connector='OR'), name='effect_outcome_of_talk', violation_error_message='Only a talk has an outcome.'), models.CheckConstraint(condition=models.Q(models.Q(('due_on__isnull', True), ('due_phrase', '')), ('item_kind__in', ('talk', 'follow_up')), _connector='OR'), name='effect_due_of_dated_kind', violation_error_message='Only a follow-up or a talk has a due date.'), models.CheckConstraint(condition=models.Q(models.Q(('due_on__isnull', False), models.Q(('due_precision__in', ['day', 'before']), models.Q(('due_on__day_of_month', 1), ('due_precision', 'month')), models.Q(('due_on__day_of_month', 1), ('due_on__month_of_year', 1), ('due_precision', 'year')), _connector='OR')), models.Q(('due_on__isnull', True), ('due_precision', '')), _connector='OR'), name='effect_due_precise', violation_error_message='A due date needs its precision.'), models.CheckConstraint(condition=models.Q(('due_phrase', ''), ('due_on__isnull', False), ('review_on__isnull', False), _connector='OR'), name='effect_due_phrase_has_review', violation_error_message='A due phrase without a date needs a day to look at it again.'), models.CheckConstraint(condition=models.Q(('review_on__isnull', True), ('due_on__isnull', False), models.Q(('due_phrase', ''), _negated=True), _connector='OR'), name='effect_review_of_due', violation_error_message='A review date goes with a due date or phrase.'), models.CheckConstraint(condition=models.Q(('stance__isnull', True), ('party__isnull', False), _connector='OR'), name='effect_stance_of_party', violation_error_message="A stance is somebody's: name the party."), models.CheckConstraint(condition=models.Q(('status__isnull', False), ('stance__isnull', False), ('firmness__isnull', False), ('outcome__isnull', False), ('due_on__isnull', False), models.Q(('due_phrase', ''), _negated=True), ('wording__isnull', False), _connector='OR'), name='effect_sets_something', violation_error_message='Set at least one of status, stance, firmness, outcome, due or wording.')],
            },
        ),
        migrations.RunPython(make, unmake),
    ]
