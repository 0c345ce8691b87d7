"""The audit trail of all records except developments."""

import hashlib
import re

from django.conf import settings
from django.db import models
from django.db.models import Q

from tracker.models.base import RecordQuerySet, SealedModel, VisibleQuerySet
from tracker.models.processes import Process, ProcessLink


class ChangeQuerySet(RecordQuerySet):
    """Audit entries, filtered by reader and clocks."""

    def visible_to(self, user):
        """Only entries of processes that `user` may read; for a process link, both of its processes."""
        visible = super().visible_to(user)
        if not user.hidden_process_ids:
            return visible
        links = ProcessLink.objects.visible_to(user).values("ref")
        return visible.exclude(Q(record_type=ProcessLink._meta.model_name) & ~Q(record_ref__in=links))

    def at(self, clocks):
        """Entries written by `clocks.known`."""
        return self if clocks.known is None else self.filter(at__lte=clocks.known)


class Change(SealedModel):
    """One edit, in words rather than references: it outlives the renaming and deletion of the records it names."""

    class Action(models.TextChoices):
        """The type of the edit."""

        CREATED = "created", "created"
        CHANGED = "changed", "changed"
        DELETED = "deleted", "deleted"

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


class EarlierTextQuerySet(VisibleQuerySet):
    """Replaced private texts, filtered by reader and instant."""

    def visible_to(self, user):
        """For analysts and editors, the texts of processes that they may read; none for others."""
        return super().visible_to(user) if user.records else self.none()

    def held_at(self, record_ref: str, field: str, known):
        """The text of `field` of the record `record_ref` at the instant `known`; None if not replaced since."""
        return (
            self.filter(record_ref=record_ref, field=field, until__gt=known).order_by("until", "pk").first()
        )


class EarlierText(SealedModel):
    """The text of a private field before it was changed or deleted; the audit entry has only its digest."""

    record_ref = models.CharField(max_length=64, db_index=True)
    field = models.CharField(max_length=40)
    until = models.DateTimeField()
    """The instant of the audit entry."""
    text = models.TextField()
    process = models.ForeignKey(Process, models.PROTECT, null=True, related_name="earlier_texts")

    process_path = "process"
    private_fields = ("text",)

    objects = EarlierTextQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.record_ref}: {self.field} until {self.until}"


_DIGEST = re.compile(r"[\d,]+ characters?, SHA-256 [0-9a-f]{64}", re.ASCII)


def digest(text: str) -> str:
    """The length and SHA-256 of a private text, for the audit log; a digest is returned unchanged."""
    if not text or _DIGEST.fullmatch(text):
        return text
    count = f"{len(text):,} character{'' if len(text) == 1 else 's'}"
    return f"{count}, SHA-256 {hashlib.sha256(text.encode()).hexdigest()}"
