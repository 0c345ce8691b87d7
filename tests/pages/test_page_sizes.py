"""However much is on record, a page stays of a size, says what it leaves out, and leads to the rest."""

import datetime as dt
import re

import pytest
from django.test import TestCase

from tests import factories as make
from tests.pages.crowded import BUSY, KINDS, OF_EACH_KIND, crowd
from tests.pages.reading import Page
from tracker import recording
from tracker.models import Effect

LARGEST = 300_000
"""The most bytes of HTML that a page has, uncompressed."""
ROWS = {
    "positions": ".matrix tbody th.name",
    "paths": ".path-head",
    "agreement": ".grid tbody th",
    "table": ".seating tbody:not(.summary) th",
    "compare": ".moves :is(.step, .sentence)",
}
"""{report that comes in pages: what it has rows of}"""


@pytest.mark.prove
class Crowded(TestCase):
    """A process of 160 items, each with a stance of each of 12 parties."""

    @classmethod
    def setUpTestData(cls):
        cls.editor = make.UserFactory(editor=True)
        cls.crowd = crowd(cls.editor)
        cls.base = cls.crowd.process.get_absolute_url()
        cls.talk, cls.principle, cls.demand, cls.follow_up = (items[0] for items in cls.crowd.items.values())

    def setUp(self):
        self.client.force_login(self.editor)

    def page(self, address):
        """The page at `address`, which is not too large."""
        page = Page(self.client, address)
        assert len(page.response.content) < LARGEST, (address, len(page.response.content))
        return page

    def total(self, address):
        """How many rows the list at `address` has in all."""
        return int(self.page(address).text(".pager .num").rpartition("of ")[2].partition(" ")[0])

    def test_the_state_of_play_shows_what_moved_last_and_leads_to_all(self):
        for query in ("", "?on=2021-06-09&public=2025-02-19"):
            page = self.page(self.base + query)
            for model in KINDS:
                plural = model._meta.verbose_name_plural
                section = page.soup.select_one(f"[aria-labelledby=k-{model.url_name}]")
                shown = {link["href"] for link in section.select(".item > a")}
                note = section.select("p.small")[-1]
                assert note.get_text(" ", strip=True).startswith(
                    f"The {len(shown)} that moved last are shown."
                )
                assert 5 < len(shown) < OF_EACH_KIND and f"All {OF_EACH_KIND} {plural}" in note.text
                assert query or self.total(note.a["href"]) == OF_EACH_KIND

    def test_a_report_has_as_many_rows_as_fit_and_leads_on_to_the_others(self):
        for name, selector in ROWS.items():
            query = "from=2020-06-09&to=2021-06-09" if name == "compare" else "on=2021-06-09"
            page = self.page(f"{self.base}{name}/?{query}")
            first, last, total = map(int, re.findall(r"\d+", page.text(".pager .num")))
            assert f"This page has 1–{last} of {total}" in page.text() and first == 1, name
            assert "The next page goes on; the files have all of them." in page.text(), name
            assert len(page.texts(selector)) == last < total, name
            [following] = page.links(".pager [rel=next]")
            assert query.partition("&")[0] in following, name
            assert f"This page has {last + 1}–" in self.page(following).response.content.decode(), name

    def test_a_busy_talk_shows_what_came_last_and_leads_to_all(self):
        page = self.page(self.talk.get_absolute_url())
        for anchor, number in {"said": BUSY, "moved": BUSY + 1}.items():
            section = page.soup.find(id=anchor).find_parent("section")
            shown = len(section.select(".entry"))
            note = section.select("p.small")[-1]
            assert note.get_text(" ", strip=True).startswith(f"The latest {shown} are shown.") and shown > 10
            assert self.total(note.a["href"]) == number

    def test_a_busy_path_is_drawn_coarsely_and_loses_nothing(self):
        for item in (self.talk, self.principle):
            page = self.page(item.get_absolute_url())
            assert "Too much has happened to draw every development" in page.section("path")
            own = self.page(page.soup.find(id="path").find_parent("section").select_one("p a")["href"])
            for drawn in (page, own):
                lanes = [
                    [int(dot.find("text").string if dot.find("text") else 1) for dot in lane.select(".dot")]
                    for lane in drawn.soup.select("svg.lane")
                ]
                assert sum(map(sum, lanes)) == item.effects.count()
                assert len(drawn.soup.select(".words tr.marked")) == sum(map(len, lanes))
            assert len(own.soup.select(".dot")) > len(page.soup.select(".dot"))
            first = next(row for row in page.soup.select(".words tr.marked") if "All" in row.text)
            number = int(re.search(r"All (\d+)", first.text)[1])
            assert len(self.page(first.a["href"]).soup.select("#results tbody tr")) == min(number, 50)

    def test_outranked_statements_and_slips_beyond_measure_are_in_a_list(self):
        [cell] = [
            cell
            for cell in self.page(f"{self.base}agreement/").soup.select("td.word:has(.outranked)")
            if "not shown" in cell.text
        ][:1]
        left = int(re.search(r"(\d+) earlier not shown", cell.text)[1])
        all_of_party = self.total(cell.find("a", string="all statements")["href"])
        assert 1 + len(cell.select(".outranked li")) + left == all_of_party
        slips = self.page(f"{self.base}follow-ups/").soup.select_one(".slips")
        assert f"{BUSY - 1} times" in slips.text and "The latest 200 are listed." in slips.text
        assert self.total(slips.select("p a")[-1]["href"]) == 13 + BUSY

    def test_other_pages_are_no_larger(self):
        for address in (
            "/", "/follow-ups/", "/timeline/", "/effects/", "/search/?q=minister", f"{self.base}timeline/",
            self.demand.get_absolute_url(), self.follow_up.get_absolute_url(), self.crowd.parties[0].get_absolute_url(),
        ):  # fmt: skip
            self.page(address)


