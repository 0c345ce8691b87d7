"""The ledger of one process, what it costs, and what it shows of the worked example."""

import datetime as dt

import pytest
from django.test import Client, TestCase

from tests import factories as make
from tests.example import load_example
from tests.over_the_register.reading import read_csv
from tests.pages.ledger.owing import owe, row, slip
from tests.pages.reading import Page
from tracker.models import Citation, FollowUp, Process
from tracker.pages import pagination
from tracker.recording.timestamps import one_instant

pytestmark = pytest.mark.django_db


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
            "Overdue", "Review due", "Blocked", "To come", "No date, as phrased", "No date, no phrase",
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
        monkeypatch.setattr(pagination, "PAGE_SIZE", 3)
        process, party = make.ProcessFactory(), make.PartyFactory()
        for number in range(1, 5):
            for status in ("promised", "done"):
                text, title = f"2025-05-0{number}", f"{status} {number}"
                owe(
                    text,
                    title=title,
                    status=status,
                    process=process,
                    owner=party,
                    development={"party": party},
                )
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


def test_it_costs_the_same_however_much_it_tells(client):
    process = make.ProcessFactory()

    @one_instant()
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

    addresses = [
        f"/follow-ups/?process={process.ref}",
        f"/follow-ups/?process={process.ref}&on=2025-03-10",
        f"/processes/{process.ref}/follow-ups/",
        f"/processes/{process.ref}/follow-ups/?on=2025-03-10",
    ]
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
        load_example()
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
        assert found["Due"] == "as soon as possible Review due since 20 Mar 2025"
        assert (found["Days overdue"], found["Promised to"]) == ("–", "United States")
        assert found["Owner"] == "Russia said by Sergei Lavrov"
        assert row(self.client, item, "?on=2025-03-20")["Due"] == "as soon as possible review on 20 Mar 2025"
        listed = read_csv(self.client, "/follow-ups.csv?for_review=true")
        assert "fup-russia-names-envoy" in {found["id"] for found in listed}

    def test_the_consultations_are_blocked_by_the_us_naming_its_team(self):
        item = FollowUp.objects.get(ref="fup-consultations-begin")
        assert row(self.client, item)["Waits for"] == "Blocked US names its team on Ukraine Promised"
        (found,) = read_csv(self.client, "/follow-ups.csv?blocked=true")
        assert (found["id"], found["waits_for_id"]) == ("fup-consultations-begin", "fup-us-names-team")
