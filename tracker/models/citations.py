"""Citations: what a development rests on."""

from django.db import models

from tracker.clocks import Clocks
from tracker.models.base import Record, RecordQuerySet, Sealed
from tracker.models.developments import Development, in_force
from tracker.models.source_texts import SourceText
from tracker.models.sources import Source, require_citable
from tracker.models.vocabularies import Credibility


class CitationQuerySet(RecordQuerySet):
    """Citations, filtered by clocks."""

    def at(self, clocks: Clocks):
        """Citations of developments in force at `clocks`."""
        return self.filter(in_force(clocks, "development__"))


class Citation(Record):
    """A source of a development: the quote, its place in the source, and its credibility."""

    prefix = "cit"
    part_of = "development"
    process_path = "development__process"
    searched_texts = ("quote", "place")

    version = None  # its development has them
    development = models.ForeignKey(Development, models.PROTECT, related_name="citations")
    source = models.ForeignKey(Source, models.PROTECT, related_name="citations")
    quote = models.TextField(blank=True, help_text="The exact words.")
    place = models.CharField(
        max_length=200, blank=True, help_text="Where in the source: page, paragraph, section."
    )
    credibility = models.CharField(max_length=1, choices=Credibility, default=Credibility.CANNOT_BE_JUDGED)
    found = models.BooleanField(
        null=True, editable=False, help_text="Whether a stored text has the words; empty if none is stored."
    )
    looked_up_at = models.DateTimeField(null=True, editable=False)
    found_at = models.DateTimeField(null=True, editable=False)
    """When a text to look the words up in, and one with the words, was stored; empty if it was before the recording."""

    found_in = models.ForeignKey(
        SourceText, models.PROTECT, null=True, editable=False, related_name="citations", db_index=False
    )
    """The text that proves the words: the one in which they were found first."""

    objects = CitationQuerySet.as_manager()

    CONTENT = ("source", "quote", "place", "credibility")

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.source}, {self.place}" if self.place else str(self.source)

    def clean(self):
        require_citable(self)

    def save(self, *args, **options):
        """Insert a citation of a new version; refuse updates, as for the development."""
        if not self._state.adding:
            raise Sealed(
                "A recorded citation is never rewritten: correct its development through tracker.recording."
            )
        super().save(*args, **options | {"force_insert": True})
