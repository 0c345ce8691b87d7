"""Assessments of where a process goes, and watch phrases."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Q, Value, When

from tracker.clocks import Clocks
from tracker.models.actors import Party, Person
from tracker.models.base import Record, RecordQuerySet
from tracker.models.collation import CollationKey
from tracker.models.date_columns import happened_by, precise
from tracker.models.dates import HeldDate, refuse_duration
from tracker.models.items import Item
from tracker.models.mergeable import validate_names
from tracker.models.processes import Process
from tracker.models.sources import Source, require_citable
from tracker.models.vocabularies import AssessmentOutcome, Confidence, DatePrecision, Likelihood


class AssessmentQuerySet(RecordQuerySet):
    """Assessments, filtered by clocks."""

    def at(self, clocks: Clocks):
        """Assessments made by `clocks.on` and recorded by `clocks.known`.

        Annotated with `outcome`, `outcome_on` and `outcome_note` as of the day: pending until it was checked.
        """
        rows = super().at(clocks)
        if clocks.on is None:
            return rows.annotate(
                outcome=F("turned_out"), outcome_on=F("judged_on"), outcome_note=F("judged_note")
            )
        by_then = Q(judged_on__lte=clocks.on)
        return rows.filter(happened_by(clocks.on, "made_key")).annotate(
            outcome=Case(When(by_then, then=F("turned_out")), default=Value(AssessmentOutcome.PENDING.value)),
            outcome_on=Case(When(by_then, then=F("judged_on"))),
            outcome_note=Case(When(by_then, then=F("judged_note")), output_field=models.TextField()),
        )


class Assessment(Record):
    """A judgement by an expert or our own analyst; never a party's position."""

    prefix = "ase"
    url_name = "assessment"
    worked_out = (*Record.worked_out, "made_key")
    searched_names = ("statement",)
    searched_texts = ("author_name", "judged_note", "quote", "place")

    process = models.ForeignKey(Process, models.PROTECT, related_name="assessments")
    item = models.ForeignKey(
        Item,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assessments",
        help_text="What it is about, if one item.",
    )
    author = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assessments",
        help_text="The expert quoted.",
    )
    author_name = models.CharField(
        "our analyst", max_length=200, blank=True, help_text="If it is our own assessment."
    )
    statement = models.TextField(help_text="The judgement, in one or two sentences.")
    likelihood = models.CharField(max_length=20, choices=Likelihood, blank=True)
    confidence = models.CharField(max_length=8, choices=Confidence, blank=True)
    made_on = models.DateField()
    made_precision = models.CharField(max_length=11, choices=DatePrecision, default=DatePrecision.DAY)
    made_last = models.DateField(null=True, blank=True)
    made_key = models.IntegerField(editable=False)
    judge_on = models.DateField("check on", null=True, blank=True)
    turned_out = models.CharField(max_length=16, choices=AssessmentOutcome, default=AssessmentOutcome.PENDING)
    judged_on = models.DateField(null=True, blank=True)
    judged_note = models.TextField(blank=True, help_text="The evidence for the outcome.")
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="assessments")
    quote = models.TextField(blank=True)
    place = models.CharField(max_length=200, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-made_key", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=precise("made_on", "made_precision"),
                name="assessment_made_precise",
                violation_error_message="A month is held by its first day, a year by 1 January, a range by two days.",
            ),
            models.CheckConstraint(
                condition=Q(author__isnull=False, author_name="")
                | (Q(author__isnull=True) & ~Q(author_name="")),
                name="assessment_has_one_author",
                violation_error_message="Name either the expert or our own analyst.",
            ),
            models.CheckConstraint(
                condition=Q(turned_out=AssessmentOutcome.PENDING, judged_on__isnull=True)
                | (~Q(turned_out=AssessmentOutcome.PENDING) & Q(judged_on__isnull=False)),
                name="assessment_judged_on_a_day",
                violation_error_message="How it turned out goes with the day on which that was judged.",
            ),
        ]

    def __str__(self):
        return f"{self.author or self.author_name}: {self.statement[:80]}"

    def clean(self):
        refuse_duration(self.made, "made_on")
        if self.item_id and self.process_id and self.item.process_id != self.process_id:
            raise ValidationError({"item": f"“{self.item}” belongs to another process."})
        require_citable(self)

    def save(self, *args, **options):
        self.made_key = self.made.key if self.made else None
        super().save(*args, **options)

    @property
    def outcome_label(self) -> str:
        """The label of the outcome by the clocks of `at`; only for rows from `at`."""
        return AssessmentOutcome(self.outcome).label

    made = HeldDate("made")
    """When it was made, as a Span."""


class WatchPhrase(Record):
    """Words whose reappearance is significant: with variants, the reason, and the parties they apply to."""

    prefix = "wph"
    url_name = "watch-phrase"
    searched_names = ("phrase", "variants")
    searched_texts = ("why",)

    process = models.ForeignKey(Process, models.PROTECT, related_name="watch_phrases")
    phrase = models.CharField(max_length=200)
    sort_key = CollationKey("phrase")
    variants = models.JSONField(
        default=list, blank=True, validators=[validate_names], help_text="Other forms and translations."
    )
    why = models.TextField(help_text="What its return would mean.")
    whose_parties = models.ManyToManyField(Party, blank=True, related_name="watch_phrases")
    whose_people = models.ManyToManyField(Person, blank=True, related_name="watch_phrases")

    class Meta:
        ordering = ["sort_key", "pk"]
        constraints = [models.UniqueConstraint(fields=["process", "phrase"], name="watch_phrase_once")]

    def __str__(self):
        return self.phrase
