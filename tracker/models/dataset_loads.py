"""Releases of published datasets that are loaded in the background, first as a trial."""

from django.db import models

from tracker.models.claims import Claim
from tracker.models.queued import Queued


class DatasetLoad(Queued):
    """The load of one file: first everything is tried out and rolled back, and, if somebody says so, then kept."""

    prefix = "lod"
    page = "datasets:load"

    class Dataset(models.TextChoices):
        """What is loaded."""

        MEND = "MEND", "MEND (mediation events)"
        PAX = "PA-X", "PA-X (peace agreements)"

    dataset = models.CharField(max_length=4, choices=Dataset)
    release = models.CharField(max_length=Claim._meta.get_field("release").max_length)
    file_name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    """The number of bytes that were received."""
    sha256 = models.CharField(max_length=64)
    """The digest of those bytes, in hexadecimal digits."""
    is_trial = models.BooleanField(default=True)
    """Whether nothing is kept of it: it only says what it would do."""
    report = models.JSONField(default=list)
    """The lines of its report, as `loaders.report` has them."""

    def __str__(self):
        return f"{self.dataset} {self.release}"

    @property
    def announcement(self) -> str:
        """What others are told who cannot save meanwhile."""
        return f"a load of the dataset {self.dataset}"

    @property
    def is_tried(self) -> bool:
        """Whether its trial is over, and it waits for somebody to say that it be loaded."""
        return self.is_trial and self.state == self.State.DONE
