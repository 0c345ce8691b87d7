"""Talks with their delegations and delegates."""

from functools import cache

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from tracker.models.actors import Office, Party, Person
from tracker.models.base import Record
from tracker.models.chains import require_no_circle
from tracker.models.collation import CollationKey
from tracker.models.fields import BETWEEN_CODES, CodeListField
from tracker.models.items import Item
from tracker.models.sources import Source, require_citable
from tracker.models.vocabularies import Capacity, ItemKind, TableRole, TalkFormat, TalkLevel

IN_ROOM = frozenset(
    {
        TableRole.PRINCIPAL,
        TableRole.MEDIATOR,
        TableRole.FACILITATOR,
        TableRole.HOST,
        TableRole.GUARANTOR,
        TableRole.OBSERVER,
        TableRole.SIGNATORY,
        TableRole.WITNESS,
    }
)
"""The roles in the room; the other roles state that a party was not, which is information too."""


class Roles(tuple[TableRole, ...]):
    """A party's roles at one talk, in the order of the vocabulary; as text, their labels."""

    def __str__(self):
        first, *others = (str(role.label) for role in self)
        return ", ".join([first, *map(str.lower, others)])

    @property
    def in_room(self) -> bool:
        """Whether any of them puts the party in the room."""
        return not IN_ROOM.isdisjoint(self)

    @property
    def rank(self) -> int:
        """The place of the first in the vocabulary: those in the room come before the others."""
        return TableRole.values.index(self[0])

    @property
    def codes(self) -> str:
        """Their codes, as recorded."""
        return BETWEEN_CODES.join(self)


@cache
def roles_of(codes: str) -> Roles:
    """The roles in a recorded text of codes."""
    return Roles(map(TableRole, codes.split(BETWEEN_CODES)))


class Talk(Item):
    """A meeting, call or round, held or only proposed."""

    prefix = "tlk"
    url_name = "talk"
    kind_code = ItemKind.TALK
    searched_names = ("title", "aliases")
    is_offered = True
    searched_texts = ("note", "place", "length_phrase")

    item = models.OneToOneField(
        Item, models.CASCADE, parent_link=True, primary_key=True, related_name="as_talk"
    )
    form = models.CharField(
        max_length=22, choices=TalkFormat, blank=True, help_text="Leave empty if not stated."
    )
    level = models.CharField(
        max_length=9, choices=TalkLevel, blank=True, help_text="Leave empty if not stated."
    )
    place = models.CharField(max_length=200, blank=True)
    place_sort_key = CollationKey("place")
    host = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="hosted_talks")
    minutes = models.PositiveIntegerField(
        null=True, blank=True, help_text="Duration in minutes, if a source gives it."
    )
    length_phrase = models.CharField(
        "duration as reported", max_length=100, blank=True, help_text="As reported: more than four hours."
    )
    predecessor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="successors",
        help_text="The talk that this one follows up.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(predecessor__isnull=True) | ~Q(predecessor=F("item")),
                name="talk_follows_another",
                violation_error_message="A talk cannot follow itself.",
            )
        ]

    def clean(self):
        super().clean()
        if self.predecessor_id != self.pk:
            require_no_circle(self, "predecessor", f"“{self.predecessor}” follows, in the end, this talk.")


class Delegation(Record):
    """One party's roles at one talk, in the room or not."""

    prefix = "dlg"
    process_path = "talk__process"
    url_name = "delegation"
    searched_texts = ("note", "quote")

    talk = models.ForeignKey(Talk, models.PROTECT, related_name="delegations")
    party = models.ForeignKey(Party, models.PROTECT, related_name="delegations")
    role = CodeListField(
        vocabulary=TableRole,
        apart=IN_ROOM,
        max_length=200,
        help_text="Tick every role that it had.",
    )
    note = models.TextField(
        blank=True, help_text="For example who promised the seat, or what the party said of its absence."
    )
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="delegations")
    quote = models.TextField(blank=True, help_text="The words of the source.")

    class Meta:
        ordering = ["-talk__current_changed_key", "talk", "party__sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["talk", "party"],
                name="delegation_once_per_party_and_talk",
                violation_error_message="This party already has a delegation at this talk.",
            )
        ]

    def __str__(self):
        return f"{self.party} at {self.talk}"

    def clean(self):
        require_citable(self)

    @property
    def roles(self) -> Roles:
        """All its roles."""
        return roles_of(self.role)

    @property
    def in_room(self) -> bool:
        """Whether the party was in the room, in any role."""
        return self.roles.in_room


class Delegate(Record):
    """A person in a delegation, with the office held that day."""

    prefix = "dgt"
    part_of = "delegation"
    process_path = "delegation__talk__process"

    delegation = models.ForeignKey(Delegation, models.CASCADE, related_name="delegates")
    person = models.ForeignKey(Person, models.PROTECT, related_name="seats")
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="seats")
    capacity = models.CharField(max_length=12, choices=Capacity, default=Capacity.MEMBER)

    class Meta:
        ordering = ["delegation", "capacity", "person__sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["delegation", "person"],
                name="delegate_once",
                violation_error_message="This person already sits in this delegation.",
            ),
        ]

    def __str__(self):
        return str(self.person)

    def clean(self):
        if self.office_id and self.person_id and self.office.person_id != self.person_id:
            raise ValidationError({"office": f"{self.office} is not an office of {self.person}."})
