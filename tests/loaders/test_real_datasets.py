"""The real datasets, where they are at hand: a slice of each release loads, loads again, and loses nothing."""

import csv
import datetime as dt
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.factories import UserFactory
from tests.loaders import files
from tests.loaders.files import counts
from tracker.clocks import Clocks
from tracker.loaders.countries import iso_code
from tracker.loaders.mend.places import place_in
from tracker.loaders.pax.reading import UNILATERAL, reader
from tracker.models import Claim, Development, Effect, Talk

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
ROWS = 120

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.prove,
    pytest.mark.skipif(not DATA.is_dir(), reason="the datasets are not here"),
]


def rows_of(name):
    """The header and the rows of a dataset."""
    csv.field_size_limit(5_000_000)
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    return header, [dict(zip(header, row, strict=True)) for row in rows]


@pytest.mark.parametrize("release", ["2025-03-26", "2025-07-03"])
def test_no_place_repeats_its_country_whatever_the_cell_says(release):
    _, rows = rows_of(f"mend_{release}.csv")
    cells = {(row["med_location - MULTISELECT"], row["med_loc_cty"], row["conflict_country"]) for row in rows}
    for city, country, conflict in cells:
        place = place_in(city, country, [conflict], [])
        named = [code for code in map(iso_code, place.split(", ")) if code]
        assert len(named) == len(set(named)), place
        if country and iso_code(city) != iso_code(country):
            assert place_in(f"{city}, {country}", country, [conflict], []) == place


def test_no_city_of_mend_is_in_a_country_that_is_not_its_own():
    _, rows = rows_of("mend_2025-07-03.csv")
    places = {
        place_in(row["med_location - MULTISELECT"], row["med_loc_cty"], [row["conflict_country"]], [])
        for row in rows
    }
    wrong = {
        "Tripoli, Lebanon", "London, Canada", "Madrid, Colombia", "Islamabad, India", "Entebbe, Sudan",
        "St. Petersburg, United States", "Barcelona, Venezuela", "Ramallah, Israel",
    }  # fmt: skip
    assert not places & wrong
    assert {"Cairo, Egypt", "Tripoli", "London", "Djibouti", "Gaza, Palestine"} <= places


def test_signatories_of_pax_are_parties_and_the_sides_of_most_agreements():
    _, rows = rows_of("pax_all_agreements_v9.csv")
    read = reader([])
    events = {row["AgtId"]: (row["Status"], read(row).point) for row in rows}
    signed = [point for status, point in events.values() if status == "Multiparty signed/agreed"]
    named = [point for point in signed if point.affirmed_by]
    assert len(named) > 0.6 * len(signed)
    assert all(point.parties == point.affirmed_by for point in named)
    others = [
        point for status, point in events.values() if status not in {"Multiparty signed/agreed", UNILATERAL}
    ]
    assert others and not any(point.affirmed_by for point in others)
    assert all(len(point.affirmed_by) <= 1 for status, point in events.values() if status == UNILATERAL)
    names = {party.name for _, point in events.values() for party in point.affirmed_by}
    documents = re.compile("declaration|communiqu|statement|agreement|signature|unsigned|majesty", re.I)
    assert not [name for name in names if documents.search(name)]


def test_two_releases_of_mend(tmp_path, clock):
    UserFactory(administrator=True)
    releases, summaries = {}, {}
    for release in ("2025-03-26", "2025-07-03"):
        header, rows = rows_of(f"mend_{release}.csv")
        of_libya = [row for row in rows if row["conflict_country"] == "Libya"][:ROWS]
        releases[release] = files.write(tmp_path / f"{release}.csv", header, *of_libya)
        summaries[release] = sorted(row["Summary"] for row in of_libya)

    clock("2026-01-01T10:00Z")
    assert counts(files.load("load_mend", releases["2025-03-26"], "2025-03-26"))["made"] == ROWS
    clock("2026-02-01T10:00Z")
    second = counts(files.load("load_mend", releases["2025-07-03"], "2025-07-03"))
    assert second["read"] == ROWS and second["set aside"] == 0
    assert second["changed"] and second["unchanged"]

    clock("2026-03-01T10:00Z")
    between = Development.objects.at(Clocks(known=dt.datetime(2026, 1, 15, tzinfo=dt.UTC)))
    assert sorted(between.values_list("detail", flat=True)) == summaries["2025-03-26"]
    now = list(Development.objects.filter(ended_at__isnull=True).values_list("detail", flat=True))
    assert set(summaries["2025-07-03"]) <= set(now)

    before = Development.objects.count(), Claim.objects.count()
    for release, path in releases.items():
        assert counts(files.load("load_mend", path, release))["unchanged"] == ROWS
    assert (Development.objects.count(), Claim.objects.count()) == before
    assert not Talk.objects.filter(place__contains="Tripoli, Leb").exists()
    call_command("check_standing")


def test_pax_keeps_every_cell_to_the_letter(tmp_path):
    UserFactory(administrator=True)
    header, rows = rows_of("pax_all_agreements_v9.csv")
    longest = {
        max(range(len(rows)), key=lambda place: len(rows[place][name])) for name in ("Agt", "Part", "OthAgr")
    }
    chosen = [row for place, row in enumerate(rows) if place < ROWS or place in longest or "\n" in row["Agt"]]
    path = files.write(tmp_path / "pax.csv", header, *chosen)
    assert counts(files.load("load_pax", path, "v9"))["made"] == len(chosen)

    for row in chosen:
        claim = Claim.objects.get(upstream_id=row["AgtId"], cells__AgtId=row["AgtId"])
        assert claim.cells == {name: text for name, text in row.items() if text}
        development = Development.objects.get(ref=claim.development_ref)
        wording = Effect.objects.get(
            development=development, item_kind="principle", wording__isnull=False
        ).wording
        assert wording == row["Agt"]
        for name in ("Part", "ThrdPart", "OthAgr"):
            assert row[name] == "#NAME?" or row[name] in development.detail

    before = Development.objects.count(), Claim.objects.count()
    assert counts(files.load("load_pax", path, "v9"))["unchanged"] == len(chosen)
    assert (Development.objects.count(), Claim.objects.count()) == before
