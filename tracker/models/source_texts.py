"""The texts of sources, each as it was stored."""

import hashlib

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone

from tracker.models.base import SealedModel, VisibleQuerySet
from tracker.models.sources import hidden_sources


class SourceTextQuerySet(VisibleQuerySet):
    """Stored texts, filtered by reader."""

    def visible_to(self, user):
        """Only those of sources that `user` may see by the rights of now; who may read the words is decided elsewhere.

        Of a source that was opened since, by the instant that is read, texts that gave way while it was kept stay with
        those who see that process.
        """
        hidden = user.hidden_process_ids
        if not hidden:
            return self.all()
        versions = apps.get_model("tracker", "SourceVersion")._base_manager.filter(
            ref=models.OuterRef("source_ref")
        )
        kept = versions.filter(
            process_id__in=hidden,
            known_from__lte=models.OuterRef("recorded_at"),
            known_until__gt=models.OuterRef("recorded_at"),
        )
        given_way = SourceText._base_manager.filter(
            source_ref=models.OuterRef("ref"),
            number__gt=models.OuterRef(models.OuterRef("number")),
            recorded_at__lte=models.OuterRef("known_from"),
        )
        opened = versions.filter(
            ~models.Exists(given_way), known_from__gt=models.OuterRef("recorded_at")
        ).exclude(process_id__in=hidden)
        rows = self.exclude(source_ref__in=hidden_sources(hidden, "ref"))
        return rows.filter(~models.Exists(kept) | models.Exists(opened))

    def of(self, source):
        """Those of `source`, the newest first."""
        return self.filter(source_ref=source.ref).order_by("-number")


class SourceText(SealedModel):
    """One version of the text of a source, kept as it was stored; an empty one where the text was taken out.

    The source is named by its reference, since its texts outlive it.
    """

    process_path = None
    private_fields = ("text",)

    source_ref = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    """The place among the texts of the source, from 1."""
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="source_texts"
    )
    """Who stored it; empty where an earlier release did not keep that."""
    language = models.CharField(max_length=35, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64)
    text = models.TextField(blank=True)

    objects = SourceTextQuerySet.as_manager()

    class Meta:
        ordering = ["source_ref", "number"]
        constraints = [
            models.UniqueConstraint(fields=["source_ref", "number"], name="source_text_once"),
        ]

    def __str__(self):
        return f"{self.source_ref}, text {self.number}"


def sha256(text: str) -> str:
    """The SHA-256 of `text`, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
