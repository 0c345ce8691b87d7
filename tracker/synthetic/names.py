"""Invented names and sentences."""

from random import Random

STARTS = (
    "Ar Bel Cor Dra El Fen Gal Hol Il Jor Kal Lor Mer Nor Or Pel Quar Ros Sel Tor Ul Vel Wes Yor Zan".split()
)
MIDDLES = "a be da do ga li lo ma mi mo na no ra ri ro ta ti va ve vo".split()
ENDS = "dia land lia mark mor nia ria stan thia via".split()
FORENAMES = "Ado Bera Cilo Dara Emon Fila Gero Hani Ilo Jana Koro Lina Mavo Nela Osko Pira Rano Sila Tevo Ulia".split()
SURNAME_ENDS = "berg dal field in man mont ov sen son wick".split()
SUBJECTS = (
    "access to the river", "the border at the pass", "release of detainees", "status of the enclave", "fishing rights",
    "withdrawal of heavy weapons", "return of the displaced", "customs on grain", "the railway corridor", "sanctions",
    "monitoring of the ceasefire", "staffing of missions", "transit of gas", "minority schools", "the disputed islands",
    "reconstruction", "a joint commission", "security guarantees", "membership of the alliance", "recognition",
)  # fmt: skip
TURNS = (
    "says that nothing will be signed before autumn", "calls the draft “a basis, no more”",
    "wants a text with dates, not wishes", "insists on guarantees, in writing", "is ready, “in principle”, to go on",
    "denies that anything was promised",
    "leaves the answer to its parliament", "names a team and asks the others to do so, too", "warns that time is short",
    "accepts the wording, with a reserve on the annex", "repeats what it said a year ago",
    "- after long silence - agrees to meet", "reads out a statement by its leader", "sees “no obstacle” to a visit",
    "speaks of progress; gives no details",
)  # fmt: skip
PLACES = ("p. 1", "p. 2", "para. 3", "para. 12", "section II", "second column", "")


def countries(random: Random, number: int) -> list[str]:
    """`number` names of countries, no two alike."""
    names = {}
    while len(names) < number:
        name = (
            random.choice(STARTS)
            + "".join(random.choices(MIDDLES, k=random.choice((0, 1, 1, 2))))
            + random.choice(ENDS)
        )
        names[name] = None
    return list(names)


def person(random: Random) -> str:
    """A forename and a surname."""
    surname = random.choice(STARTS) + random.choice(MIDDLES) + random.choice(SURNAME_ENDS)
    return f"{random.choice(FORENAMES)} {surname}"


def sentence(random: Random, who: str) -> str:
    """What `who` says of some subject."""
    return f"On {random.choice(SUBJECTS)}, {who} {random.choice(TURNS)}"


def paragraph(random: Random, who: str) -> str:
    """A few sentences, with the commas, quotation marks and line breaks of real ones."""
    sentences = [f"{sentence(random, who)}." for _ in range(random.randint(1, 4))]
    return random.choice((" ", " ", "\n\n")).join(sentences)
