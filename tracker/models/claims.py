"""Claims: links from dataset rows to records."""

from django.db import models
from django.utils import timezone

from tracker.models.base import RecordQuerySet, SealedModel
from tracker.models.processes import Process
from tracker.models.vocabularies import SetAside


class Claim(SealedModel):
    """A row of one release of a dataset, and our record of the same event. Never changed once added.

    Each later release adds a claim of its own. An upstream id is only valid within its release: in the next one it may
    name another event. A row that the record does not follow is claimed as well, with the reason.
    """

    process_path = "process"

    dataset = models.CharField(max_length=40, help_text="The dataset that makes the claim.")
    release = models.CharField(max_length=40, help_text="The release that contains the row.")
    upstream_id = models.CharField(
        "upstream id", max_length=200, help_text="The id of the row in the dataset."
    )
    row_hash = models.CharField(max_length=64, help_text="SHA-256 of the row's cells without its id.")
    cells = models.JSONField(default=dict, help_text="The cells of the row that are not empty, as they came.")
    record_type = models.CharField(max_length=40)
    record_ref = models.CharField("record", max_length=64)
    development_ref = models.CharField("development", max_length=64, blank=True)
    development_version = models.PositiveIntegerField(
        null=True, help_text="The version of the development that says what this row says."
    )
    rules = models.PositiveSmallIntegerField(
        default=1, help_text="The version of the loader's rules that read the row."
    )
    set_aside = models.CharField(
        max_length=20,
        choices=SetAside,
        blank=True,
        help_text="Why the record does not follow the row, if it does not.",
    )
    set_aside_detail = models.TextField(blank=True, help_text="What of the row it is.")
    differences = models.JSONField(
        default=list,
        blank=True,
        help_text="Where the record does not follow it: [column, followed text, its text].",
    )
    process = models.ForeignKey(Process, models.PROTECT, related_name="claims")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["record_ref"], name="claim_of_record"),
            models.Index(
                fields=["development_ref"],
                condition=~models.Q(development_ref=""),
                name="claim_of_development",
            ),
            models.Index(fields=["dataset", "record_type", "id"], name="claim_of_dataset"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "release", "upstream_id", "row_hash", "record_ref", "rules", "set_aside"],
                name="claim_once",
            ),
        ]

    def __str__(self):
        return f"{self.dataset} {self.release}, {self.upstream_id}"
