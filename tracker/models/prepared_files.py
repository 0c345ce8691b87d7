"""Data packages and workbooks that are prepared in the background, and kept for a while to be downloaded."""

from django.db import models
from django.utils import timezone

from tracker.models.queued import Queued
from tracker.models.sources import Source
from tracker.models.versions import VERSIONS
from tracker.models.vocabularies import UserRole

LONGEST_ADDRESS = 2_000
"""What an index of PostgreSQL can hold."""


class PreparedFile(Queued):
    """What an address answers to one reader, written to a file that this reader alone can download."""

    prefix = "fil"
    page = "files:file"

    address = models.CharField(max_length=LONGEST_ADDRESS)
    """The address that it is the answer of, with its query string, in ASCII."""
    name = models.CharField(max_length=200)
    """What the file is called."""
    role = models.CharField(max_length=13, choices=UserRole)
    """The role that its reader had when it was written."""
    read_at = models.DateTimeField(null=True)
    """An instant right before the record was read for it."""
    size = models.BigIntegerField(null=True)
    """The number of its bytes."""
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    """The digest of these bytes, in hexadecimal digits."""
    expires_at = models.DateTimeField(null=True)
    """When it is removed, or was."""

    class Meta(Queued.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["by", "address"], condition=models.Q(state="waiting"), name="one_file_at_a_time"
            )
        ]

    def __str__(self):
        return self.name

    @property
    def is_package(self) -> bool:
        """Whether it is a data package; otherwise it is a workbook."""
        return self.name.endswith(".zip")

    @property
    def is_kept(self) -> bool:
        """Whether it is written, and not to be removed yet."""
        return self.state == self.State.DONE and self.expires_at > timezone.now()

    def may_be_read_by(self, user) -> bool:
        """Whether `user` could get all that is in it by now as well."""
        ranks = UserRole.values
        is_lessened = self.state == self.State.DONE and ranks.index(user.role) < ranks.index(self.role)
        return not is_lessened and super().may_be_read_by(user) and not self._has_source_hidden_since(user)

    def _has_source_hidden_since(self, user) -> bool:
        """Whether a source that may be in it was kept since to a process that was hidden from `user` all the time."""
        if self.read_at is None or not user.hidden_process_ids:
            return False
        versions = VERSIONS[Source]._base_manager
        then = versions.filter(known_from__lte=self.ended_at, known_until__gt=self.read_at)
        now_kept = versions.filter(known_from__gt=self.read_at, process_id__in=user.hidden_process_ids)
        return then.exclude(process_id__in=self.hidden).filter(row_id__in=now_kept.values("row_id")).exists()
