"""The vocabularies of sources and assessments: reliability, credibility, likelihood, outcomes."""

from .base import Vocabulary


class SourceKind(Vocabulary):
    """The type of a source; where two fit, choose the one nearer to the speaker."""

    NEWS_REPORT = "news_report", "Reporting by a news organisation.", "News report"
    OFFICIAL_READOUT = "official_readout", "A party’s own published account of a talk.", "Official readout"
    STATEMENT = "statement", "A text that a party issued on anything but a talk it held.", "Statement"
    TRANSCRIPT = "transcript", "The words as spoken, in full.", "Transcript"
    AGREEMENT_TEXT = "agreement_text", "The text of what was agreed, or a draft of it.", "Agreement text"
    SOCIAL_MEDIA = "social_media", "A post under the name of a person or an office.", "Social media"
    INTERVIEW = "interview", "Questions and answers with one person.", "Interview"
    ANALYSIS = "analysis", "An expert’s or an institute’s judgement.", "Analysis"
    DATASET = "dataset", "Coded data released by others.", "Dataset"
    OTHER = "other", "None of these.", "Other"


class Reliability(Vocabulary):
    """How reliable a source has been: letters of the Admiralty scale (NATO AJP-2.1)."""

    A = "A", "Completely reliable: no doubt about it, and a history without fault.", "A: completely reliable"
    B = "B", "Usually reliable: slight doubts, and a history of being mostly right.", "B: usually reliable"
    C = "C", "Fairly reliable: some doubts, though it was right before.", "C: fairly reliable"
    D = (
        "D",
        "Not usually reliable: serious doubts, though it was right now and then.",
        "D: not usually reliable",
    )
    E = "E", "Unreliable: known to be wrong or to mislead.", "E: unreliable"
    F = (
        "F",
        "Cannot be judged: too little is known of it to say; not the worst grade but none.",
        "F: cannot be judged",
    )


class Credibility(Vocabulary):
    """How credible one piece of information is, whatever its source: figures of the Admiralty scale."""

    CONFIRMED = "1", "Confirmed: independent sources say the same.", "1: confirmed"
    PROBABLY_TRUE = (
        "2",
        "Probably true: not confirmed, but it agrees with what else is known.",
        "2: probably true",
    )
    POSSIBLY_TRUE = (
        "3",
        "Possibly true: it neither agrees much nor conflicts with what else is known.",
        "3: possibly true",
    )
    DOUBTFUL = "4", "Doubtful: not impossible, and nothing else supports it.", "4: doubtful"
    IMPROBABLE = "5", "Improbable: it conflicts with what else is known.", "5: improbable"
    CANNOT_BE_JUDGED = (
        "6",
        "Cannot be judged: there is nothing to compare it with; not the worst grade but none.",
        "6: cannot be judged",
    )


class Likelihood(Vocabulary):
    """How likely the assessed thing is: the seven bands of ICD 203, ``.low`` and ``.high`` in percent."""

    def __new__(cls, value, sentence, low, high):
        member = str.__new__(cls, value)
        member._value_ = value
        member.sentence, member.low, member.high = sentence, low, high
        return member

    ALMOST_NO_CHANCE = "almost_no_chance", "1 to 5 %: it would be a great surprise.", 1, 5, "Almost no chance"
    VERY_UNLIKELY = "very_unlikely", "5 to 20 %: little speaks for it.", 5, 20, "Very unlikely"
    UNLIKELY = "unlikely", "20 to 45 %: more speaks against it than for it.", 20, 45, "Unlikely"
    ROUGHLY_EVEN = (
        "roughly_even",
        "45 to 55 %: judged, and found balanced; not a word for not knowing.",
        45,
        55,
        "Roughly even chance",
    )
    LIKELY = "likely", "55 to 80 %: more speaks for it than against it.", 55, 80, "Likely"
    VERY_LIKELY = "very_likely", "80 to 95 %: little speaks against it.", 80, 95, "Very likely"
    ALMOST_CERTAIN = (
        "almost_certain",
        "95 to 99 %: it would be a great surprise if not.",
        95,
        99,
        "Almost certain",
    )


class Confidence(Vocabulary):
    """How well founded an assessment is (ICD 203), independent of its likelihood."""

    LOW = "low", "Scant, doubtful or scattered information: the judgement may well change.", "Low"
    MODERATE = (
        "moderate",
        "Credible and plausible information, not enough of it or not well borne out.",
        "Moderate",
    )
    HIGH = "high", "Good information from several sides; still not a certainty.", "High"


class AssessmentOutcome(Vocabulary):
    """How an assessment turned out."""

    PENDING = "pending", "Not judged yet.", "Pending"
    RIGHT = "right", "It turned out as assessed.", "Right"
    PARTLY_RIGHT = (
        "partly_right",
        "Part of it turned out as assessed, or it came about in another way.",
        "Partly right",
    )
    WRONG = "wrong", "It turned out otherwise.", "Wrong"
    CANNOT_BE_JUDGED = (
        "cannot_be_judged",
        "It was put too loosely to be judged, or nobody can know.",
        "Cannot be judged",
    )
