"""Imports of files: who, when, which file, and the result of each row."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from tracker.models.base import new_ref
from tracker.models.processes import Process
from tracker.models.queued import StartedQuerySet, was_hidden_since
from tracker.models.vocabularies import CorrectionReason


class ImportRunQuerySet(StartedQuerySet):
    """Imports, filtered by reader."""

    def visible_to(self, user):
        """The user's own, or everybody's for administrators; none that touches a process hidden from the user."""
        rows = super().visible_to(user)
        hidden = user.hidden_process_ids
        return rows.exclude(pk__in=self.model.objects.filter(processes__in=hidden)) if hidden else rows


class ImportRun(models.Model):
    """The import of one file or pasted text."""

    class State(models.TextChoices):
        """The progress of the import."""

        READING = "reading", "being read"
        READY = "ready", "waits for your word"
        WRITING = "writing", "being written"
        DONE = "done", "written"
        UNDOING = "undoing", "being undone"
        UNDONE = "undone", "undone"
        REFUSED = "refused", "refused"
        DROPPED = "dropped", "given up"

    class Profile(models.TextChoices):
        """The format of the file's cells."""

        GUARDED = "guarded", "As downloaded for a spreadsheet: an apostrophe ahead of what would be a formula"
        TOOLS = "tools", "As downloaded for programs: every cell as it is"

    WORKING = (State.READING, State.WRITING, State.UNDOING)
    """The states in which a process is working on it, or should be."""

    ref = models.CharField("id", max_length=64, unique=True, editable=False)
    record_type = models.CharField(max_length=40)
    """The model name of the record type of its rows."""
    file_name = models.CharField(max_length=200)
    size = models.BigIntegerField(null=True)
    """The number of bytes that were received; None for imports of an earlier release."""
    sha256 = models.CharField(max_length=64, blank=True)
    """The digest of those bytes, in hexadecimal digits."""
    profile = models.CharField(max_length=8, choices=Profile, default=Profile.GUARDED)
    reason = models.CharField("reason of corrections", max_length=15, choices=CorrectionReason, blank=True)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.READING)
    only_valid = models.BooleanField(default=False)
    header = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    """{ImportRow.Outcome: number of rows}"""
    problems = models.JSONField(default=list)
    """Sentences that say why the whole file was refused, or the import could not be undone."""
    causes = models.JSONField(default=list)
    """Why rows cannot be imported, most frequent first: a list of {"column", "rule", "rows", "count"}.

    What only has to be answered has "asks" as well.
    """
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="imports")
    begun_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    """How often its step was begun; the next step begins with none."""
    attempted_at = models.DateTimeField(null=True)
    """When its step was begun last."""
    parts = models.JSONField(null=True)
    """How many rows each of its parts has, in their order, if it is written in parts; None if it is written at once."""
    parts_written = models.PositiveSmallIntegerField(default=0)
    """How many of these are written: each as a whole, at an instant of its own."""
    written_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="imports_undone"
    )
    hidden = models.JSONField(default=list)
    """The primary keys of the processes that were hidden at each of its steps from whoever asked for it.

    What it says of its rows names nothing of these.
    """
    processes = models.ManyToManyField(Process, related_name="imports")
    """The processes of its rows: only users who may read all of them see the import."""

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_at", "-pk"]
        verbose_name = "import"

    def __str__(self):
        return self.file_name

    def save(self, *args, **options):
        self.ref = self.ref or new_ref("imp")
        super().save(*args, **options)

    def get_absolute_url(self):
        return reverse("imports:run", args=[self.ref])

    @property
    def is_working(self) -> bool:
        """Whether a background process is working on it, or should be."""
        return self.state in self.WORKING

    @property
    def errors(self) -> list[dict]:
        """The causes for which rows cannot be imported."""
        return [cause for cause in self.causes if "asks" not in cause]

    @property
    def questions(self) -> list[dict]:
        """The questions to answer before rows are imported."""
        return [cause for cause in self.causes if "asks" in cause]

    def may_be_read_by(self, user) -> bool:
        """Whether what it says of its rows names nothing of a process that is hidden from `user` by now."""
        return not was_hidden_since(user, self.hidden, self.attempted_at or self.begun_at)

    @property
    def rows_written(self) -> int:
        """The number of rows in the parts that are written."""
        return sum((self.parts or [])[: self.parts_written])

    @property
    def is_begun(self) -> bool:
        """Whether some of its parts are written, and others may follow."""
        return self.parts_written > 0 and self.state in (self.State.READY, self.State.WRITING)

    def count(self, *outcomes: str) -> int:
        """The number of rows with one of `outcomes`."""
        return sum(self.counts.get(outcome, 0) for outcome in outcomes)


class ImportRow(models.Model):
    """One row: its cells as read, its result, and the data to undo it."""

    class Outcome(models.TextChoices):
        """What a row does, or why it is not imported."""

        CREATED = "created", "created"
        CHANGED = "changed", "changed"
        UNCHANGED = "unchanged", "unchanged"
        CONFLICTING = "conflicting", "conflicting"
        WRONG = "wrong", "wrong"
        LEFT = "left", "left out"

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    """As in a spreadsheet: the header is row 1."""
    cells = models.JSONField()
    outcome = models.CharField(max_length=11, choices=Outcome)
    ref = models.CharField(max_length=64, blank=True)
    """The reference of the record that it matches or creates."""
    whole = models.CharField(max_length=64, blank=True)
    """The reference of the development that its record is part of, or was raised by."""
    version = models.PositiveIntegerField(null=True)
    """The version of the development that it corrects."""
    part = models.PositiveSmallIntegerField(null=True)
    """The part of the import, from 1, in which it is written; None if that is written at once, or the row is not."""
    changes = models.JSONField(default=list)
    """A list of {"column", "old", "new"}: texts, as written in files."""
    messages = models.JSONField(default=list)
    """A list of {"column", "value", "rule"}; the rule includes the nearest valid value."""
    kept = models.JSONField(null=True)
    """For a changed record: {"before": {field: value}, "after": …}, to restore it from."""

    class Meta:
        ordering = ["run", "number"]
        indexes = [
            models.Index(fields=["run", "number"], name="import_row_by_number"),
            models.Index(fields=["run", "outcome", "number"], name="import_row_by_outcome"),
        ]

    def __str__(self):
        return f"Row {self.number}"
