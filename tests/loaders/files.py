"""Writes small files in the form of the datasets, with rows that nobody coded, and loads them."""

import csv
from io import StringIO

import openpyxl
from django.core.management import call_command

MEND = (
    "med_event_ID", "conflict_country", "conflict_counry_ID", "conflict_id", "med_location - MULTISELECT",
    "med_loc_cty", "med_loc_x", "med_loc_y", "Day", "Month", "Year", "third_party", "third_party_id_GLOPAD",
    "third_party_id", "third_party_id_PAX", "num_med", "med_scope", "ind_named_id", "individual_med_named",
    "groupings_mechanisms", "local_parties", "local_party_id", "local_indiv_group", "num_local", "if_loc_belig", "agmt",
    "agmt_name", "agmt_id_PAX", "Summary", "source_urls", "shuttle", "med_type",
)  # fmt: skip
ROUND = {
    "med_event_ID": "ARL202301-1", "conflict_country": "Arland", "med_location - MULTISELECT": "Cairo",
    "med_loc_cty": "EGY", "Day": "5", "Month": "1", "Year": "2023", "third_party": "Egypt; River Union",
    "third_party_id_GLOPAD": "CON_82;IGO_9", "ind_named_id": "indnam1", "individual_med_named": "Ann Ode",
    "local_parties": "House of Reeds; Army of the North", "agmt": "0", "Summary": "The two met in Cairo.\nThey parted.",
    "source_urls": "https://gazette.example/talks;https://echo.example/5-jan", "shuttle": "0", "med_type": "M",
}  # fmt: skip
"""One round of talks as MEND would code it."""

PAX = (
    "Con", "Contp", "PP", "PPName", "Reg", "AgtId", "Ver", "Agt", "Dat", "Status", "Lgt", "N_characters", "Agtp",
    "Stage", "StageSub", "Part", "ThrdPart", "OthAgr", "Loc1ISO", "GCh", "GChRhet", "Ele", "Ce", "ImPK",
)  # fmt: skip
AGREEMENT = {
    "Con": "Egypt/Jordan/(Reed Isles)", "Contp": "Territory", "PP": "7", "PPName": "Reed Isles process",
    "AgtId": "431", "Agt": "Accord on the Reeds", "Dat": "1993-02-15", "Status": "Multiparty signed/agreed",
    "Agtp": "Inter", "Stage": "Cea", "Part": "For Egypt:\nA. Minister\n\nFor the isles: B. Elder",
    "ThrdPart": "Witness:\r\nThe River Union", "OthAgr": "", "GCh": "0", "GChRhet": "0", "Ele": "2", "Ce": "3",
    "ImPK": "0",
}  # fmt: skip
"""One agreement as PA-X would code it."""


def write(path, columns, *rows):
    """A CSV file of `rows`, dictionaries of columns, at `path`; returns the path."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_sheet(path, columns, *rows):
    """The same as an XLSX file, numbers and days typed as spreadsheets hold them."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(columns)
    for row in rows:
        cells = (row.get(name, "") for name in columns)
        sheet.append([int(cell) if cell.isdigit() else cell for cell in cells])
    book.save(path)
    return path


def load(command, path, release, **options):
    """Load `path`; return what the command prints."""
    out = StringIO()
    call_command(command, path, release=release, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def counts(printed):
    """{outcome: number} from the table that a load ends with."""
    names = ("read", "made", "changed", "unchanged", "set aside")
    lines = [line for line in printed.splitlines() if line.startswith(names)]
    return {line[:12].strip(): int(line[12:].replace(",", "")) for line in lines}


def reported(path):
    """The rows of a report file: (upstream id, outcome, reason, detail)."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        return [(row["upstream_id"], row["outcome"], row["reason"], row["detail"]) for row in rows]
