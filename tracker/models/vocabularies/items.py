"""The vocabularies of the four kinds of item: talks, principles, demands and follow-ups."""

from django.db.models import TextChoices

from .base import ItemKind, Vocabulary


class TalkStatus(Vocabulary):
    """The status of a meeting, call or round."""

    PROPOSED = "proposed", "Somebody wants it or speaks of it; no date is agreed.", "Proposed"
    SCHEDULED = (
        "scheduled",
        "Those who are to meet have agreed to it and set a date, if only a month.",
        "Scheduled",
    )
    UNDER_WAY = "under_way", "It has begun and has not ended.", "Under way"
    HELD = "held", "It took place and came to its end, whatever its outcome.", "Held"
    BROKEN_OFF = "broken_off", "It began and was ended early by somebody.", "Broken off"
    POSTPONED = (
        "postponed",
        "It was scheduled and will not be on that date, but is still meant to be.",
        "Postponed",
    )
    CANCELLED = "cancelled", "It will not take place, and nobody speaks of another date.", "Cancelled"


class TalkFormat(Vocabulary):
    """How the parties meet; the level and the delegations say who takes part."""

    IN_PERSON_BILATERAL = (
        "in_person_bilateral",
        "Two parties in one room, with or without a host.",
        "In person, two parties",
    )
    IN_PERSON_MULTILATERAL = (
        "in_person_multilateral",
        "Three parties or more in one room.",
        "In person, several parties",
    )
    CALL = "call", "By telephone or voice alone.", "Call"
    VIDEO = "video", "By video link.", "Video"
    SHUTTLE = "shuttle", "A mediator goes between parties that do not sit together.", "Shuttle"
    SUMMIT = "summit", "Leaders meet in person; choose this before either of the in-person forms.", "Summit"
    TECHNICAL = (
        "technical",
        "Experts work on details or texts, without a mandate to decide.",
        "Technical round",
    )
    LETTERS = "letters", "In writing: letters, notes or drafts sent to and fro.", "Letters"
    INFORMAL = (
        "informal",
        "In the margins of something else, or a back channel without an agenda.",
        "Informal",
    )


class TalkLevel(Vocabulary):
    """The rank of the highest speakers for the parties."""

    TECHNICAL = "technical", "Officials and experts below the rank of an envoy.", "Technical"
    ENVOY = "envoy", "Envoys or ambassadors named for the purpose.", "Envoy"
    ADVISER = "adviser", "Advisers or aides who report to a leader in person.", "Adviser"
    MINISTER = "minister", "Members of government, foreign ministers above all.", "Minister"
    LEADER = "leader", "Heads of state or government, or of the body that is the party.", "Leader"


class TalkOutcome(Vocabulary):
    """The outcome of a talk as a whole; each side’s word on each point is in the principles."""

    NOT_REPORTED = (
        "not_reported",
        "It was held, and the accounts read do not say what came of it.",
        "Not reported",
    )
    NO_AGREEMENT = (
        "no_agreement",
        "It ended without agreement, and nothing says that it goes on.",
        "No agreement",
    )
    TO_CONTINUE = "to_continue", "All that is said to have come of it is that talking goes on.", "To continue"
    UNDERSTANDING = (
        "understanding",
        "Points are said to be agreed, with no text issued in common.",
        "Understanding",
    )
    JOINT_STATEMENT = (
        "joint_statement",
        "The sides issued one text in common that binds them to nothing.",
        "Joint statement",
    )
    PARTIAL_AGREEMENT = (
        "partial_agreement",
        "A text that binds was concluded on some of the matters.",
        "Partial agreement",
    )
    FULL_AGREEMENT = (
        "full_agreement",
        "A text that binds was concluded on all that the process is about.",
        "Full agreement",
    )
    CEASEFIRE = (
        "ceasefire",
        "What was concluded is a halt to the fighting; choose this before a partial agreement.",
        "Ceasefire",
    )
    WALK_OUT = "walk_out", "It ended because a side left.", "Walk-out"


class PrincipleStatus(Vocabulary):
    """How far a point said to be agreed has come.

    The three steps of implementation are the levels 1, 2 and 3 of the Peace Accords Matrix (Kroc Institute,
    University of Notre Dame). A principle at any other status was not assessed, which is not level 0.
    """

    CLAIMED = (
        "claimed",
        "At least one side, or an account, says that it was agreed; no text shows it.",
        "Claimed",
    )
    AGREED = (
        "agreed",
        "A text in common, or each side in its own words and without reserve, says that it is.",
        "Agreed",
    )
    SIGNED = "signed", "It stands in a text that those whom it binds have signed.", "Signed"
    IMPLEMENTING_MINIMAL = (
        "implementing_minimal",
        "Carrying it out has begun, at a pace or on a scale that will not complete it.",
        "Implementing: minimal",
    )
    IMPLEMENTING_INTERMEDIATE = (
        "implementing_intermediate",
        "Carrying it out has advanced so far that completion is in reach if it goes on like this.",
        "Implementing: intermediate",
    )
    IMPLEMENTED = "implemented", "It is carried out, wholly or as good as wholly.", "Implemented"
    STALLED = "stalled", "Nothing moves on it, and nobody has given it up.", "Stalled"
    ABANDONED = (
        "abandoned",
        "One of those it would bind has given it up, or something else replaced it.",
        "Abandoned",
    )

    @classmethod
    def implementation_level(cls, code):
        """Return the level 1, 2 or 3 of the Peace Accords Matrix for a code, or None: not assessed, never 0.

        Raises ValueError for a code that is not one of these.
        """
        return IMPLEMENTATION_LEVELS.get(cls(code))


