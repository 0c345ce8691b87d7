"""Principles and demands."""

from django.db import models

from tracker.models.actors import Party
from tracker.models.fields import LabelledCharField, LabelledForeignKey
from tracker.models.items import Item
from tracker.models.talks import Talk
from tracker.models.vocabularies import DemandKind, ItemKind


class Principle(Item):
    """A point claimed to have been agreed."""

    prefix = "pri"
    url_name = "principle"
    kind_code = ItemKind.PRINCIPLE
    searched_names = ("title", "aliases")
    is_offered = True
    searched_texts = ("note",)

    item = models.OneToOneField(
        Item, models.CASCADE, parent_link=True, primary_key=True, related_name="as_principle"
    )
    talk = models.ForeignKey(Talk, models.PROTECT, null=True, blank=True, related_name="principles")
    number = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Its place in the list as it was announced."
    )
    parties = models.ManyToManyField(
        Party,
        related_name="principles",
        help_text="The parties that it would bind, and whose agreement it needs.",
    )


class Demand(Item):
    """A demand, precondition, offer or question of one party to others."""

    prefix = "dem"
    url_name = "demand"
    kind_code = ItemKind.DEMAND
    searched_names = ("title", "aliases")
    is_offered = True
    searched_texts = ("note",)

    item = models.OneToOneField(
        Item, models.CASCADE, parent_link=True, primary_key=True, related_name="as_demand"
    )
    kind = LabelledCharField("type", max_length=12, choices=DemandKind)
    party = LabelledForeignKey(
        Party,
        models.PROTECT,
        verbose_name="made by",
        related_name="demands",
        help_text="Who makes the demand.",
    )
    addressed_to = models.ManyToManyField(
        Party, blank=True, related_name="demands_received", help_text="Who the demand is addressed to."
    )
    talk = models.ForeignKey(Talk, models.PROTECT, null=True, blank=True, related_name="demands")
