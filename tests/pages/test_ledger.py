"""The ledger of follow-ups: who promised what to whom, how late it is, what blocks it, how often it slipped."""

import datetime as dt
from random import Random

import pytest
from django.core.management import call_command
from django.test import Client, TestCase

from tests import factories as make
from tests.corrections import copied, correct
from tests.pages.reading import Page
from tests.records.reading import read_csv
from tracker import recording
from tracker.models import Citation, Development, Effect, FollowUp, Process
from tracker.models.dates import PartialDate
from tracker.models.vocabularies import Movement
from tracker.movement import moved, slipped_days, value_of
from tracker.queries.ledger_rows import LONGEST_CHAIN
from tracker.views import paging

pytestmark = pytest.mark.django_db


@pytest.fixture
def turn(client, alice, clock):
    """Turns the clock, and lets an analyst sign in anew: turn("2025-03-10T12:00Z")."""

    def to(instant):
        clock(instant)
        client.force_login(alice)

    return to


@pytest.fixture(autouse=True)
def _in_march(request):
    """All is read by an analyst on 10 March 2025, unless the clock is turned."""
    if not issubclass(request.cls or object, TestCase):
        request.getfixturevalue("turn")("2025-03-10T12:00Z")


def due(text):
    """The fields of an effect that sets `text` as due date (a partial date, or else a phrase)."""
    try:
        date = PartialDate.parse(text)
    except ValueError:
        return {"due_phrase": text, "review_on": dt.date(2025, 4, 1)}
    return {"due_on": date.first, "due_precision": date.precision}


def owe(text="soon", status="promised", **values):
    """A follow-up that is due as `text` says."""
    return make.FollowUpFactory(effect={"status": status, **due(text)}, **values)


def slip(item, text, day=19, **values):
    """A development of `day` February 2025 after which `item` is due as `text` says."""
    effects = [Effect(item=item, **due(text))]
    return make.DevelopmentFactory(effects=effects, occurred_on=dt.date(2025, 2, day), **values)


def row(client, item, query=""):
    """The words of the row of `item`, by the head of the column."""
    page = Page(client, f"/follow-ups/{query}")
    found = page.soup.select_one(f'.table a[href^="{item.get_absolute_url()}"]').find_parent("tr")
    cells = {cell["data-label"]: " ".join(cell.get_text(" ").split()) for cell in found.select("td[data-label]")}
    heads = page.texts(".table thead th")
    assert list(cells) == heads[1:]
    return {heads[0]: " ".join(found.select_one("th").get_text(" ").split())} | cells


def line(client, item, query=""):
    """The line of `item` in the file."""
    return next(line for line in read_csv(client, f"/follow-ups.csv{query}") if line["id"] == item.ref)


def test_a_row_tells_who_promised_what_to_whom_in_which_words(client):
    owner, other = make.PartyFactory(name="Ruritania"), make.PartyFactory(name="Graustark")
    speaker = make.PersonFactory(name="The Minister")
    said = {"party": owner, "speaker": speaker, "kind": "statement", "speech_act": "states"}
    item = make.FollowUpFactory(
        title="Open the gate", owner=owner, promised_to=[other, make.PartyFactory(name="Aland")], development=said,
        effect={"status": "promised", "wording": "The gate is opened.", **due("as soon as possible")},
    )  # fmt: skip
    found = row(client, item)
    assert found["Follow-up"] == f"Open the gate The gate is opened. {item.process}"
    assert found["Promised by"] == "Ruritania said by The Minister"
    assert found["To"] == "Aland ; Graustark"
    assert found["Due"] == "as soon as possible review on 1 Apr 2025"
    assert found["Status"] == "Promised"


def test_a_promise_that_another_tells_of_names_who_tells(client):
    teller = make.PartyFactory(name="Graustark")
    item = make.FollowUpFactory(owner=make.PartyFactory(name="Ruritania"), development={"party": teller})
    assert row(client, item)["Promised by"] == "Ruritania said by Graustark"
    talk = make.TalkFactory()
    both = make.FollowUpFactory(owner=teller, process=talk.process, development={"party": None, "talk": talk})
    assert row(client, both)["Promised by"] == "Graustark said of both sides"


