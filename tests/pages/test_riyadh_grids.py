"""The worked example in the agreement grid and the position matrix: nothing is plainly agreed, and movement is told."""

import csv
import io

from django.test import TestCase

from tests.example import load_example
from tests.factories import UserFactory
from tests.pages.reading import Page
from tracker.models import Assessment

PROCESS, TALK = "/processes/prc-us-russia-ukraine", "/talks/tlk-riyadh-2025-02-18"


class RiyadhGridTest(TestCase):
    """What an analyst finds in the two grids once the Riyadh talks are loaded."""

    @classmethod
    def setUpTestData(cls):
        UserFactory(username="head", administrator=True)
        load_example()
        cls.reader = UserFactory(viewer=True)

    def setUp(self):
        self.client.force_login(self.reader)

    def cells(self, address, table):
        """{head of the row: {head of the column: words}}."""
        rows = {}
        for row in Page(self.client, address).soup.select(f"{table} tbody tr:has(td)"):
            heads = [
                head.a.get_text() if head.a else head.get_text()
                for head in row.find_parent("table").thead("th")
            ]
            words = (" ".join(cell.get_text(" ").split()) for cell in row(["th", "td"]))
            rows[row.th.get_text(" ", strip=True)] = dict(zip(heads, words, strict=True))
        return rows

    def file(self, address):
        response = self.client.get(address)
        return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))

    def test_what_the_principles_add_up_to(self):
        for address in (f"{PROCESS}/agreement", f"{TALK}/agreement"):
            found = {head[:2]: row for head, row in self.cells(f"{address}/", ".grid").items()}
            sums = {number: row["Agreement overall"] for number, row in found.items()}
            assert sums == {
                "1.": "Confirmed with reserve", "2.": "Confirmed with reserve", "3.": "Claimed by one side",
                "4.": "Conditional", "Th": "Claimed by one side",
            }  # fmt: skip
            assert {
                row["Claimed by"].split(" 18 Feb")[0] for number, row in found.items() if number != "Th"
            } == {"United States Marco Rubio"}
            missions = found["1."]["Russia"]
            assert missions.startswith(
                "Affirms with reserve hedged 18 Feb 2025 inferred practically agreed Sergei Lav"
            )
            assert "Affirms firmer paraphrase 18 Feb 2025 both Rubio and Lavrov saying" in missions
            assert "Affirms firmer reporter’s summary" in missions
            assert found["3."]["Russia"] == "no statement"
            lines = self.file(f"{address}.csv")
            assert {line["agreement"] for line in lines} == {
                "confirmed_with_reserve", "claimed_by_one_side", "conditional",
            }  # fmt: skip
            counting = [line for line in lines if line["principle_id"] == "pri-diplomatic-missions"]
            assert [
                line["quote"] for line in counting if (line["party"], line["counts"]) == ("Russia", "true")
            ] == ["practically agreed"]

    def test_russia_softened_on_talking_to_zelenskyy(self):
        for query in ("", "?since=before+2025-02-18", "?moved=true&party=Moscow&issue=Talking+to+Zelenskyy"):
            rows = self.cells(f"{PROCESS}/positions/{query}", ".matrix")
            (cell,) = [
                row["Russia"] for head, row in rows.items() if head.startswith("Putin-Zelenskyy talks")
            ]
            assert cell.startswith("Conditional Softened from Rejects, before 18 Feb 2025 18 Feb 2025"), cell
            assert cell.endswith("if necessary")
        (line,) = self.file(f"{PROCESS}/positions.csv?party=Russia&issue=Talking+to+Zelenskyy")
        assert (line["movement"], line["old"], line["stance"]) == ("softened", "rejects", "conditional")
        assert (line["old_on"], line["old_on_precision"], line["occurred_on"]) == (
            "[..2025-02-17]",
            "before",
            "2025-02-18",
        )

    def test_who_was_away_from_the_table_in_riyadh(self):
        page = Page(self.client, f"{PROCESS}/positions/")
        heads = page.texts(".matrix thead th")
        assert heads[:5] == [
            "Item", "Russia", "United States", "Ukraine Absent but affected", "United Kingdom Asked to join",
        ]  # fmt: skip
        away = page.text(".away")
        for words in (
            "European Union Offered a seat later",
            "Turkey Asked to join",
            "European allies Absent but",
        ):
            assert words in away
        ukraine = self.cells(f"{PROCESS}/positions/?party=Ukraine", ".matrix")
        (criticism,) = [row["Ukraine"] for head, row in ukraine.items() if head.startswith("Riyadh meeting")][
            :1
        ]
        assert criticism.startswith("Disputes 18 Feb 2025")

    def test_experts_are_in_neither(self):
        experts = set(Assessment.objects.values_list("author__name", flat=True))
        assert len(experts) > 3
        for name in ("agreement", "positions"):
            said = Page(self.client, f"{PROCESS}/{name}/").text()
            lines = self.file(f"{PROCESS}/{name}.csv")
            assert not experts & {line["speaker"] for line in lines}
            assert "Puglierin" not in said and "Deni" not in said and "Standish" not in said
