"""The audit trail of all records except developments."""

import re

from django.conf import settings
from django.db import models
from django.db.models import Q

from tracker.models.base import RecordQuerySet, SealedModel
from tracker.models.processes import Process, ProcessLink
from tracker.models.source_texts import sha256
from tracker.models.sources import Source, hidden_sources


class ChangeQuerySet(RecordQuerySet):
    """Audit entries, filtered by reader and clocks."""

    def visible_to(self, user):
        """Only entries of processes that `user` may read; for a process link, both of its processes.

        Of a source, none if it is kept to a hidden process, also those from before.
        """
        visible = super().visible_to(user)
        hidden = user.hidden_process_ids
        if not hidden:
            return visible
        links = ProcessLink.objects.visible_to(user).values("ref")
        sources = hidden_sources(hidden, "ref")
        return visible.exclude(
            (Q(record_type=ProcessLink._meta.model_name) & ~Q(record_ref__in=links))
            | Q(record_type=Source._meta.model_name, record_ref__in=sources)
        )

    def at(self, clocks):
        """Entries written by `clocks.known`."""
        return self if clocks.known is None else self.filter(at__lte=clocks.known)

    def moved_away(self, ref, begun_at):
        """The move of the item `ref` to another process; it may have come from one when it was begun, `begun_at`."""
        return self.filter(subject_ref=ref, action=Change.Action.MOVED, at__gt=begun_at)


class Change(SealedModel):
    """One edit, in words rather than references: it outlives the renaming and deletion of the records it names."""

    class Action(models.TextChoices):
        """The type of the edit."""

        CREATED = "created", "created"
        CHANGED = "changed", "changed"
        DELETED = "deleted", "deleted"
        MERGED = "merged", "merged"
        MOVED = "moved", "moved"

    process_path = "process"

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="changes")
    action = models.CharField(max_length=7, choices=Action)
    record_type = models.CharField(max_length=40)
    record_ref = models.CharField(max_length=64)
    record_name = models.CharField(max_length=500)
    subject_ref = models.CharField(max_length=64)
    process = models.ForeignKey(Process, models.PROTECT, null=True, related_name="changes")
    changes = models.JSONField(default=list)
    """A list of {"field", "label", "old", "new"}: texts, with names for relations and digests for private fields."""
    note = models.TextField(blank=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["subject_ref", "-at", "-id"], name="change_of_record"),
            models.Index(fields=["-at", "-id"], name="change_latest"),
        ]

    def __str__(self):
        return f"{self.record_name}: {self.action}"

    @property
    def merged_ref(self) -> str:
        """Of an entry that tells of a merge, the reference of the merged record."""
        first = self.changes[0]
        return (
            self.record_ref
            if first["field"] == "merged_into"
            else first["new"].rpartition("[")[2].rstrip("]")
        )


_DIGEST = re.compile(r"[\d,]+ characters?, SHA-256 [0-9a-f]{64}", re.ASCII)


def digest(text: str) -> str:
    """The length and SHA-256 of a private text, for the audit log; a digest is returned unchanged."""
    if not text or _DIGEST.fullmatch(text):
        return text
    count = f"{len(text):,} character{'' if len(text) == 1 else 's'}"
    return f"{count}, SHA-256 {sha256(text)}"
