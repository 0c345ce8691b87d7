"""The vocabularies of parties, roles at talks, and links between processes."""

from .base import Vocabulary


class PartyKind(Vocabulary):
    """The type of a party."""

    STATE = "state", "A state or its government, recognised by all or not.", "State"
    ALLIANCE = "alliance", "States bound by treaty to act together for security.", "Alliance"
    UNION = "union", "States that have handed powers to common bodies.", "Union"
    ORGANISATION = (
        "organisation",
        "An international organisation, or a body of civil society.",
        "Organisation",
    )
    ARMED_GROUP = "armed_group", "A body that fights and is not the army of a state.", "Armed group"
    OTHER = (
        "other",
        "None of these: a faction, a church, a company, a group of states without a treaty.",
        "Other",
    )


class TableRole(Vocabulary):
    """A party’s role at one talk, of which it may have several: the first eight were in the room."""

    PRINCIPAL = "principal", "In the room, and negotiating for itself.", "Principal"
    MEDIATOR = (
        "mediator",
        "In the room to bring the principals together, with a part in the substance.",
        "Mediator",
    )
    FACILITATOR = (
        "facilitator",
        "In the room, or between the rooms, to keep the talk going, without a part in the substance.",
        "Facilitator",
    )
    HOST = "host", "Provided the venue, without a part in the substance.", "Host"
    GUARANTOR = "guarantor", "In the room as one that answers for what is agreed.", "Guarantor"
    OBSERVER = "observer", "In the room without a voice.", "Observer"
    SIGNATORY = "signatory", "In the room to sign what was agreed.", "Signatory"
    WITNESS = (
        "witness",
        "In the room to attest what was agreed or signed, without being bound by it.",
        "Witness",
    )
    ABSENT_AFFECTED = (
        "absent_affected",
        "Not in the room though the talk is about it; the plain case when nothing says why.",
        "Absent but affected",
    )
    EXCLUDED = "excluded", "Not in the room because somebody there said that it should not be.", "Excluded"
    DECLINED = "declined", "Invited, and did not come.", "Declined"
    ASKED_TO_JOIN = (
        "asked_to_join",
        "Not in the room; it, or another for it, asked for a seat.",
        "Asked to join",
    )
    OFFERED_LATER = (
        "offered_later",
        "Not in the room; somebody there said that it will be, later on.",
        "Offered a seat later",
    )


class Capacity(Vocabulary):
    """The capacity of a person in a delegation."""

    HEAD = "head", "Led the delegation, alone or with others.", "Head"
    MEMBER = "member", "Sat at the table and spoke for the party.", "Member"
    ADVISER = "adviser", "Sat with the delegation to advise those who spoke.", "Adviser"
    SPOKESPERSON = "spokesperson", "Spoke to the public for the delegation.", "Spokesperson"
    TECHNICAL = "technical", "Expert, drafter, interpreter.", "Technical"


class ProcessLinkKind(Vocabulary):
    """How one process relates to another, read from the first to the second."""

    PRECEDENT = "precedent", "The second is an earlier case that the first is measured by.", "Precedent"
    PARALLEL = "parallel", "Both run at the same time and touch each other.", "Parallel"
    PART_OF = "part_of", "The first is one track or stage of the second.", "Part of"
    FOLLOWS = "follows", "The first takes up where the second ended.", "Follows"
