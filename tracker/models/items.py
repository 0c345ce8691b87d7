"""Items: the table shared by talks, principles, demands and follow-ups, with their stored standing."""

from types import MappingProxyType

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Q, When

from tracker.models.actors import Party
from tracker.models.base import SealedModel, VisibleQuerySet, page_pattern
from tracker.models.collation import CollationKey
from tracker.models.dates import RANGES, HeldDate
from tracker.models.fields import LabelledCharField
from tracker.models.mergeable import ALIASES_HELP, Mergeable, MergedInto, once, validate_names
from tracker.models.processes import Process
from tracker.models.vocabularies import (
    CLOSED,
    LADDERS,
    DatePrecision,
    Firmness,
    ItemKind,
    Stance,
    TalkOutcome,
)

ENDED = tuple(sorted(CLOSED[ItemKind.TALK] | CLOSED[ItemKind.FOLLOW_UP]))
"""The statuses that end an obligation."""


@models.CharField.register_lookup
class IsOpen(models.Transform):
    """Whether a status, or none, does not end an obligation.

    Its codes stand in the query itself: SQLite does not use an index of some rows for conditions with parameters.
    """

    lookup_name = "is_open"
    output_field = models.BooleanField()
    template = "coalesce(%(expressions)s, '') NOT IN ({})".format(", ".join(f"'{code}'" for code in ENDED))


@models.CharField.register_lookup
class IsLong(models.Transform):
    """Whether a date of this precision can mean days long after the one that it is held by; codes as in IsOpen."""

    lookup_name = "is_long"
    output_field = models.BooleanField()
    template = "coalesce(%(expressions)s, '') IN ({})".format(
        ", ".join(f"'{code.value}'" for code in (*RANGES, DatePrecision.AFTER))
    )


def is_owed(prefix: str = "") -> Q:
    """The condition that an item is open and has a due date or a review date; `prefix` begins the names of its values.

    An index has the items of which it holds, so a query for them states it just so.
    """
    due, review = (Q(**{f"{prefix}{name}__isnull": False}) for name in ("due_on", "review_on"))
    return Q(**{f"{prefix}status__is_open": True}) & (due | review)


class Issue(Mergeable):
    """A subject of positions, shared by items and processes."""

    prefix = "iss"
    process_path = None
    url_name = "issue"
    name_fields = ("name",)
    searched_names = ("name", "aliases")
    searched_texts = ("description",)

    name = models.CharField(max_length=200)
    sort_key = CollationKey("name")
    description = models.TextField(blank=True)
    aliases = models.JSONField(default=list, blank=True, validators=[validate_names], help_text=ALIASES_HELP)
    merged_into = MergedInto()

    class Meta:
        ordering = ["sort_key", "pk"]
        indexes = [models.Index(fields=["sort_key", "id"], name="issue_sort_key")]
        constraints = [once("name", "issue_name_once", "Issue with this Name already exists.")]


