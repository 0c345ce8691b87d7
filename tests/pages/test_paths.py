"""The paths of all items of a process, by issue, and the worked example among them."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import TestCase

from tests import factories as make
from tests.example import load_example
from tests.pages.drawn import lanes, lines, move, of, says_the_same
from tests.pages.reading import Page
from tracker.recording.timestamps import one_instant

RIYADH = "/processes/prc-us-russia-ukraine/paths/"
ZELENSKYY = "/talks/tlk-putin-zelenskyy/path/"


class TheExample(TestCase):
    """The talks of Riyadh."""

    @classmethod
    def setUpTestData(cls):
        make.UserFactory(administrator=True)
        load_example()
        cls.reader = make.UserFactory(viewer=True)

    def setUp(self):
        self.client.force_login(self.reader)

    def test_russia_on_talking_to_zelenskyy_rejects_before_and_is_conditional_since(self):
        page = Page(self.client, ZELENSKYY)
        rejects, conditional = lanes(page)["Russia"][0]
        assert rejects == ("Russia: Rejects, from before 18 Feb 2025 (inferred) until 18 Feb 2025 (inferred)")
        assert conditional == "Russia: Conditional, since 18 Feb 2025 (inferred)"
        before, since = page.soup.select("svg[aria-label=Russia] .block")
        assert before.select_one("rect.about") and not before.select_one("rect:not(.about)")
        assert before.get_text().endswith("Rejects") and "stance-rejects" in before["class"]
        assert since.select_one("rect:not(.about)") and not since.select_one("rect.about")
        assert page.soup.select("svg[aria-label=Russia] .span.endless")
        assert "before 18 Feb 2025 (inferred)" in page.text(".words")
        (mark,) = [link for link in page.links("svg[aria-label=Russia] a") if "peskov" in link]
        assert mark == "/developments/dev-peskov-talks-with-zelenskyy/"
        assert says_the_same(page)

    def test_all_items_of_the_process_are_drawn_by_issue_and_told_in_words(self):
        page = Page(self.client, RIYADH)
        heads = page.texts("h2")
        assert "Talking to Zelenskyy" in heads and heads == sorted(heads)
        assert says_the_same(page)
        drawn = page.texts("section:has(#paths-2) .path-head")
        assert drawn[0] == "1. Diplomatic missions restored Principle"
        assert "Return of two diplomatic compounds in the US Demand, Russia" in drawn
        assert page.queries <= 12
        assert not page.soup.select("[style]") and not page.soup.select("main script")

    def test_one_old_promise_does_not_squeeze_all_else_into_a_corner(self):
        page = Page(self.client, RIYADH)
        assert "Feb 2025" in page.text(".range b") and "2008" not in page.text(".range b")
        everything = next(link for link in page.soup.select(".range a") if link.get_text() == "All")
        assert parse_qs(urlsplit(everything["href"]).query)["from"][0] < "2008"
        (title,) = lanes(page, "section:has(#paths-6)")["NATO"][0]
        assert "2008" in title and "before this range" in title

    def test_filters_narrow_the_items_and_the_lanes(self):
        page = Page(self.client, RIYADH + "?issue=Talking to Zelenskyy")
        assert page.texts("h2") == ["Talking to Zelenskyy"] and set(lanes(page)) == {"Status", "Russia"}
        assert set(lanes(Page(self.client, RIYADH + "?parties=no"))) <= {
            "Status",
            "Firmness",
            "Outcome",
            "Due",
        }
        of_nato = Page(self.client, RIYADH + "?party=NATO")
        assert [label for label in lanes(of_nato) if label not in ("Status", "Due")] == ["NATO"]
        assert of_nato.texts(".path-head") == ["Membership of Ukraine in NATO Follow-up, NATO"]
        kinds = {
            head.rsplit(" ", 1)[-1] for head in Page(self.client, RIYADH + "?kind=talk").texts(".path-head")
        }
        assert kinds == {"Talk"}
        assert "Nothing matches these filters" in Page(self.client, RIYADH + "?party=Turkey&kind=talk").text()

    def test_the_file_has_a_line_for_each_segment_and_mark(self):
        rows = lines(self.client, ZELENSKYY)
        stances = [row for row in rows if row["aspect"] == "stance"]
        assert [
            (
                row["party"],
                row["value"],
                row["shape"],
                row["from"],
                row["from_precision"],
                row["to"],
                row["state"],
            )
            for row in stances
        ] == [
            ("Russia", "rejects", "segment", "[..2025-02-17]", "before", "2025-02-18", "in_force"),
            ("Russia", "conditional", "segment", "2025-02-18", "day", "", "in_force"),
        ]
        assert stances[1]["development_id"] == "dev-peskov-talks-with-zelenskyy"
        of_all = lines(self.client, RIYADH)
        assert [row for row in of_all if row["item_id"] == "tlk-putin-zelenskyy"] == rows
        assert {row["item_id"] for row in lines(self.client, RIYADH, issue="Talking to Zelenskyy")} == {
            "tlk-putin-zelenskyy"
        }
        assert not [row for row in lines(self.client, RIYADH, to="2008") if row["from"] > "2009"]


@pytest.fixture
def demand(client, alice, clock):
    """A demand raised on 18 February 2025, at noon."""
    client.force_login(alice)
    clock("2025-02-18T12:00Z")
    return make.DemandFactory(title="Leave the valley", party=make.PartyFactory(name="Graustark"))


@pytest.mark.django_db
def test_the_form_of_a_range_says_what_it_takes_and_shows_no_value_that_is_none(client, demand):
    page = Page(client, f"{demand.get_absolute_url()}path/?from=2024")
    fields = page.soup.select(".range-form input[type=text]")
    assert [field.get("value") for field in fields] == ["2024", ""]
    for field in fields:
        assert not field.has_attr("placeholder")
        assert "such as 18 Feb 2025" in page.text(f"#{field['aria-describedby']}")


@pytest.mark.django_db
def test_it_costs_the_same_for_two_items_as_for_twenty(client, demand, clock):
    clock("2025-02-28T12:00Z")
    base = f"{demand.process.get_absolute_url()}paths/"
    addresses = [base, f"{base}?on=2025-02-20", f"{base}?known=2025-02-27", of(demand)]

    @one_instant()
    def add(number):
        for _ in range(number):
            item = make.DemandFactory(process=demand.process, issues=[make.IssueFactory()])
            move(item, (2, 20), party=make.PartyFactory(), stance="rejects")
            move(demand, (2, 21), party=make.PartyFactory(), stance="affirms")

    add(2)
    before = [Page(client, address).queries for address in addresses]
    add(20)
    assert [Page(client, address).queries for address in addresses] == before
    assert max(before) <= 12


@pytest.mark.django_db
def test_pages_are_turned_and_an_item_stands_under_each_of_its_issues(client, demand, monkeypatch):
    monkeypatch.setattr("tracker.reports.paths.page.ITEMS", 3)
    land, water = make.IssueFactory(name="Land"), make.IssueFactory(name="Water")
    party = make.PartyFactory()
    for title, issues in {"A": [water], "B": [land, water], "C": [land]}.items():
        make.DemandFactory(process=demand.process, title=title, issues=issues, party=party)
    base = f"{demand.process.get_absolute_url()}paths/"
    pages = [Page(client, base), Page(client, f"{base}?page=2")]
    assert [page.texts("h2") for page in pages] == [["Land", "Water"], ["Water", "No issue assigned"]]
    assert [[head.split()[0] for head in page.texts(".path-head")] for page in pages] == [
        ["B", "C", "A"],
        ["B", "Leave"],
    ]
    assert "1–3 of 5" in pages[0].text(".pager") and f"{base}?page=2" in pages[0].links(".pager a")
    # The file has what is on all pages, each item once.
    assert len({row["item_id"] for row in lines(client, base)}) == 4
    assert len(lines(client, base)) == 4 * 2


@pytest.mark.django_db
def test_what_is_restricted_is_not_there_for_strangers(client, restricted_process, bob):
    item = make.PrincipleFactory(process=restricted_process)
    client.force_login(bob)
    for address in (f"{restricted_process.get_absolute_url()}paths/", of(item)):
        assert client.get(address).status_code == 404
        assert client.get(address.rstrip("/") + ".csv").status_code == 404


@pytest.mark.django_db
def test_a_process_without_items_says_so(client, alice):
    client.force_login(alice)
    assert "Nothing to draw yet" in Page(client, f"{make.ProcessFactory().get_absolute_url()}paths/").text()
