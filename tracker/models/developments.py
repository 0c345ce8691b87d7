"""Developments: what happened or was said on a date; every version is kept."""

from types import MappingProxyType

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.utils import timezone

from tracker.clocks import Clocks
from tracker.models.actors import Party, Person
from tracker.models.base import Record, RecordQuerySet, Sealed
from tracker.models.date_columns import DaysBetween, begun_by, happened_by, last_day, precise, recorded_by
from tracker.models.dates import refuse_duration
from tracker.models.fields import LabelledCharField, validate_ref
from tracker.models.order import LATEST_FIRST, RECORDED_LAST, Occurrence, Ordered, place_of, validate_zone
from tracker.models.processes import Process
from tracker.models.talks import Talk
from tracker.models.vocabularies import (
    Basis,
    CorrectionReason,
    DatePrecision,
    DevelopmentKind,
    EndedAs,
    SpeechAct,
    Strength,
)


def in_force(clocks: Clocks, path: str = "") -> Q:
    """The rows that had happened, were recorded and had not ended at `clocks`; `path` leads to their times.

    These are conditions (1) to (3) of the rule of standing; nothing is public before it happens.
    """
    rule = Q()
    if days := [day for day in (clocks.on, clocks.public) if day is not None]:
        rule &= happened_by(min(days), f"{path}happened_key")
    current = Q(**{f"{path}ended_at__isnull": True})
    if clocks.known is None:
        return rule & current
    recorded = Q(**{f"{path}recorded_at__lte": clocks.known})
    return rule & recorded & (current | Q(**{f"{path}ended_at__gt": clocks.known}))


LATE_AFTER_DAYS = 7
"""A development first recorded more than this many days after it happened is marked as late."""

LAG_DAYS = Greatest(
    DaysBetween(
        # Truncating an instant to a day is slow on SQLite, so use the stored day if there is one.
        Case(When(version=1, then=F("recorded_on")), default=TruncDate("first_recorded_at")),
        # What is known to lie after a day may have happened on the day of its recording.
        Coalesce(last_day("occurred_on", "occurred_precision"), "recorded_on"),
    ),
    Value(0),
)
"""`Development.lag_days` as a database expression."""


class DevelopmentQuerySet(RecordQuerySet):
    """Versions of developments, filtered by clocks."""

    def at(self, clocks: Clocks):
        """The version of each development in force at `clocks`, at most one of each."""
        rows = self.filter(in_force(clocks))
        return rows.filter(recorded_by(clocks.known, "happened_key")) if clocks.known else rows

    def latest_first(self):
        """In standing order, newest first."""
        return self.order_by(*LATEST_FIRST)