IMPLEMENTATION_LEVELS = {
    PrincipleStatus.IMPLEMENTING_MINIMAL: 1,
    PrincipleStatus.IMPLEMENTING_INTERMEDIATE: 2,
    PrincipleStatus.IMPLEMENTED: 3,
}


class DemandKind(Vocabulary):
    """The type of demand."""

    DEMAND = "demand", "The party wants others to do, accept or refrain from something.", "Demand"
    PRECONDITION = "precondition", "It must be so before the party will talk, sign or act.", "Precondition"
    OFFER = "offer", "The party would do or give something itself, in exchange or to move things on.", "Offer"
    QUESTION = "question", "Raised as open by somebody; no party is known to want it one way.", "Question"


class DemandStatus(Vocabulary):
    """The status of a demand; where each party stands on it is its stance."""

    OPEN = "open", "It is made and has no answer yet.", "Open"
    UNDER_DISCUSSION = (
        "under_discussion",
        "Those it is addressed to are talking about it.",
        "Under discussion",
    )
    PARTLY_MET = "partly_met", "A part of it was granted or done.", "Partly met"
    MET = "met", "It was granted or done in full.", "Met"
    REJECTED = (
        "rejected",
        "It was refused for good; a refusal in a debate that goes on is a stance.",
        "Rejected",
    )
    WITHDRAWN = "withdrawn", "The party that made it took it back.", "Withdrawn"
    LAPSED = (
        "lapsed",
        "Events made it pointless without anybody granting, refusing or taking it back.",
        "Lapsed",
    )


class Firmness(Vocabulary):
    """How firmly a party holds to its demand, in its own words."""

    SIGNALLED = "signalled", "Hinted at, floated, or attributed to the party by others.", "Signalled"
    STATED = "stated", "Said openly, once or in passing, with no word on what hangs on it.", "Stated"
    INSISTED = "insisted", "Repeated, or said to be necessary.", "Insisted"
    RED_LINE = (
        "red_line",
        "Said to be beyond any concession: unacceptable, never, non-negotiable.",
        "Red line",
    )


class FollowUpKind(Vocabulary):
    """The type of follow-up; where two fit, choose the first."""

    APPOINTMENT = "appointment", "Somebody is to be named to an office, a team or a mandate.", "Appointment"
    NEXT_ROUND = "next_round", "The same parties are to meet again at about the same level.", "Next round"
    TECHNICAL_TALKS = "technical_talks", "Experts or teams are to begin work on details.", "Technical talks"
    VISIT_OR_SUMMIT = (
        "visit_or_summit",
        "A visit, or a meeting of leaders, is to be arranged.",
        "Visit or summit",
    )
    MISSION_STAFFING = (
        "mission_staffing",
        "Embassies or consulates are to be staffed, opened or given back.",
        "Staffing of missions",
    )
    EXCHANGE_OR_RELEASE = (
        "exchange_or_release",
        "Prisoners, hostages or remains are to be exchanged or set free.",
        "Exchange or release",
    )
    DRAFTING = "drafting", "A text is to be written.", "Drafting"
    VERIFICATION = "verification", "Something is to be inspected, monitored or confirmed.", "Verification"
    RATIFICATION = "ratification", "A text is to be ratified or approved by a body.", "Ratification"
    MEASURE = "measure", "A party is to do something of its own that the kinds above do not name.", "Measure"
    OTHER = "other", "None of these; say in the title what it is.", "Other"


class FollowUpStatus(Vocabulary):
    """The status of a follow-up; whether it is overdue or blocked is computed, never a status."""

    EXPECTED = (
        "expected",
        "It is said to be coming, without its owner having promised it.",
        "Expected",
    )
    PROMISED = "promised", "Its owner said that it will do it.", "Promised"
    IN_PROGRESS = "in_progress", "Work on it was seen or reported.", "In progress"
    DONE = "done", "It has happened.", "Done"
    STALLED = "stalled", "Nothing moves on it, and nobody has given it up.", "Stalled"
    DROPPED = "dropped", "Its owner gave it up.", "Dropped"
    OVERTAKEN = "overtaken", "Events made it needless or impossible.", "Overtaken"


LADDERS = {
    ItemKind.TALK: TalkStatus,
    ItemKind.PRINCIPLE: PrincipleStatus,
    ItemKind.DEMAND: DemandStatus,
    ItemKind.FOLLOW_UP: FollowUpStatus,
}

ItemStatus = TextChoices(
    "ItemStatus", {code.name: (code.value, code.label) for ladder in LADDERS.values() for code in ladder}
)
"""The codes of all ladders, for columns about items of any kind; a code has the same label on each ladder."""

CLOSED: dict[str, frozenset[str]] = {
    ItemKind.TALK: frozenset({TalkStatus.HELD, TalkStatus.BROKEN_OFF, TalkStatus.CANCELLED}),
    ItemKind.PRINCIPLE: frozenset({PrincipleStatus.IMPLEMENTED, PrincipleStatus.ABANDONED}),
    ItemKind.DEMAND: frozenset(
        {DemandStatus.MET, DemandStatus.REJECTED, DemandStatus.WITHDRAWN, DemandStatus.LAPSED}
    ),
    ItemKind.FOLLOW_UP: frozenset({FollowUpStatus.DONE, FollowUpStatus.DROPPED, FollowUpStatus.OVERTAKEN}),
}
