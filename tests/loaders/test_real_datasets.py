"""The real datasets, where they are at hand: a slice of each release loads, loads again, and loses nothing."""

import csv
import datetime as dt
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.factories import UserFactory
from tests.loaders import files
from tests.loaders.files import counts
from tracker.clocks import Clocks
from tracker.models import Claim, Development, Effect, Talk

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
ROWS = 120

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.is_dir(), reason="the datasets are not here"),
]


def rows_of(name):
    """The header and the rows of a dataset."""
    csv.field_size_limit(5_000_000)
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    return header, [dict(zip(header, row, strict=True)) for row in rows]


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
    longest = {max(range(len(rows)), key=lambda place: len(rows[place][name])) for name in ("Agt", "Part", "OthAgr")}
    chosen = [row for place, row in enumerate(rows) if place < ROWS or place in longest or "\n" in row["Agt"]]
    path = files.write(tmp_path / "pax.csv", header, *chosen)
    assert counts(files.load("load_pax", path, "v9"))["made"] == len(chosen)

    for row in chosen:
        claim = Claim.objects.get(upstream_id=row["AgtId"], cells__AgtId=row["AgtId"])
        assert claim.cells == {name: text for name, text in row.items() if text}
        development = Development.objects.get(ref=claim.development_ref)
        wording = Effect.objects.get(development=development, item_kind="principle").wording
        assert wording == row["Agt"]
        for name in ("Part", "ThrdPart", "OthAgr"):
            assert row[name] == "#NAME?" or row[name] in development.detail

    before = Development.objects.count(), Claim.objects.count()
    assert counts(files.load("load_pax", path, "v9"))["unchanged"] == len(chosen)
    assert (Development.objects.count(), Claim.objects.count()) == before