def test_an_appointment_shows_its_office_and_once_named_the_person(client, alice):
    item = make.FollowUpFactory(appointment=True)
    assert row(client, item)["Kind"] == "Appointment Special envoy: nobody yet"
    item.person = make.PersonFactory(name="Jane Roe")
    recording.save(alice, item)
    assert row(client, item)["Kind"] == "Appointment Special envoy: Jane Roe"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2025-03-09", "1"),
        ("2025-03-10", ""),
        ("2025-02", "10"),
        ("2025-03", ""),
        ("2024", "69"),
        ("2025", ""),
        ("before 2025-03-10", "1"),
        ("before 2025-03-11", ""),
        ("2024-02", "375"),
        ("2024-12", "69"),
        ("9999", ""),
        ("soon", ""),
    ],
)
def test_how_long_it_is_overdue_counts_from_the_latest_day_that_its_date_can_mean(client, text, days):
    item = owe(text)
    for query in ("", "?on=2025-03-10", "?known=2025-03-10T12:00Z"):
        found = line(client, item, query)
        assert (found["overdue"], found["overdue_days"]) == ("true" if days else "false", days)
        said = "1 day" if days == "1" else f"{days} days" if days else "–"
        assert row(client, item, query)["Overdue"] == said
    assert len(read_csv(client, "/follow-ups.csv?overdue=true")) == bool(days)


def test_what_is_closed_is_neither_overdue_nor_blocked_nor_looked_at_again(client):
    first = owe("2025-02-01")
    closed = [owe("2025-02-01", process=first.process, waits_for=first, status=code) for code in ("done", "dropped")]
    closed.append(owe("soon", status="overtaken"))
    for item in closed:
        found = line(client, item)
        assert [found[name] for name in ("overdue", "overdue_days", "for_review", "blocked")] == [
            "false", "", "false", "false",
        ]  # fmt: skip
        assert row(client, item)["Blocked by"] == "–"


def test_a_phrase_is_to_be_looked_at_again_after_its_day(client, turn):
    item = owe("soon")
    turn("2025-04-01T12:00Z")
    assert line(client, item)["for_review"] == "false"
    turn("2025-04-02T12:00Z")
    assert line(client, item)["for_review"] == "true"
    assert row(client, item)["Due"] == "soon look again since 1 Apr 2025"
    assert line(client, item)["overdue"] == "false"
    # Read as it was known then, it stays as it was then.
    assert line(client, item, "?known=2025-03-20")["for_review"] == "false"


def test_what_blocks_it_is_told_up_to_the_end_of_the_chain(client):
    last = owe(title="Sign the order", waits_for_phrase="the vote")
    middle = owe(title="Name a team", process=last.process, waits_for=last, status="expected")
    item = owe(title="Meet", process=last.process, waits_for=middle)
    assert row(client, item)["Blocked by"] == (
        "Blocked Name a team Expected which waits for Sign the order Promised"
        " which waits for the vote not on record as an item"
    )
    assert [line(client, one)["blocked"] for one in (item, middle, last)] == ["true", "true", "false"]
    make.EffectFactory(item=last, status="done")
    assert row(client, item)["Blocked by"] == "Blocked Name a team Expected which waits for Sign the order Done"
    make.EffectFactory(item=middle, status="done")
    assert row(client, item)["Blocked by"] == "Name a team Done"
    assert line(client, item)["blocked"] == "false"


def test_a_very_long_chain_is_told_as_far_as_is_of_use(client):
    step = owe(title="Step 0")
    for number in range(1, LONGEST_CHAIN + 5):
        step = owe(title=f"Step {number}", process=step.process, waits_for=step)
    said = row(client, step)["Blocked by"]
    assert said.count("Step") == LONGEST_CHAIN


