"""The vocabularies of developments: stance, kind, speech act, commitment and basis."""

from .base import Vocabulary


class Stance(Vocabulary):
    """Where a party stands on an item; a party without a recorded stance is shown as “no statement”."""

    AFFIRMS = "affirms", "Says yes to it, or that it was agreed, without reserve.", "Affirms"
    AFFIRMS_WITH_RESERVE = (
        "affirms_with_reserve",
        "Says yes in words that leave a way out (“practically”, “in principle”); no condition is named.",
        "Affirms with reserve",
    )
    CONDITIONAL = "conditional", "Says yes if, or only after, something named has happened.", "Conditional"
    SILENT = (
        "silent",
        "An account that would have mentioned it was read, and does not; unread accounts leave no stance.",
        "Silent",
    )
    DISPUTES = (
        "disputes",
        "Contradicts it, or objects to how it was done or told, without refusing the thing itself.",
        "Disputes",
    )
    REJECTS = "rejects", "Refuses the thing itself.", "Rejects"
    RETRACTED = (
        "retracted",
        "Takes back what it had said, and says nothing in its place; it then counts as no statement.",
        "Retracted",
    )


class DevelopmentKind(Vocabulary):
    """The type of development; where two fit, choose the more specific."""

    STATEMENT = "statement", "Somebody spoke for a party, to anybody, on any subject.", "Statement"
    TALKS = "talks", "A talk was proposed, set, held, broken off, put off or called off.", "Talks"
    READOUT = "readout", "A party gave its account of a talk, spoken or written.", "Readout"
    DECISION = "decision", "A party or a body decided something.", "Decision"
    APPOINTMENT = "appointment", "Somebody was named to an office, a team or a mandate.", "Appointment"
    DOCUMENT = "document", "A text was issued, signed, leaked or tabled.", "Document"
    MEASURE = (
        "measure",
        "Something was done on the ground or by law: staffing, sanctions, a release.",
        "Measure",
    )
    REACTION = "reaction", "A party that was not at the talk answered to it.", "Reaction"
    REPORT = "report", "An account by others, where nobody is named as speaking for a party.", "Report"


class SpeechAct(Vocabulary):
    """What the speaker does by saying it; empty if nobody spoke."""

    STATES = "states", "Gives the party’s view or a fact; none of the others fits.", "States"
    CLAIMS_AGREEMENT = (
        "claims_agreement",
        "Says, as the first to do so, that something was agreed.",
        "Claims agreement",
    )
    CONFIRMS = "confirms", "Bears out what another said or claimed.", "Confirms"
    DEMANDS = "demands", "Wants others to do, accept or refrain from something.", "Demands"
    OFFERS = "offers", "Says what the party itself would do or give.", "Offers"
    SETS_CONDITION = "sets_condition", "Makes one thing hang on another.", "Sets a condition"
    EXPRESSES_OPENNESS = (
        "expresses_openness",
        "Does not exclude something, short of offering it.",
        "Expresses openness",
    )
    ANNOUNCES_ACTION = (
        "announces_action",
        "Says what the party has done or is going to do.",
        "Announces action",
    )
    REJECTS = "rejects", "Refuses a demand, an offer or an idea.", "Rejects"
    DENIES = "denies", "Says that something reported or claimed is not so.", "Denies"
    COMMENTS = "comments", "Judges what others do, or how things go.", "Comments"


class Strength(Vocabulary):
    """How far the speaker commits; hedging is in the wording, a condition in the substance."""

    FIRM = "firm", "Plain words, without reserve.", "Firm"
    HEDGED = "hedged", "Softened: practically, possibly, in principle, at some point.", "Hedged"
    CONDITIONAL = "conditional", "Depends on something that is named.", "Conditional"


class Basis(Vocabulary):
    """The basis of our knowledge; for statements in order of weight, the first two being equal."""

    OWN_WORDS = (
        "own_words",
        "The speaker’s words are quoted, and they carry the point by themselves.",
        "Own words",
    )
    OFFICIAL_TEXT = "official_text", "A text that the party issued was read or is quoted.", "Official text"
    PARAPHRASE = (
        "paraphrase",
        "An account says in its own words what a named speaker or office said.",
        "Paraphrase",
    )
    REPORTERS_SUMMARY = (
        "reporters_summary",
        "The reporter sums up, with no speaker named or several sides taken together.",
        "Reporter’s summary",
    )
