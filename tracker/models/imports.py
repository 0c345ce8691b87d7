"""Imports of files: who, when, which file, and the result of each row."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from tracker.models.base import new_ref
from tracker.models.processes import Process
from tracker.models.vocabularies import CorrectionReason, UserRole


class ImportRunQuerySet(models.QuerySet):
    """Imports, by who may read them."""

    def visible_to(self, user):
        """The reader's own, and for administrators everybody's; none that touches a process hidden from them."""
        rows = self if user.role == UserRole.ADMINISTRATOR else self.filter(by=user)
        hidden = user.hidden_process_ids
        return rows.exclude(pk__in=self.model.objects.filter(processes__in=hidden)) if hidden else rows


class ImportRun(models.Model):
    """One file, or text that was pasted, on its way into the record."""

    class State(models.TextChoices):
        """How far it has come."""

        READING = "reading", "being read"
        READY = "ready", "waits for your word"
        WRITING = "writing", "being written"
        DONE = "done", "written"
        UNDOING = "undoing", "being undone"
        UNDONE = "undone", "undone"
        REFUSED = "refused", "refused"
        DROPPED = "dropped", "given up"

    class Profile(models.TextChoices):
        """How the cells of the file are written."""

        GUARDED = "guarded", "As downloaded for a spreadsheet: an apostrophe ahead of what would be a formula"
        TOOLS = "tools", "As downloaded for programs: every cell as it is"

    ref = models.CharField("id", max_length=64, unique=True, editable=False)
    record_type = models.CharField(max_length=40)
    """The register's name of the type of its rows."""
    file_name = models.CharField(max_length=200)
    profile = models.CharField(max_length=8, choices=Profile, default=Profile.GUARDED)
    reason = models.CharField("reason of corrections", max_length=15, choices=CorrectionReason, blank=True)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.READING)
    only_valid = models.BooleanField(default=False)
    header = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    """How many rows came out how, by ImportRow.Outcome."""
    problems = models.JSONField(default=list)
    """Why the file as a whole was refused, or could not be undone: sentences."""
    causes = models.JSONField(default=list)
    """Why rows cannot be taken, the most frequent first: a list of {"column", "rule", "rows", "count"}."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="imports")
    begun_at = models.DateTimeField(auto_now_add=True)
    written_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="imports_undone"
    )
    processes = models.ManyToManyField(Process, related_name="imports")
    """The processes that its rows belong to: whoever may not read one of them sees nothing of the import."""

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
        """Whether a process is at it, or should be."""
        return self.state in {self.State.READING, self.State.WRITING, self.State.UNDOING}

    def count(self, *outcomes: str) -> int:
        """How many rows came out as one of `outcomes`."""
        return sum(self.counts.get(outcome, 0) for outcome in outcomes)


class ImportRow(models.Model):
    """One row: its cells as they came, what it does, and what it takes to undo that."""

    class Outcome(models.TextChoices):
        """What a row does, or why it does nothing."""

        CREATED = "created", "created"
        CHANGED = "changed", "changed"
        UNCHANGED = "unchanged", "unchanged"
        CONFLICTING = "conflicting", "conflicting"
        WRONG = "wrong", "wrong"

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    """As a spreadsheet counts: the header is row 1."""
    cells = models.JSONField()
    outcome = models.CharField(max_length=11, choices=Outcome)
    ref = models.CharField(max_length=64, blank=True)
    """The record that it means or makes."""
    whole = models.CharField(max_length=64, blank=True)
    """The development that its record is part of, or was raised by."""
    version = models.PositiveIntegerField(null=True)
    """The version of the development that it corrects."""
    changes = models.JSONField(default=list)
    """A list of {"column", "old", "new"}: texts, as a file has them."""
    messages = models.JSONField(default=list)
    """A list of {"column", "value", "rule"}: what is wrong, and the nearest that would be right."""
    kept = models.JSONField(null=True)
    """Of a changed record: {"before": {field: value}, "after": …}, from which it is restored."""

    class Meta:
        ordering = ["run", "number"]
        indexes = [
            models.Index(fields=["run", "number"], name="import_row_by_number"),
            models.Index(fields=["run", "outcome", "number"], name="import_row_by_outcome"),
        ]

    def __str__(self):
        return f"Row {self.number}"
