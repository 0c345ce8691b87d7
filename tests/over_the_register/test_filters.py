"""What each sort of filter keeps, and what a cell of a file looks like."""

import datetime as dt
import json

import pytest
from bs4 import BeautifulSoup

from tests import factories as make
from tests.corrections import copied, correct
from tests.over_the_register.reading import read_csv
from tracker.models.dates import Span
from tracker.recording.timestamps import last_instant

pytestmark = [pytest.mark.django_db, pytest.mark.both]


class TestFilters:
    """What each sort of filter keeps."""

    def test_a_relation_by_id_name_or_alias(self, reader):
        russia = make.PartyFactory(name="Russia", aliases=["Russian Federation", "Россия"])
        kept, other = make.DemandFactory(party=russia), make.DemandFactory()
        for said in (
            russia.ref,
            "Russia",
            "russia",
            "Russian Federation",
            "Россия",
            f"Russia [{russia.ref}]",
        ):
            ids = {row["id"] for row in read_csv(reader, f"/demands.csv?party={said}")}
            assert ids == {kept.ref}
        assert other.ref not in ids

    def test_an_unknown_party_is_answered_with_the_nearest(self, reader):
        make.PartyFactory(name="Russia")
        page = reader.get("/demands/?party=Rusia")
        assert page.status_code == 400
        assert "There is no party called “Rusia”. Nearest: Russia." in page.content.decode()
        assert 'value="Rusia"' in page.content.decode()

    def test_a_name_of_several_is_answered_with_the_candidates(self, reader):
        one, two = make.PersonFactory(name="John Smith"), make.PersonFactory(name="John Smith")
        answer = reader.get("/developments.csv?speaker=John Smith").content.decode()
        assert one.ref in answer and two.ref in answer

    def test_a_hidden_process_is_not_even_named(self, reader):
        hidden = make.ProcessFactory(title="Back channel", secret=True)
        for said in (hidden.ref, "Back channel", "Back chanel"):
            answer = reader.get(f"/demands.csv?process={said}")
            assert answer.status_code == 400
            assert "Nearest: Back" not in answer.content.decode()

    def test_several_codes(self, reader):
        for status in ("open", "met", "lapsed"):
            make.DemandFactory(effect__status=status)
        rows = read_csv(reader, "/demands.csv?status=open&status=met")
        assert {row["status"] for row in rows} == {"open", "met"}

    def test_a_code_that_is_none_is_answered_with_the_nearest(self, reader):
        answer = reader.get("/demands.csv?status=opne").content.decode()
        assert "“opne” is not one of open," in answer and "Nearest: open" in answer

    def test_days_months_and_years(self, reader):
        for month in (1, 2, 3):
            make.DevelopmentFactory(occurred_on=dt.date(2025, month, 10))
        rows = read_csv(reader, "/developments.csv?since=2025-02&until=2025-02")
        assert [row["occurred_on"] for row in rows] == ["2025-02-10"]
        assert len(read_csv(reader, "/developments.csv?until=2025")) == 3

    def test_what_lacks_a_source(self, reader):
        bare = make.DevelopmentFactory()
        sourced = make.CitationFactory().development
        assert {row["id"] for row in read_csv(reader, "/developments.csv?lacks_source=true")} == {bare.ref}
        assert {row["id"] for row in read_csv(reader, "/developments.csv?lacks_source=false")} == {
            sourced.ref
        }

    def test_a_development_with_two_effects_on_an_item_is_listed_once(self, reader):
        demand = make.DemandFactory()
        parties = [make.PartyFactory(), make.PartyFactory()]
        effects = [
            make.EffectFactory.build(item=demand, party=party, stance="rejects", wording=None)
            for party in parties
        ]
        both = make.DevelopmentFactory(effects=effects)
        ids = [row["id"] for row in read_csv(reader, f"/developments.csv?item={demand.ref}")]
        assert sorted(ids) == sorted({both.ref, *ids}) and len(ids) == 2

    def test_what_is_filtered_is_said_in_words(self, reader):
        make.DemandFactory(party=make.PartyFactory(name="Russia"))
        page = BeautifulSoup(reader.get("/demands/?party=Russia&status=open").content, "lxml")
        assert (
            " ".join(page.select_one(".filter-summary").get_text().split()) == "Status: Open; Made by: Russia"
        )


