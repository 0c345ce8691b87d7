"""Effects of a development on items."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from tracker.clocks import Clocks
from tracker.models.actors import Party
from tracker.models.base import Record, RecordQuerySet, Sealed
from tracker.models.date_columns import precise
from tracker.models.dates import HeldDate, Span, refuse_duration
from tracker.models.developments import Development, in_force
from tracker.models.fields import LabelledCharField
from tracker.models.items import Item
from tracker.models.order import LATEST_FIRST, Ordered
from tracker.models.vocabularies import (
    LADDERS,
    DatePrecision,
    Firmness,
    ItemKind,
    Stance,
    TalkOutcome,
)
from tracker.text.languages import wrong_language

DATED_KINDS = (ItemKind.TALK, ItemKind.FOLLOW_UP)
"""The item kinds with a due date: when a follow-up is due, or a talk is planned."""

GIVEN_UP = "none"
"""The due phrase of an effect that gives up the due date, with no other in its place."""


def due_words(on: Span | None, phrase: str | None) -> str:
    """A due date and its phrase for people; empty without both."""
    return "given up" if phrase == GIVEN_UP else " · ".join(filter(None, [phrase, str(on) if on else ""]))


SETS_DUE = Q(due_on__isnull=False) | Q(review_on__isnull=False) | Q(due_phrase=GIVEN_UP)
"""The effects that set a due date, a due phrase, which always has a review date, or neither."""

SETS_WORDING = Q(wording__isnull=False, other_texts__isnull=False)
"""The effects that set a wording: of several texts of it, that which is shown first."""

SETS_MORE = (
    Q(status__isnull=False)
    | Q(stance__isnull=False)
    | Q(firmness__isnull=False)
    | Q(outcome__isnull=False)
    | Q(due_on__isnull=False)
    | ~Q(due_phrase="")
)
"""The effects that set something other than a wording."""


class EffectQuerySet(RecordQuerySet):
    """Effects, filtered by clocks."""

    def at(self, clocks: Clocks):
        """The effects in force at `clocks`."""
        return self.filter(in_force(clocks))

    def latest_first(self):
        """In standing order: the first row that sets an aspect is its current value."""
        return self.order_by(*LATEST_FIRST)


_OCCURRED = ("occurred_on", "occurred_precision", "occurred_last")
_DUE = ("due_on", "due_precision", "due_last", "due_phrase", "review_on")


def _covering(name: str, *covered: str, of=("item",), condition=None) -> models.Index:
    """An index in standing order that covers the columns of `in_force` and those that the effect sets."""
    order = ("happened_key", "placed_at", "place", "id", "recorded_at", "ended_at")
    return models.Index(fields=[*of, *order, *covered], condition=condition, name=name)


class Effect(Record, Ordered):
    """The aspects of one item that one version of a development sets; empty fields leave them unchanged."""

    prefix = "eff"
    part_of = "development"
    process_path = "development__process"
    searched_texts = ("wording", "due_phrase")

    version = None  # its development has them
    development = models.ForeignKey(Development, models.PROTECT, related_name="effects")
    item = models.ForeignKey(Item, models.PROTECT, related_name="effects", db_index=False)
    item_kind = LabelledCharField("type", max_length=9, choices=ItemKind, editable=False)
    party = models.ForeignKey(
        Party,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="effects",
        db_index=False,
        help_text="Whose stance (default: the party above).",
    )
    status = models.CharField(max_length=25, null=True, blank=True)
    stance = models.CharField(max_length=20, choices=Stance, null=True, blank=True)
    firmness = models.CharField(max_length=9, choices=Firmness, null=True, blank=True)
    outcome = models.CharField(max_length=17, choices=TalkOutcome, null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    due_precision = models.CharField(max_length=11, choices=DatePrecision, blank=True)
    due_last = models.DateField(null=True, blank=True)
    due_phrase = models.CharField(
        max_length=200,
        blank=True,
        help_text="Words in place of a date, such as “as soon as possible”. Write none if the date was given up.",
    )
    review_on = models.DateField(null=True, blank=True, help_text="When to review a due phrase.")
    wording = models.TextField(null=True, blank=True, help_text="The new text of the item.")
    wording_language = models.CharField(
        max_length=35,
        blank=True,
        help_text="The language of the wording: a BCP 47 code such as en or fa. A text that is authentic in several "
        "languages takes a row for each of them.",
    )
    other_texts = models.JSONField(null=True, default=list, db_default=[], editable=False)
    """The texts of the same wording in other languages, [language, text] each; empty where this is one of those."""

    occurred_on = models.DateField(editable=False)
    occurred_precision = models.CharField(max_length=11, choices=DatePrecision, editable=False)
    occurred_last = models.DateField(null=True, editable=False)
    earliest_on = models.DateField(null=True, editable=False)
    """The first day on which it can have happened; empty where nobody knows."""
    latest_on = models.DateField(null=True, editable=False)
    """The last day on which it can have happened, at the latest that on which the version was recorded."""
    ended_at = models.DateTimeField(null=True, editable=False)
    leaves_open = models.BooleanField(default=False, db_default=False, editable=False)
    """Whether it is known less exactly than to a day, or an earlier row for the item is of the same day."""

    objects = EffectQuerySet.as_manager()

    CONTENT = (
        "item", "party", "status", "stance", "firmness", "outcome", "due_on", "due_precision", "due_last",
        "due_phrase", "review_on", "wording", "wording_language",
    )  # fmt: skip
    """The fields that say what it sets; the others follow from its development."""

    class Meta:
        ordering = LATEST_FIRST
        # Each aspect has a covering index of its own, so that a standing takes one index lookup per aspect and item,
        # however long the history. The partial indexes contain only rows that set the aspect.
        indexes = [
            _covering("effect_of_item", *_OCCURRED),
            _covering("effect_status", "status", *_OCCURRED, condition=Q(status__isnull=False)),
            _covering("effect_firmness", "firmness", condition=Q(firmness__isnull=False)),
            _covering("effect_outcome", "outcome", condition=Q(outcome__isnull=False)),
            _covering("effect_wording", condition=SETS_WORDING),
            _covering("effect_due", *_DUE, condition=SETS_DUE),
            _covering("effect_stance", "stance", of=("item", "party"), condition=Q(stance__isnull=False)),
            _covering("effect_retracted", of=("item", "party"), condition=Q(stance=Stance.RETRACTED)),
            models.Index(fields=["party", "-happened_key"], name="effect_of_party"),
            models.Index(fields=["item", "happened_key"], condition=Q(leaves_open=True), name="effect_open"),
            models.Index(
                fields=["item_kind", "due_on", "item", "happened_key", "recorded_at", "ended_at"],
                condition=Q(due_on__isnull=False),
                name="effect_by_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["development", "item", "party", "wording_language"],
                condition=Q(party__isnull=False),
                name="effect_once_per_item_and_party",
                violation_error_message="This development already has an effect on this item for this party.",
            ),
            models.UniqueConstraint(
                fields=["development", "item", "wording_language"],
                condition=Q(party__isnull=True),
                name="effect_once_per_item",
                violation_error_message="This development already has an effect on this item.",
            ),
            models.CheckConstraint(
                condition=Q(wording_language="") | Q(wording__isnull=False),
                name="effect_language_of_wording",
                violation_error_message="A language is that of a wording: give the wording, or leave this empty.",
            ),
            models.CheckConstraint(
                condition=Q(status__isnull=True)
                | Q(
                    *(Q(item_kind=kind, status__in=ladder.values) for kind, ladder in LADDERS.items()),
                    _connector=Q.OR,
                ),
                name="effect_status_of_its_kind",
                violation_error_message="This status belongs to another kind of item.",
            ),
            models.CheckConstraint(
                condition=Q(firmness__isnull=True) | Q(item_kind=ItemKind.DEMAND),
                name="effect_firmness_of_demand",
                violation_error_message="Only a demand has a firmness.",
            ),
            models.CheckConstraint(
                condition=Q(outcome__isnull=True) | Q(item_kind=ItemKind.TALK),
                name="effect_outcome_of_talk",
                violation_error_message="Only a talk has an outcome.",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True, due_phrase="") | Q(item_kind__in=DATED_KINDS),
                name="effect_due_of_dated_kind",
                violation_error_message="Only a follow-up or a talk has a due date.",
            ),
            models.CheckConstraint(
                condition=precise("due_on", "due_precision", optional=True),
                name="effect_due_precise",
                violation_error_message="A due date needs its precision.",
            ),
            models.CheckConstraint(
                condition=Q(due_phrase__in=("", GIVEN_UP))
                | Q(due_on__isnull=False)
                | Q(review_on__isnull=False),
                name="effect_due_phrase_has_review",
                violation_error_message="A due phrase without a date needs a day to look at it again.",
            ),
            models.CheckConstraint(
                condition=~Q(due_phrase=GIVEN_UP) | Q(due_on__isnull=True, review_on__isnull=True),
                name="effect_given_up_has_no_date",
                violation_error_message="A due date that was given up has neither a date nor a review date.",
            ),
            models.CheckConstraint(
                condition=Q(review_on__isnull=True) | Q(due_on__isnull=False) | ~Q(due_phrase=""),
                name="effect_review_of_due",
                violation_error_message="A review date goes with a due date or phrase.",
            ),
            models.CheckConstraint(
                condition=Q(stance__isnull=True) | Q(party__isnull=False),
                name="effect_stance_of_party",
                violation_error_message="A stance is somebody's: name the party.",
            ),
            models.CheckConstraint(
                condition=SETS_MORE | Q(wording__isnull=False),
                name="effect_sets_something",
                violation_error_message="Set at least one of status, stance, firmness, outcome, due or wording.",
            ),
        ]

    def __str__(self):
        return f"{self.development} → {self.item}"

    def clean(self):
        if self.item_id is not None:
            self.item_kind = self.item.item_kind
        if self.wording_language and (rule := wrong_language(self.wording_language)):
            raise ValidationError({"wording_language": rule})
        if self.item_id is None:
            return
        if self.item_kind != ItemKind.TALK:
            refuse_duration(self.due, "due_on")
        ladder = LADDERS[self.item_kind]
        if self.status and self.status not in ladder.values:
            noun, known = ItemKind(self.item_kind).label.lower(), ", ".join(ladder.values)
            raise ValidationError(
                {"status": f"“{self.status}” is not a status of a {noun}; choose from {known}."}
            )

    def save(self, *args, **options):
        """Insert an effect of a new version; refuse updates, as for the development."""
        if not self._state.adding:
            raise Sealed(
                "A recorded effect is never rewritten: correct its development through tracker.recording."
            )
        super().save(*args, **options | {"force_insert": True})

    occurred = HeldDate("occurred")
    """When it happened, as precisely as is known."""

    due = HeldDate("due")
    """The due date as a Span, or None."""

    @property
    def status_label(self) -> str:
        """The label of the status; empty if none is set."""
        return LADDERS[self.item_kind](self.status).label if self.status else ""
