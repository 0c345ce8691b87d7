"""Parties, people, and the offices that people held."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, F, Q, When

from tracker.clocks import Clocks
from tracker.models.base import RecordQuerySet, UnmergedManager
from tracker.models.collation import CollationKey
from tracker.models.date_columns import precise
from tracker.models.dates import HeldDate, refuse_duration, span
from tracker.models.fields import LabelledCharField
from tracker.models.mergeable import (
    ALIASES_HELP,
    Mergeable,
    MergedInto,
    once,
    validate_names,
)
from tracker.models.names import NameRank, surnames
from tracker.models.vocabularies import DatePrecision, PartyKind


class Party(Mergeable):
    """A state, alliance, union, organisation, armed group or other body that can take a position."""

    prefix = "pty"
    process_path = None
    url_name = "party"
    name_fields = ("name", "short_name", "iso_code")
    searched_names = ("name", "short_name", "aliases")
    is_offered = True
    searched_texts = ("iso_code", "description")

    name = models.CharField(max_length=200)
    sort_key = CollationKey("name")
    short_name = models.CharField(max_length=40, blank=True, help_text="For narrow columns: US, UK, EU.")
    kind = LabelledCharField("type", max_length=12, choices=PartyKind)
    iso_code = models.CharField(
        "ISO code",
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{2}$", "Two capital letters, such as UA.")],
        help_text="ISO 3166-1 alpha-2, where there is one.",
    )
    aliases = models.JSONField(default=list, blank=True, validators=[validate_names], help_text=ALIASES_HELP)
    description = models.TextField(blank=True)
    merged_into = MergedInto()

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name_plural = "parties"
        indexes = [models.Index(fields=["sort_key", "id"], name="party_sort_key")]
        constraints = [
            once("name", "party_name_once", "Party with this Name already exists."),
            models.UniqueConstraint(
                fields=["iso_code"],
                condition=~Q(iso_code="") & Q(merged_into=None),
                name="party_iso_code_once",
                violation_error_message="Another party has this ISO code.",
            ),
        ]

    @property
    def short(self) -> str:
        """The short name, or else the name."""
        return self.short_name or self.name


class Person(Mergeable):
    """A speaker, a member of a delegation, or a quoted expert."""

    prefix = "per"
    process_path = None
    url_name = "person"
    name_fields = ("name",)
    searched_names = ("name", "aliases")
    is_offered = True
    searched_texts = ("affiliation", "description")

    name = models.CharField(max_length=200)
    sort_key = CollationKey("name")
    aliases = models.JSONField(default=list, blank=True, validators=[validate_names], help_text=ALIASES_HELP)
    party = models.ForeignKey(
        Party,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        help_text="The party that the person usually speaks for; empty for an independent expert.",
    )
    affiliation = models.CharField(max_length=200, blank=True, help_text="An expert's institute.")
    affiliation_sort_key = CollationKey("affiliation")
    description = models.TextField(blank=True)
    merged_into = MergedInto()

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name_plural = "people"
        indexes = [models.Index(fields=["sort_key", "id"], name="person_sort_key")]

    def names(self):
        """The names and aliases, and their surnames."""
        yield from super().names()
        for name in (self.name, *self.aliases):
            for surname in surnames(name):
                yield NameRank.SURNAME, surname


class OfficeQuerySet(RecordQuerySet):
    """Offices, filtered by clocks."""

    def at(self, clocks: Clocks):
        """Offices that had begun by `clocks.on`, or may have, and were recorded by `clocks.known`.

        The end is annotated as `ended_on`, `ended_precision` and `ended_last`, empty where it lies after the day.
        """
        rows = super().at(clocks)
        end = {"ended_on": "held_to", "ended_precision": "held_to_precision", "ended_last": "held_to_last"}
        if clocks.on is None:
            return rows.annotate(**{name: F(column) for name, column in end.items()})
        ended = Q(held_to__lte=clocks.on) | Q(
            held_to_precision=DatePrecision.BEFORE, held_to__lte=clocks.on + dt.timedelta(days=1)
        )
        begun = Q(held_from__isnull=True) | Q(held_from_precision=DatePrecision.BEFORE)
        return rows.filter(begun | Q(held_from__lte=clocks.on)).annotate(
            **{name: Case(When(ended, then=F(column))) for name, column in end.items()}
        )


class Office(Mergeable):
    """A post that a person held, with its start and end if known."""

    prefix = "off"
    part_of = "person"
    process_path = None
    name_fields = ("title",)
    searched_names = ("title", "aliases")
    searched_texts = ("organisation",)

    person = models.ForeignKey(Person, models.PROTECT, related_name="offices")
    title = models.CharField(max_length=200)
    sort_key = CollationKey("title")
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="offices")
    organisation = models.CharField(max_length=200, blank=True)
    held_from = models.DateField(null=True, blank=True)
    held_from_precision = models.CharField(max_length=11, choices=DatePrecision, blank=True)
    held_from_last = models.DateField(null=True, blank=True)
    held_to = models.DateField(null=True, blank=True)
    held_to_precision = models.CharField(max_length=11, choices=DatePrecision, blank=True)
    held_to_last = models.DateField(null=True, blank=True)
    inferred = models.BooleanField("dates inferred", default=False)
    aliases = models.JSONField(default=list, blank=True, validators=[validate_names], help_text=ALIASES_HELP)
    merged_into = MergedInto()

    objects = UnmergedManager.from_queryset(OfficeQuerySet)()
    everything = OfficeQuerySet.as_manager()

    class Meta:
        ordering = ["person__sort_key", F("held_from").desc(nulls_last=True), "sort_key", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=precise("held_from", "held_from_precision", optional=True),
                name="office_from_precise",
            ),
            models.CheckConstraint(
                condition=precise("held_to", "held_to_precision", optional=True), name="office_to_precise"
            ),
            models.CheckConstraint(
                condition=~Q(held_from_precision=DatePrecision.DAY, held_to_precision=DatePrecision.DAY)
                | Q(held_to__gte=F("held_from")),
                name="office_ends_after_it_begins",
                violation_error_message="An office cannot end before it begins.",
            ),
        ]

    def clean(self):
        """Refuse an end all of whose days lie before all on which it can have begun."""
        refuse_duration(self.since, "held_from")
        refuse_duration(self.until, "held_to")
        begins, ends = self.since and self.since.earliest, self.until and self.until.latest
        if begins and ends and ends < begins:
            raise ValidationError({"held_to": f"An office that begins {self.since} cannot end {self.until}."})

    @property
    def since(self):
        """The first day as a Span, or None."""
        return span(self.held_from, self.held_from_precision, self.held_from_last)

    @property
    def until(self):
        """The last day as a Span, or None."""
        return span(self.held_to, self.held_to_precision, self.held_to_last)

    ended = HeldDate("ended")
    """The last day by the clocks of `at`, or None; only for rows from `at`."""