def test_how_often_it_slipped_and_why(client):
    item = owe("2025-03-01", development={"occurred_on": dt.date(2025, 2, 1)})
    source = make.SourceFactory(publisher="Gazette")
    slip(item, "2025-04", 10, headline="They need a month more", citations=[Citation(source=source, place="p. 3")])
    slip(item, "2025-04-30", 11, headline="The day is named")
    slip(item, "when the time is ripe", 12, headline="No date any more")
    slip(item, "2025-05-02", 13, headline="A date again")
    slip(item, "2025-05-01", 14, headline="A day sooner")
    slip(item, "2025-05-01", 15, headline="Said again")
    slip(item, "2025-05-02", 16, headline="And back")
    found = line(client, item)
    assert (found["slips"], found["slipped_days"]) == ("3", "61")
    said = row(client, item)["Slipped"]
    assert said.startswith("3 times, 61 days 1 Mar 2025 → moved to Apr 2025 , 60 days later 10 Feb 2025")
    for words in (
        "They need a month more Gazette", "p. 3", "30 Apr 2025 → moved to when the time is ripe 12 Feb 2025",
        "1 May 2025 → moved to 2 May 2025 , 1 day later", "no source yet",
    ):  # fmt: skip
        assert words in said
    for words in ("The day is named", "A date again", "A day sooner", "Said again"):
        assert words not in said


def test_what_was_corrected_or_withdrawn_no_longer_slips_but_did_as_far_as_was_known(client, alice, bob, turn):
    item = owe("2025-03-01")
    process = item.process
    first, second = slip(item, "2025-04-01", 19), slip(item, "2025-05-01", 20)
    turn("2025-03-11T12:00Z")
    known = "?known=2025-03-10T18:00Z"
    addresses = [f"/follow-ups.csv{known}", f"/processes/{process.ref}/follow-ups.csv{known}"]
    pages = [f"/follow-ups/{known}", f"/processes/{process.ref}/follow-ups/{known}"]
    files = [client.get(address).getvalue() for address in addresses]
    told = [str(Page(client, address).soup.select_one("main .table")) for address in pages]
    correct(first, effects=[copied(first.effects.get(), due_on=dt.date(2025, 3, 8))], by=alice)
    recording.withdraw(bob, Development.objects.get(pk=second.pk), "Never said.")
    turn("2025-03-15T12:00Z")
    now = line(client, item)
    assert (now["slips"], now["slipped_days"], now["due_on"], now["overdue_days"]) == ("1", "7", "2025-03-08", "7")
    then = line(client, item, known)
    assert (then["slips"], then["slipped_days"], then["due_on"], then["overdue_days"]) == ("2", "61", "2025-05-01", "")
    assert [client.get(address).getvalue() for address in addresses] == files
    assert [str(Page(client, address).soup.select_one("main .table")) for address in pages] == told


def test_page_and_file_count_slips_as_movement_does(client):
    random = Random(7)
    texts = ["2025-03-01", "2025-03", "2025", "2026", "before 2025-03-02", "2025-04-30", "soon", "later", "2024-02"]
    process = make.ProcessFactory()
    party = make.PartyFactory()
    for _ in range(12):
        item = owe(random.choice(texts), process=process, owner=party, development={"party": party})
        for _ in range(random.randint(0, 5)):
            slip(item, random.choice(texts), random.randint(1, 28), party=party)
    lines = {line["id"]: line for line in read_csv(client, "/follow-ups.csv")}
    page = Page(client, "/follow-ups/")
    slipped = 0
    for ref, found in lines.items():
        dues = [value_of(effect, "due") for effect in Effect.objects.filter(item__ref=ref).latest_first().reverse()]
        pairs = [pair for pair in zip(dues, dues[1:], strict=False) if moved("due", *pair) == Movement.SLIPPED]
        days = [number for pair in pairs if (number := slipped_days(*pair)) is not None]
        assert (int(found["slips"]), found["slipped_days"]) == (len(pairs), str(sum(days)) if days else "")
        cells = page.soup.select_one(f'.table a[href="/follow-ups/{ref}/"]').find_parent("tr")
        assert len(cells.select(".slips li")) == len(pairs)
        slipped += bool(pairs)
    assert 0 < slipped < len(lines)
    assert len(read_csv(client, "/follow-ups.csv?slipped=true")) == slipped
    assert len(read_csv(client, "/follow-ups.csv?slipped=false")) == len(lines) - slipped