@pytest.mark.django_db
def test_a_long_history_comes_in_pages(client, bob, monkeypatch):
    monkeypatch.setattr("tracker.pages.detail.CHANGES", 10)
    process = make.ProcessFactory(by=bob)
    client.force_login(bob)
    address = f"{process.get_absolute_url()}history/"
    already = 1 + len(Page(client, address).soup.select(".history .field-name"))
    monkeypatch.setattr("tracker.pages.detail.CHANGES", already + 4)
    for number in range(3):
        assert not Page(client, address).links(".pager a"), "As many as fit are one page."
        process.aim = f"Aim {number}"
        recording.save(bob, process)
    page = Page(client, address)
    assert "This page has entries 1–3 of 4, latest first." in page.text()
    assert len(page.texts(".history tbody tr")) == 3 and "Aim 2" in page.text(".history")
    rest = Page(client, page.links(".pager [rel=next]")[0])
    assert "This page has entries 4–4 of 4" in rest.text() and "created" in rest.text(".history")


@pytest.fixture
def demands(client, bob):
    """Three demands of one process and talk, with a stance on each; the first is on two issues."""
    client.force_login(bob)
    talk = make.TalkFactory(development__occurred_on=dt.date(2025, 2, 1))
    party, issues = make.PartyFactory(name="Graustark"), [make.IssueFactory(), make.IssueFactory()]
    made = [
        make.DemandFactory(
            process=talk.process, talk=talk, title=f"Point {number}", party=party, issues=issues if number == 1 else [],
            development__occurred_on=dt.date(2025, 2, number),
        )
        for number in (1, 2, 3)
    ]  # fmt: skip
    for number, demand in enumerate(made, start=10):
        make.DevelopmentFactory(
            process=talk.process, talk=talk, occurred_on=dt.date(2025, 2, number), party=party,
            effects=[Effect(item=demand, party=party, stance="affirms")],
        )  # fmt: skip
    return made


