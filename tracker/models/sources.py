"""Documents that records cite."""

import datetime as dt

from django.db import models
from django.db.models import F, Q

from tracker.models.base import Record
from tracker.models.collation import CollationKey
from tracker.models.date_columns import precise
from tracker.models.dates import held, refuse_duration
from tracker.models.fields import LabelledCharField
from tracker.models.names import NameRank
from tracker.models.vocabularies import DatePrecision, Reliability, SourceKind


class Source(Record):
    """A document: publisher, date, URL and reliability; its text is private."""

    prefix = "src"
    process_path = None
    url_name = "source"
    private_fields = ("text",)
    name_fields = ("title",)
    searched_names = ("title",)
    searched_texts = ("publisher", "authors", "url")

    publisher = models.CharField(max_length=200)
    publisher_sort_key = CollationKey("publisher")
    title = models.CharField(max_length=400)
    sort_key = CollationKey("title")
    authors = models.CharField(max_length=400, blank=True)
    published_on = models.DateField(null=True, blank=True)
    published_precision = models.CharField(max_length=11, choices=DatePrecision, blank=True)
    published_last = models.DateField(null=True, blank=True)
    published_inferred = models.BooleanField(
        "date inferred", default=False, help_text="The date is worked out, not printed on the document."
    )
    url = models.URLField("URL", max_length=1000, blank=True)
    kind = LabelledCharField("type", max_length=17, choices=SourceKind)
    language = models.CharField(
        max_length=35, blank=True, default="en", help_text="A BCP 47 code such as en or ru."
    )
    reliability = models.CharField(max_length=1, choices=Reliability, default=Reliability.F)
    taken_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="passed_on_by",
        help_text="The source that it reports, translates or reprints, if it is on record.",
    )
    retrieved_on = models.DateField(null=True, blank=True)
    text = models.TextField(
        blank=True, help_text="The words themselves, kept in this installation and never exported."
    )

    class Meta:
        ordering = ["publisher_sort_key", "sort_key", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=precise("published_on", "published_precision", optional=True),
                name="source_published_precise",
                violation_error_message="A publication date needs its precision.",
            ),
            models.CheckConstraint(
                condition=Q(taken_from__isnull=True) | ~Q(taken_from=F("id")),
                name="source_taken_from_another",
                violation_error_message="A source cannot be taken from itself.",
            ),
        ]

    def __str__(self):
        return f"{self.publisher}: {self.title}"

    def clean(self):
        refuse_duration(self.published, "published_on")

    def names(self):
        """The title, and the publisher with the title, as in the heading of its page."""
        yield from super().names()
        yield NameRank.OTHER, str(self)

    @property
    def short(self) -> str:
        """A short citation: the publisher, and the date of publication if known."""
        return f"{self.publisher}, {self.published}" if self.published else self.publisher

    @property
    def public_by(self) -> dt.date | None:
        """The day by which it, or what it was taken from, was surely published; None if no date tells."""
        days = [source.published.latest for source in (self, self.taken_from) if source and source.published]
        return min(filter(None, days), default=None)

    @property
    def published(self):
        """The date of publication as a Span, or None."""
        return held(self, "published")