def test_filters_keep_what_is_overdue_blocked_to_be_looked_at_again_or_slipped(client, turn):
    made = {"overdue": owe("2025-02-01", title="Late"), "for_review": owe("soon", title="Vague")}
    made["blocked"] = owe("2025-06-01", title="Waiting", process=made["overdue"].process, waits_for=made["overdue"])
    made["slipped"] = owe("2025-05-01", title="Moved")
    slip(made["slipped"], "2025-06-01")
    turn("2025-04-05T12:00Z")
    for name, item in made.items():
        for query in ("", "&on=2025-04-05"):
            kept = read_csv(client, f"/follow-ups.csv?{name}=true{query}")
            assert [found["id"] for found in kept] == [item.ref]
            assert len(read_csv(client, f"/follow-ups.csv?{name}=false{query}")) == 3
            assert Page(client, f"/follow-ups/?{name}=true{query}").texts(".table tbody th > a") == [item.title]


def test_the_longest_overdue_and_the_most_slipped_can_come_first(client):
    for text in ("2025-03-01", "soon", "2025-02-01", "2025-06-01"):
        owe(text, title=text)
    slip(FollowUp.objects.get(title="2025-06-01"), "2025-07-01")
    titles = [found["title"] for found in read_csv(client, "/follow-ups.csv?sort=-overdue_days")]
    assert titles[:2] == ["2025-02-01", "2025-03-01"]
    assert read_csv(client, "/follow-ups.csv?sort=-slips")[0]["title"] == "2025-06-01"


class TestOfOneProcess:
    """The ledger of one process: the same rows, the most pressing first."""

    def test_groups_come_by_how_pressing_they_are_and_what_is_closed_is_folded(self, client, turn):
        process = make.ProcessFactory()
        first = owe("2025-09-01", title="Dated", process=process)
        owe("soon", title="Vague", process=process)
        owe("2025-03-01", title="Late", process=process, waits_for=first)
        owe("2025-12-01", title="Waiting", process=process, waits_for=first)
        make.FollowUpFactory(title="Open", process=process, effect={"status": "expected", "due_phrase": ""})
        owe("2025-01-01", title="Done", process=process, status="done")
        later = {"due_phrase": "later", "review_on": dt.date(2026, 1, 1)}
        make.FollowUpFactory(title="Vaguer", process=process, effect={"status": "promised"} | later)
        owe(title="Elsewhere")
        turn("2025-04-05T12:00Z")
        address = f"/processes/{process.ref}/follow-ups"
        page = Page(client, f"{address}/")
        heads = page.texts(".ledger tbody th[scope=rowgroup]")
        assert [head.split(" 1 ")[0] for head in heads] == [
            "Overdue", "To be looked at again", "Blocked", "To come", "By a phrase", "No date, no phrase",
        ]  # fmt: skip
        titles = page.texts(".ledger tbody th > a")
        assert titles == ["Late", "Vague", "Waiting", "Dated", "Vaguer", "Open", "Done"]
        assert page.texts("details:not([open]) .ledger tbody th > a") == ["Done"]
        lines = read_csv(client, f"{address}.csv")
        assert [found["title"] for found in lines] == titles
        assert [found["urgency"] for found in lines] == [
            "overdue", "for_review", "blocked", "to_come", "by_phrase", "undated", "closed",
        ]  # fmt: skip
        same = {found["id"]: found for found in read_csv(client, f"/follow-ups.csv?process={process.ref}")}
        assert [{name: cell for name, cell in found.items() if name != "urgency"} for found in lines] == [
            same[found["id"]] for found in lines
        ]

    def test_it_is_paged_and_what_is_closed_lies_open_where_nothing_else_is(self, client, monkeypatch):
        monkeypatch.setattr(paging, "PAGE_SIZE", 3)
        process, party = make.ProcessFactory(), make.PartyFactory()
        for number in range(1, 5):
            for status in ("promised", "done"):
                text, title = f"2025-05-0{number}", f"{status} {number}"
                owe(text, title=title, status=status, process=process, owner=party, development={"party": party})
        address, seen = f"/processes/{process.ref}/follow-ups/", []
        while address:
            page = Page(client, address)
            seen.append(page.texts(".ledger tbody th > a"))
            following = page.soup.select_one('.pager a[rel="next"]')
            address = following and following["href"]
        assert seen == [
            ["promised 1", "promised 2", "promised 3"], ["promised 4", "done 1", "done 2"], ["done 3", "done 4"],
        ]  # fmt: skip
        assert page.soup.select("details[open] .ledger")

    def test_an_empty_one_says_so(self, client):
        process = make.ProcessFactory()
        assert "Nothing is owed" in Page(client, f"/processes/{process.ref}/follow-ups/").text()