class Item(Mergeable):
    """A talk, principle, demand or follow-up: its kind's table has its attributes, effects decide its standing."""

    prefix = "itm"
    name_fields = ("title",)
    kind_code: str
    """The ItemKind of a subclass."""

    process = models.ForeignKey(Process, models.PROTECT, related_name="items")
    item_kind = LabelledCharField("type", max_length=9, choices=ItemKind, editable=False)
    title = models.CharField(max_length=300, help_text="A short name by which analysts will find it again.")
    sort_key = CollationKey("title")
    issues = models.ManyToManyField(Issue, blank=True, related_name="items")
    note = models.TextField(blank=True, help_text="For colleagues; not part of what anybody said.")

    aliases = models.JSONField(default=list, blank=True, validators=[validate_names], help_text=ALIASES_HELP)
    merged_into = MergedInto()

    current_status = models.CharField(max_length=25, null=True, editable=False)
    current_status_on = models.DateField(null=True, editable=False)
    current_status_precision = models.CharField(
        max_length=11, choices=DatePrecision, null=True, editable=False
    )
    current_status_last = models.DateField(null=True, editable=False)
    current_firmness = LabelledCharField(
        "firmness", max_length=9, choices=Firmness, null=True, editable=False
    )
    current_outcome = LabelledCharField(
        "outcome", max_length=17, choices=TalkOutcome, null=True, editable=False
    )
    current_due_on = models.DateField(null=True, editable=False)
    current_due_precision = models.CharField(max_length=11, choices=DatePrecision, null=True, editable=False)
    current_due_last = models.DateField(null=True, editable=False)
    current_due_phrase = models.CharField(max_length=200, null=True, editable=False)
    current_review_on = models.DateField(null=True, editable=False)
    current_wording = models.TextField(null=True, editable=False)
    current_wording_language = models.CharField(max_length=35, null=True, editable=False)
    current_other_texts = models.JSONField(null=True, editable=False)
    current_raised_on = models.DateField(null=True, editable=False)
    current_raised_precision = models.CharField(
        max_length=11, choices=DatePrecision, null=True, editable=False
    )
    current_raised_last = models.DateField(null=True, editable=False)
    current_changed_on = models.DateField(null=True, editable=False)
    current_changed_precision = models.CharField(
        max_length=11, choices=DatePrecision, null=True, editable=False
    )
    current_changed_last = models.DateField(null=True, editable=False)
    current_changed_key = models.IntegerField(null=True, editable=False)
    current_doubt = models.TextField(blank=True, editable=False)
    """What of it may stand otherwise by another choice of days, as `tracker.domain.doubt.codes` has it."""

    shown_as = MappingProxyType(
        {
            "merged_into_id": Case(
                When(merged_into__process=F("process"), then=F("merged_into__ref")),
                output_field=models.CharField(),
            )
        }
    )
    """{column: what a reader's package has in place of it}: not where it was moved to, which another process has."""

    class Meta:
        ordering = ["sort_key", "pk"]
        indexes = [
            models.Index(fields=["process", "item_kind", "-current_changed_key"], name="item_of_process"),
            models.Index(fields=["item_kind", "-current_changed_key", "-id"], name="item_by_change"),
            models.Index(
                fields=["item_kind", "current_status", "-current_changed_key", "-id"], name="item_by_status"
            ),
            models.Index(fields=["item_kind", "current_due_on", "id"], name="item_by_due"),
            models.Index(fields=["item_kind", "sort_key", "id"], name="item_by_title"),
            models.Index(
                fields=[
                    "current_due_on",
                    "current_review_on",
                    "id",
                    "current_due_precision",
                    "current_due_last",
                ],
                condition=is_owed("current_"),
                name="item_owed",
            ),
            models.Index(
                fields=["current_due_on", "current_review_on", "id"],
                condition=is_owed("current_") & Q(current_due_precision__is_long=True),
                name="item_owed_by_long",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(current_status__isnull=True)
                | Q(
                    *(
                        Q(item_kind=kind, current_status__in=ladder.values)
                        for kind, ladder in LADDERS.items()
                    ),
                    _connector=Q.OR,
                ),
                name="item_status_of_its_kind",
            ),
        ]

    def clean(self):
        """Refuse a change of process, and relations to items of other processes, which other users may see."""
        if self.pk and Item.objects.filter(pk=self.pk).exclude(process=self.process_id).exists():
            raise ValidationError({"process": f"“{self}” stays in the process that it was recorded in."})
        for field in self._meta.concrete_fields:
            if field.is_relation and issubclass(field.related_model, Item) and not field.primary_key:
                other = getattr(self, field.name)
                if other and self.process_id and other.process_id != self.process_id:
                    raise ValidationError({field.name: f"“{other}” belongs to another process."})

    def get_absolute_url(self):
        """The item's page under its own kind, also if the subclass's row is not loaded."""
        return page_pattern(self.item_kind.replace("_", "-")).replace("REF", self.ref)

    due = HeldDate("current_due")
    """The current due date as a Span, or None."""


class ItemStance(SealedModel):
    """A party's current stance on an item; emptied, but kept, when all its statements have been withdrawn."""

    process_path = "item__process"

    item = models.ForeignKey(Item, models.CASCADE, related_name="stances")
    party = models.ForeignKey(Party, models.PROTECT, related_name="stances")
    current_stance = models.CharField(max_length=20, choices=Stance, null=True, editable=False)
    current_doubt = models.CharField(max_length=200, blank=True, editable=False)
    """The other stances that may be the latest."""

    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "party"], name="stance_once_per_party")]

    def __str__(self):
        return f"{self.party}: {self.current_stance or 'no statement'}"
