"""Negotiations, and the links between them."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from tracker.models.base import Record, RecordQuerySet
from tracker.models.collation import CollationKey
from tracker.models.fields import LabelledCharField
from tracker.models.sources import Source, require_citable
from tracker.models.vocabularies import ProcessLinkKind


class Process(Record):
    """One negotiation with one aim."""

    prefix = "prc"
    process_path = ""
    url_name = "process"
    name_fields = ("title",)
    searched_names = ("title",)
    is_offered = True
    searched_texts = ("aim", "summary")

    # Not unique: refusing a second process with the same title would reveal a restricted one.
    title = models.CharField(max_length=200)
    sort_key = CollationKey("title")
    aim = models.TextField(help_text="What the negotiation is meant to bring about, in one or two sentences.")
    summary = models.TextField(blank=True, help_text="Background that a newcomer to the file needs.")
    restricted = models.BooleanField(
        default=False, help_text="Visible only to administrators and the members named below."
    )
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="processes")
    last_recorded_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name_plural = "processes"


class ProcessLink(Record):
    """A link to a precedent, parallel, parent or predecessor of a process."""

    prefix = "lnk"
    part_of = "from_process"
    process_path = "from_process"
    searched_texts = ("note", "quote")

    from_process = models.ForeignKey(Process, models.PROTECT, related_name="links")
    kind = LabelledCharField("type", max_length=10, choices=ProcessLinkKind)
    to_process = models.ForeignKey(Process, models.PROTECT, related_name="linked_from")
    note = models.TextField(
        blank=True, help_text="What the comparison teaches, for example how the precedent ended."
    )
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="process_links")
    quote = models.TextField(blank=True)

    class ProcessLinkQuerySet(RecordQuerySet):
        """Links, filtered by reader."""

        def visible_to(self, user):
            """Only links whose two processes `user` may read."""
            hidden = user.hidden_process_ids
            return self.exclude(Q(from_process__in=hidden) | Q(to_process__in=hidden)) if hidden else self

    objects = ProcessLinkQuerySet.as_manager()

    class Meta:
        ordering = ["from_process__sort_key", "kind", "to_process__sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["from_process", "to_process", "kind"], name="process_link_once"),
            models.CheckConstraint(
                condition=~Q(from_process=F("to_process")),
                name="process_link_to_another",
                violation_error_message="A process cannot be linked to itself.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.to_process}"

    def clean(self):
        """Refuse a source of another process, and other ends: their readers would find the old ones in the history."""
        require_citable(self)
        ends = {"from_process": self.from_process_id, "to_process": self.to_process_id}
        if self.pk and ProcessLink.objects.filter(pk=self.pk).exclude(**ends).exists():
            raise ValidationError("A link stays between its two processes: delete it, and make another.")
