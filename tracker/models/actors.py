"""Parties, people, and the offices that people held."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, F, Q, When

from tracker.clocks import Clocks
from tracker.models.base import Record, RecordQuerySet
from tracker.models.dates import partial, precise
from tracker.models.fields import LabelledCharField
from tracker.models.names import NameRank, surnames
from tracker.models.vocabularies import DatePrecision, PartyKind


def validate_names(names) -> None:
    """Raise ValidationError unless `names` is a list of non-empty texts."""
    if not isinstance(names, list) or not all(isinstance(name, str) and name.strip() for name in names):
        raise ValidationError("Give a list of names, each a text.")


class Party(Record):
    """A state, alliance, union, organisation, armed group or other body that can take a position."""

    prefix = "pty"
    process_path = None
    url_name = "party"
    name_fields = ("name", "short_name", "iso_code")

    name = models.CharField(max_length=200, unique=True)
    short_name = models.CharField(max_length=40, blank=True, help_text="For narrow columns: US, UK, EU.")
    kind = LabelledCharField("type", max_length=12, choices=PartyKind)
    iso_code = models.CharField(
        "ISO code",
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{2}$", "Two capital letters, such as UA.")],
        help_text="ISO 3166-1 alpha-2, where there is one.",
    )
    aliases = models.JSONField(
        default=list, blank=True, validators=[validate_names], help_text="Other names and spellings."
    )
    description = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "parties"
        constraints = [
            models.UniqueConstraint(
                fields=["iso_code"],
                condition=~Q(iso_code=""),
                name="party_iso_code_once",
                violation_error_message="Another party has this ISO code.",
            ),
        ]

    @property
    def short(self) -> str:
        """The short name, or else the name."""
        return self.short_name or self.name


class Person(Record):
    """A speaker, a member of a delegation, or a quoted expert."""

    prefix = "per"
    process_path = None
    url_name = "person"
    name_fields = ("name",)

    name = models.CharField(max_length=200)
    aliases = models.JSONField(
        default=list, blank=True, validators=[validate_names], help_text="Other names and spellings."
    )
    party = models.ForeignKey(
        Party,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        help_text="The party that the person usually speaks for; empty for an independent expert.",
    )
    affiliation = models.CharField(max_length=200, blank=True, help_text="An expert's institute.")
    description = models.TextField(blank=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "people"
        indexes = [models.Index(fields=["name"], name="person_name")]

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

        Annotated with the end as `ended_on` and `ended_precision`, both NULL if it is after the day.
        """
        rows = super().at(clocks)
        if clocks.on is None:
            return rows.annotate(ended_on=F("held_to"), ended_precision=F("held_to_precision"))
        sign = "lt" if clocks.before else "lte"
        ended = Q(**{f"held_to__{sign}": clocks.on})
        begun = Q(held_from__isnull=True) | Q(held_from_precision=DatePrecision.BEFORE)
        return rows.filter(begun | Q(**{f"held_from__{sign}": clocks.on})).annotate(
            ended_on=Case(When(ended, then=F("held_to"))),
            ended_precision=Case(When(ended, then=F("held_to_precision"))),
        )


class Office(Record):
    """A post that a person held, with its start and end if known."""

    prefix = "off"
    part_of = "person"
    process_path = None
    name_fields = ("title",)

    person = models.ForeignKey(Person, models.PROTECT, related_name="offices")
    title = models.CharField(max_length=200)
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="offices")
    organisation = models.CharField(max_length=200, blank=True)
    held_from = models.DateField(null=True, blank=True)
    held_from_precision = models.CharField(max_length=6, choices=DatePrecision, blank=True)
    held_to = models.DateField(null=True, blank=True)
    held_to_precision = models.CharField(max_length=6, choices=DatePrecision, blank=True)
    inferred = models.BooleanField("dates inferred", default=False)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        ordering = ["person__name", F("held_from").desc(nulls_last=True), "title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=precise("held_from", "held_from_precision", optional=True),
                name="office_from_precise",
            ),
            models.CheckConstraint(
                condition=precise("held_to", "held_to_precision", optional=True), name="office_to_precise"
            ),
            models.CheckConstraint(
                condition=Q(held_from__isnull=True)
                | Q(held_to__isnull=True)
                | Q(held_to__gte=F("held_from")),
                name="office_ends_after_it_begins",
                violation_error_message="An office cannot end before it begins.",
            ),
        ]

    @property
    def since(self):
        """The first day as a PartialDate, or None."""
        return partial(self.held_from, self.held_from_precision)

    @property
    def until(self):
        """The last day as a PartialDate, or None."""
        return partial(self.held_to, self.held_to_precision)

    @property
    def ended(self):
        """The last day by the clocks of `at`, or None; only for rows from `at`."""
        return partial(self.ended_on, self.ended_precision)