RANGED = {
    "2025-02-18": ("2025-02-18", "2025-02-18"),
    "2025-02": ("2025-02-01", "2025-02-28"),
    "2025": ("2025-01-01", "2025-12-31"),
    "before 2025-02-18": ("2001-01-01", "2025-02-17"),
    "after 2025-02-18": ("2025-02-19", "2026-01-01"),
    "between 2025-02-12 and 2025-02-14": ("2025-02-12", "2025-02-14"),
    "about 2025-02-18": ("2025-02-17", "2025-02-19"),
    "about 2025-02": ("2025-01-01", "2025-03-31"),
}
"""The first and the last day on which each can have happened; of an open date, some day on the open side."""


@pytest.mark.parametrize("text", RANGED)
def test_a_range_of_days_keeps_what_can_fall_in_it(reader, text):
    dated(text)
    first, last = map(dt.date.fromisoformat, RANGED[text])
    day = dt.timedelta(days=1)
    kept = {"since": last, "until": first}
    for name, edge in kept.items():
        assert len(read_csv(reader, f"/developments.csv?{name}={edge}")) == 1, name
    if not text.startswith("after"):
        assert not read_csv(reader, f"/developments.csv?since={last + day}")
    if not text.startswith("before"):
        assert not read_csv(reader, f"/developments.csv?until={first - day}")


def dated(text):
    """A development on the date that `text` writes."""
    date = Span.parse(text)
    # Only talks last several days.
    kind = {"kind": "talks"} if date.precision == "lasted" else {}
    return make.DevelopmentFactory(
        occurred_on=date.day, occurred_precision=date.precision, occurred_last=date.end, **kind
    )


class TestFile:
    """What a cell of a file looks like."""

    def test_dates_are_written_as_what_they_are(self, reader):
        written = [
            ("[..2025-02-17]", "before"), ("2024", "year"), ("2024~", "about_year"), ("2025-02", "month"),
            ("2025-02~", "about_month"), ("[2025-02-12..2025-02-14]", "between"), ("2025-02-18", "day"),
            ("2025-02-18~", "about_day"), ("[2025-02-19..]", "after"), ("2025-02-20/2025-02-22", "lasted"),
        ]  # fmt: skip
        for text, _ in written:
            dated(text)
        rows = read_csv(reader, "/developments.csv?sort=occurred_on")
        assert [(row["occurred_on"], row["occurred_precision"]) for row in rows] == written
        listed = json.loads(b"".join(reader.get("/developments.json?sort=occurred_on")))
        assert [row["occurred_on"] for row in listed] == [text for text, _ in written]

    def test_what_a_spreadsheet_would_run_is_guarded(self, reader):
        make.PartyFactory(name="=cmd()", description="'quoted'")
        row = read_csv(reader, "/parties.csv")[0]
        assert (row["name"], row["description"]) == ("'=cmd()", "''quoted'")

    def test_related_records_by_id_and_name(self, reader):
        russia = make.PartyFactory(name="Russia")
        nato, ukraine = make.PartyFactory(name="NATO"), make.PartyFactory(name="Ukraine")
        make.DemandFactory(party=russia, addressed_to=[ukraine, nato])
        row = read_csv(reader, "/demands.csv")[0]
        assert (row["party_id"], row["party"]) == (russia.ref, "Russia")
        assert (row["addressed_to_ids"], row["addressed_to"]) == (
            f"{nato.ref}; {ukraine.ref}",
            "NATO; Ukraine",
        )

    def test_to_whom_a_follow_up_is_promised_by_id_and_name(self, reader):
        russia, ukraine = make.PartyFactory(name="Russia"), make.PartyFactory(name="Ukraine")
        kept = make.FollowUpFactory(promised_to=[ukraine, russia])
        make.FollowUpFactory()
        (row,) = read_csv(reader, "/follow-ups.csv?promised_to=Ukraine")
        assert row["id"] == kept.ref
        assert (row["promised_to_ids"], row["promised_to"]) == (
            f"{russia.ref}; {ukraine.ref}",
            "Russia; Ukraine",
        )

    def test_the_same_question_gives_the_same_bytes_after_a_correction(self, reader):
        demand = make.DemandFactory(effect__status="open")
        known = last_instant().isoformat().replace("+", "%2B")
        addresses = [
            f"/{name}.csv?known={known}" for name in ("demands", "developments", "effects", "citations")
        ]
        before = [b"".join(reader.get(address).streaming_content) for address in addresses]
        development = demand.effects.get().development
        correct(development, effects=[copied(demand.effects.get(), status="rejected")], headline="Otherwise")
        assert [b"".join(reader.get(address).streaming_content) for address in addresses] == before
        assert read_csv(reader, "/demands.csv")[0]["status"] == "rejected"
