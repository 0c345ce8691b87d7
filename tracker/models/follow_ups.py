"""Follow-ups: promised or expected actions."""

from django.db import models
from django.db.models import F, Q

from tracker.models.actors import Party, Person
from tracker.models.chains import require_no_circle
from tracker.models.fields import LabelledCharField
from tracker.models.items import Item
from tracker.models.talks import Talk
from tracker.models.vocabularies import FollowUpKind, ItemKind


class FollowUp(Item):
    """Something promised or expected next; an appointment names its office and, once known, its person."""

    prefix = "fup"
    url_name = "follow-up"
    kind_code = ItemKind.FOLLOW_UP
    searched_names = ("title", "aliases")
    is_offered = True
    searched_texts = ("note", "waits_for_phrase", "office")

    item = models.OneToOneField(
        Item, models.CASCADE, parent_link=True, primary_key=True, related_name="as_follow_up"
    )
    kind = LabelledCharField("type", max_length=19, choices=FollowUpKind)
    owner = models.ForeignKey(
        Party,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_ups",
        help_text="Who made the promise.",
    )
    promised_to = models.ManyToManyField(
        Party,
        blank=True,
        related_name="follow_ups_owed",
        help_text="Who was promised it; empty if nobody is named.",
    )
    talk = models.ForeignKey(
        Talk,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_ups",
        help_text="The talk that it came out of.",
    )
    waits_for = models.ForeignKey(
        Item,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="awaited_by",
        help_text="The item that must come first.",
    )
    waits_for_phrase = models.CharField(
        max_length=200, blank=True, help_text="What it waits for, in words, if that is not an item."
    )
    office = models.CharField(
        max_length=200, blank=True, help_text="The office to be filled, for an appointment."
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        help_text="Who was appointed, once known.",
    )

    class Meta:
        verbose_name = "follow-up"
        verbose_name_plural = "follow-ups"
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=FollowUpKind.APPOINTMENT) | ~Q(office=""),
                name="appointment_names_its_office",
                violation_error_message="An appointment names the office to be filled.",
            ),
            models.CheckConstraint(
                condition=Q(kind=FollowUpKind.APPOINTMENT) | Q(office="", person__isnull=True),
                name="only_an_appointment_has_an_office",
                violation_error_message="Only an appointment names an office or a person.",
            ),
            models.CheckConstraint(
                condition=Q(waits_for__isnull=True) | ~Q(waits_for=F("item")),
                name="follow_up_waits_for_another",
                violation_error_message="A follow-up cannot wait for itself.",
            ),
        ]

    def clean(self):
        super().clean()
        require_no_circle(self, "waits_for", f"{self.waits_for} waits, in the end, for this follow-up.")