@pytest.mark.parametrize("query", ["", "&on=2025-03-10"])
def test_it_costs_the_same_however_much_it_tells(client, query):
    process = make.ProcessFactory()

    def fill(rows):
        step = owe("soon", process=process)
        for _ in range(rows):
            party = make.PartyFactory()
            step = owe(
                "2025-03-01", process=process, owner=party, promised_to=[party], waits_for=step,
                development={"party": party, "speaker": make.PersonFactory(party=party)},
            )  # fmt: skip
            for day in (20, 21):
                source = make.SourceFactory()
                slip(step, f"2025-04-{day}", day, party=party, citations=[Citation(source=source)])

    addresses = [f"/follow-ups/?process={process.ref}{query}", f"/processes/{process.ref}/follow-ups/?{query[1:]}"]
    fill(2)
    before = [Page(client, address).queries for address in addresses]
    fill(20)
    assert [Page(client, address).queries for address in addresses] == before
    assert max(before) <= 12


class TestOfTheWorkedExample(TestCase):
    """What the ledger shows once the talks of Riyadh are loaded."""

    @classmethod
    def setUpTestData(cls):
        make.UserFactory(username="head", administrator=True)
        call_command("load_example", verbosity=0)
        process = Process.objects.get(ref="prc-us-russia-ukraine")
        team = FollowUp.objects.get(ref="fup-us-names-team")
        owe("2027-06-01", title="Dated", process=process, owner=team.owner)

    def setUp(self):
        self.client = Client()
        self.client.force_login(make.UserFactory(username="vera", viewer=True))

    def test_the_envoy_comes_after_dated_dues_is_not_overdue_and_is_looked_at_again(self):
        titles = [found["title"] for found in read_csv(self.client, "/follow-ups.csv")]
        assert titles.index("Dated") < titles.index("Russia names a special envoy")
        item = FollowUp.objects.get(ref="fup-russia-names-envoy")
        found = row(self.client, item)
        assert found["Due"] == "as soon as possible look again since 20 Mar 2025"
        assert (found["Overdue"], found["To"]) == ("–", "United States")
        assert found["Promised by"] == "Russia said by Sergei Lavrov"
        assert row(self.client, item, "?on=2025-03-20")["Due"] == "as soon as possible review on 20 Mar 2025"
        listed = read_csv(self.client, "/follow-ups.csv?for_review=true")
        assert "fup-russia-names-envoy" in {found["id"] for found in listed}

    def test_the_consultations_are_blocked_by_the_us_naming_its_team(self):
        item = FollowUp.objects.get(ref="fup-consultations-begin")
        assert row(self.client, item)["Blocked by"] == "Blocked US names its team on Ukraine Promised"
        (found,) = read_csv(self.client, "/follow-ups.csv?blocked=true")
        assert (found["id"], found["waits_for_id"]) == ("fup-consultations-begin", "fup-us-names-team")