@pytest.mark.parametrize(("lines", "shown"), [(16 + 3, 3), (15 + 3, 2), (11, 2), (10, 1), (1, 1)])
def test_items_of_a_process_take_up_the_lines_there_are_and_no_more(
    client, demands, monkeypatch, lines, shown
):
    # The talk takes 3 lines, each demand 3 and one for its stance, and the first twice as many.
    monkeypatch.setattr("tracker.pages.process.LINES", lines)
    page = Page(client, demands[0].process.get_absolute_url())
    section = page.soup.select_one("[aria-labelledby=k-demand]")
    assert len({link["href"] for link in section.select(".item > a")}) == shown
    note = f"The {shown} that moved last are shown."
    assert (note in section.text) == (shown < 3) and ("As a list" in section.text) == (shown == 3)
    if shown == 1:
        assert section.select_one(".item > a").text == "Point 3"


@pytest.mark.parametrize(("lines", "shown"), [(41, 3), (40, 2), (0, 1)])
def test_a_talk_shows_the_lines_there_are_and_no_more(client, demands, monkeypatch, lines, shown):
    # What raised it takes 5 lines, what was said at it 15, and each of the three demands 7.
    monkeypatch.setattr("tracker.queries.talk_detail.LINES", lines)
    page = Page(client, demands[0].talk.get_absolute_url())
    points = page.texts("[aria-labelledby=demanded] .points .wording:not(q)")
    assert points == [f"Point {number}" for number in (1, 2, 3)[-shown:]]
    note = f"The {shown} that moved last are shown. All demands of this talk"
    assert (note in page.section("demanded")) == (shown < 3)


@pytest.mark.parametrize(("most", "shown"), [(9, 3), (8, 2), (1, 1)])
def test_the_matrix_has_the_positions_there_is_room_for(client, demands, monkeypatch, most, shown):
    # A row takes up 2, and 1 for each stance; the first demand has a row under each of its issues.
    monkeypatch.setattr("tracker.reports.positions.page.CELLS", most)
    address = f"{demands[0].process.get_absolute_url()}positions/?kind=demand"
    for query in ("", "&on=2025-02-20", "&party=Graustark"):
        page = Page(client, address + query)
        assert len(page.texts(".matrix tbody th.name")) == shown and f"1–{shown} of 4 rows" in page.text()
    assert "This page has" not in Page(client, f"{address}&on=2025-01-31").text()


@pytest.mark.parametrize(("lanes", "shown"), [(6, 3), (5, 2)])
def test_as_many_paths_as_lanes_are_drawn(client, demands, monkeypatch, lanes, shown):
    monkeypatch.setattr("tracker.reports.paths.page.LANES", lanes)
    address = f"{demands[0].process.get_absolute_url()}paths/?kind=demand"
    page = Page(client, address)
    assert len(page.texts(".path-head")) == shown and f"1–{shown} of 4 paths" in page.text()
    # Without the stances each has one lane.
    assert len(Page(client, f"{address}&parties=no").texts(".path-head")) == 4


@pytest.mark.parametrize(("most", "shown"), [(9, 3), (8, 2), (3, 1), (1, 1)])
def test_changes_take_up_room_with_what_was_said_before_and_after(client, demands, monkeypatch, most, shown):
    for demand in demands:
        make.DevelopmentFactory(
            process=demand.process, occurred_on=dt.date(2025, 2, 20), party=demand.party,
            effects=[Effect(item=demand, party=demand.party, stance="rejects")],
        )  # fmt: skip
    monkeypatch.setattr("tracker.reports.changes.page.QUOTED", most)
    page = Page(client, f"{demands[0].process.get_absolute_url()}compare/?from=2025-02-15&to=2025-02-28")
    assert len(page.texts(".moves .sentence")) == shown
    assert ("This page has" in page.text()) == (shown < 3)


@pytest.mark.parametrize(("most", "is_coarse"), [(24, False), (23, True)])
def test_an_item_drawn_under_two_issues_counts_twice(client, demands, monkeypatch, most, is_coarse):
    # Each demand has a bar and a disc on three lanes, and one of the three is drawn again.
    monkeypatch.setattr("tracker.reports.paths.page.MOST", most)
    page = Page(client, f"{demands[0].process.get_absolute_url()}paths/?kind=demand")
    assert len(page.soup.select("svg.lane :is(.block, .dot)")) == 24
    assert ("Too much has happened" in page.text()) == is_coarse