class Development(Record, Ordered, Occurrence):
    """One version of one development; `ref` names the development, `ref` and `version` the row."""

    prefix = "dev"
    url_name = "development"
    name_fields = ("headline",)
    searched_names = ("headline",)
    searched_texts = ("detail",)

    ref = models.CharField("id", max_length=64, editable=False, validators=[validate_ref])
    process = models.ForeignKey(Process, models.PROTECT, related_name="developments", db_index=False)
    occurred_on = models.DateField("occurred on")
    occurred_precision = models.CharField(max_length=11, choices=DatePrecision, default=DatePrecision.DAY)
    occurred_last = models.DateField(null=True, blank=True)
    occurred_inferred = models.BooleanField(
        "date inferred",
        default=False,
        help_text="The date, or its year, is worked out rather than printed in the source.",
    )
    occurred_time = models.TimeField(
        "time of day",
        null=True,
        blank=True,
        help_text="Such as 14:30, by the clocks of the place where it happened; the date is that of this place too, "
        "and its day ends at midnight there.",
    )
    occurred_zone = models.CharField(
        "time zone",
        max_length=40,
        blank=True,
        validators=[validate_zone],
        help_text="The zone of that place, such as Asia/Riyadh; by default that of this installation. It puts the time "
        "in order with others, and does not change the date.",
    )
    follows = models.CharField(
        "comes after",
        max_length=64,
        blank=True,
        help_text="The development of the same process and day after which it comes, if the source tells their order.",
    )
    kind = LabelledCharField("type", max_length=11, choices=DevelopmentKind)
    headline = models.CharField(max_length=300, help_text="One sentence: who did or said what.")
    detail = models.TextField(blank=True)
    talk = models.ForeignKey(
        Talk, models.PROTECT, null=True, blank=True, related_name="developments", db_index=False
    )
    party = models.ForeignKey(
        Party,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="developments",
        db_index=False,
        help_text="Who acts or speaks.",
    )
    speaker = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="developments", db_index=False
    )
    speech_act = models.CharField(max_length=20, choices=SpeechAct, blank=True)
    strength = models.CharField(max_length=11, choices=Strength, blank=True)
    basis = models.CharField(max_length=17, choices=Basis)

    first_recorded_at = models.DateTimeField(editable=False)
    sequence = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    """Its position, from 0, among developments first recorded at the same instant, such as those of one import."""
    recorded_at = models.DateTimeField("recorded at", editable=False)
    recorded_on = models.DateField(editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="recorded", editable=False
    )
    sourced = models.BooleanField("has a source", default=False, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="ended", editable=False
    )
    ended_as = models.CharField(max_length=9, choices=EndedAs, blank=True, editable=False)
    ended_reason = models.CharField(max_length=15, choices=CorrectionReason, blank=True, editable=False)
    ended_note = models.TextField(blank=True, editable=False)

    objects = DevelopmentQuerySet.as_manager()

    shown_as = MappingProxyType(
        {
            "ended_note": Case(
                When(ended_reason=CorrectionReason.WRONG_PROCESS, then=Value("")),
                default=F("ended_note"),
                output_field=models.TextField(),
            )
        }
    )
    """{field: what a reader's package has in place of it}; see `note_of_end`."""

    CONTENT = (
        "process", "occurred_on", "occurred_precision", "occurred_last", "occurred_inferred", "occurred_time",
        "occurred_zone", "follows", "kind", "headline", "detail", "talk", "party", "speaker", "speech_act", "strength",
        "basis",
    )  # fmt: skip
    """The fields that say what happened; the others are about the version itself."""

    class Meta:
        ordering = LATEST_FIRST
        get_latest_by = ["version"]
        indexes = [
            # Covers the columns of `in_force`, so that a list is counted from the index alone, also of a kind.
            models.Index(fields=[*LATEST_FIRST, "recorded_at", "ended_at"], name="development_latest"),
            *(
                models.Index(
                    fields=[name, *LATEST_FIRST, "recorded_at", "ended_at", *counted],
                    name=f"development_of_{name}",
                )
                for counted, names in ((["kind"], ["process", "party"]), ([], ["talk", "speaker", "kind"]))
                for name in names
            ),
            models.Index(fields=[*RECORDED_LAST, "ended_at", "happened_key"], name="development_recorded"),
            models.Index(F("process") + 0, F("recorded_at").desc(), name="development_last_recorded"),
            models.Index(
                F("process") + 0,
                F("ended_at").desc(),
                condition=Q(ended_at__isnull=False),
                name="development_last_ended",
            ),
            *(
                models.Index(fields=fields, condition=Q(sourced=False, ended_at__isnull=True), name=name)
                for name, fields in (
                    ("development_unsourced", ["process", "-happened_key"]),
                    ("development_unsourced_latest", LATEST_FIRST),
                )
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["ref", "version"], name="development_version_once"),
            models.UniqueConstraint(
                fields=["ref"], condition=Q(ended_at__isnull=True), name="development_current_once"
            ),
            models.CheckConstraint(
                condition=precise("occurred_on", "occurred_precision"),
                name="development_occurred_precise",
                violation_error_message="A month is held by its first day, a year by 1 January, a range by two days.",
            ),
            models.CheckConstraint(
                condition=begun_by(F("recorded_on"), "occurred_on", "occurred_precision", "occurred_time"),
                name="development_not_in_the_future",
                violation_error_message="It cannot have happened after the day on which it is recorded.",
            ),
            models.CheckConstraint(
                condition=Q(occurred_time__isnull=True) | Q(occurred_precision=DatePrecision.DAY),
                name="development_time_of_a_day",
                violation_error_message="A time of day needs a whole day as the date.",
            ),
            models.CheckConstraint(
                condition=Q(occurred_zone="") | Q(occurred_time__isnull=False),
                name="development_zone_of_a_time",
                violation_error_message="A time zone needs a time of day.",
            ),
            models.CheckConstraint(
                condition=Q(follows="") | Q(occurred_precision=DatePrecision.DAY),
                name="development_follows_within_a_day",
                violation_error_message="What comes after another of the same day needs a whole day as the date.",
            ),
            models.CheckConstraint(
                condition=Q(party__isnull=False) | Q(talk__isnull=False),
                name="development_of_party_or_talk",
                violation_error_message="Name the party that acts or speaks, or the talk it belongs to.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=DevelopmentKind.STATEMENT) | ~Q(speech_act=""),
                name="statement_has_speech_act",
                violation_error_message="A statement needs its speech act.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_as="", ended_by__isnull=True, ended_reason="")
                | Q(ended_at__gte=F("recorded_at"), ended_as=EndedAs.WITHDRAWN, ended_by__isnull=False)
                | Q(
                    ended_at__gte=F("recorded_at"),
                    ended_as=EndedAs.CORRECTED,
                    ended_by__isnull=False,
                    ended_reason__gt="",
                ),
                name="development_ended_with_who_and_why",
            ),
        ]

    def clean(self):
        self.require_begun()
        if self.kind != DevelopmentKind.TALKS:
            refuse_duration(self.occurred, "occurred_on")
        if self.talk_id and self.process_id and self.talk.process_id != self.process_id:
            raise ValidationError({"talk": f"{self.talk} belongs to another process."})

    def save(self, *args, **options):
        """Insert a version; refuse updates. Only `tracker.recording` sets the end of a version."""
        if not self._state.adding:
            raise Sealed(
                "A recorded development is never rewritten: correct or withdraw it through tracker.recording."
            )
        super().save(*args, **options | {"force_insert": True})

    @property
    def note_of_end(self) -> str:
        """Why it ended; empty if it was moved: only those who may see the other process too are told."""
        return "" if self.ended_reason == CorrectionReason.WRONG_PROCESS else self.ended_note

    @property
    def is_told_order(self) -> bool:
        """Whether anything is told of its order within the day."""
        return self.occurred_time is not None or bool(self.follows)

    def place_by_first_recording(self) -> None:
        """Set the place within the day that it has if nothing is told of it."""
        self.placed_at, self.place = self.first_recorded_at, place_of(self.sequence)

    @property
    def lag_days(self) -> int:
        """The days from its date to the day of first recording."""
        recorded = self.recorded_on if self.version == 1 else timezone.localdate(self.first_recorded_at)
        return max(0, (recorded - (self.occurred.last or self.recorded_on)).days)

    @property
    def is_late(self) -> bool:
        """Whether it was first recorded more than LATE_AFTER_DAYS after it happened."""
        return self.lag_days > LATE_AFTER_DAYS

    @property
    def is_current(self) -> bool:
        """Whether this version is in force now."""
        return self.ended_at is None
