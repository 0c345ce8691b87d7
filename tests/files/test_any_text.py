"""Any text that is recorded goes out unchanged in every form, and comes back exact."""

import csv
import io
import json

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from openpyxl.utils.escape import unescape

from tests.examples import part
from tests.factories import UserFactory
from tests.files.test_csv import AWKWARD, split
from tracker.models import Issue, Party
from tracker.models.base import writes_allowed

pytestmark = pytest.mark.both

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])) | st.sampled_from(AWKWARD)


class AnyText(TestCase):
    """Recorded as a name, as words, and as aliases."""

    def content(self, address):
        response = self.client.get(address)
        found = response.getvalue()
        assert response.status_code == 200, found
        return found

    def rows(self, address):
        text = self.content(address).decode().removeprefix("\ufeff")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    @part(1 / 2)
    @given(st.lists(texts, min_size=1, max_size=5))
    def test_goes_out_unchanged_in_every_form(self, said):
        self.client.force_login(UserFactory(viewer=True))
        # Line breaks within a name are none that a form would take, but nothing that is there may be lost.
        with writes_allowed():
            Issue.objects.bulk_create(
                Issue(ref=f"iss-{number}", name=f"{number} {text}"[:200], description=text)
                for number, text in enumerate(said)
            )
            Party.objects.bulk_create([Party(ref="pty-1", name="Arland", kind="state", aliases=said)])
        columns = "columns=id,description&sort=name"
        wanted = {f"iss-{number}": text for number, text in enumerate(said)}

        rows = self.rows(f"/issues.csv?profile=tools&{columns}")
        assert {row["id"]: row["description"] for row in rows} == wanted
        rows = self.rows(f"/issues.csv?profile=spreadsheet&{columns}")
        assert {row["id"]: row["description"].removeprefix("'") if row["description"][:1] == "'" else row["description"]
                for row in rows} == wanted  # fmt: skip
        assert not [row for row in rows if row["description"][:1] in {"=", "+", "-", "@", "\t", "\r", "\n"}]
        rows = json.loads(self.content(f"/issues.json?{columns}"))
        assert {row["id"]: row["description"] or "" for row in rows} == wanted
        sheet = openpyxl.load_workbook(io.BytesIO(self.content(f"/issues.xlsx?{columns}"))).active
        cells = list(sheet.iter_rows(min_row=2))
        assert {ref.value: unescape(cell.value or "") for ref, cell in cells} == wanted
        assert not [cell for _, cell in cells if cell.data_type == "f"]

        (row,) = json.loads(self.content("/parties.json"))
        assert row["aliases"] == said
        for profile in ("tools", "spreadsheet"):
            (row,) = self.rows(f"/parties.csv?profile={profile}")
            cell = row["aliases"]
            # `split` takes one guard off, of which a raw cell has none.
            assert split(f"'{cell}" if profile == "tools" else cell) == said
