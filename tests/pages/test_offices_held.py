"""Who held an office on a day: the list keeps those who may have, and marks those who may not."""

import pytest

from tests import factories as make
from tests.over_the_register.reading import read_csv
from tests.pages.reading import Page
from tracker.models.dates import Span

pytestmark = pytest.mark.django_db

MAY = "may be outside these dates"


def held(begun="", ended=""):
    """An office held from `begun` to `ended`, both as one types them; open where empty."""
    columns = {}
    for name, text in (("held_from", begun), ("held_to", ended)):
        if text:
            span = Span.parse(text)
            columns |= {name: span.day, f"{name}_precision": span.precision}
    return make.OfficeFactory(title="Foreign minister", **columns)


CASES = [
    ("2024-06-01", "2025-02-18", "2025-02-18", "held"),
    ("2025-02-18", "2025-03-01", "2025-02-18", "held"),
    ("2025-02-18", "2025-02-18", "2025-02-18", "held"),
    ("2025-02-19", "", "2025-02-18", "not held"),
    ("2024-06-01", "2025-02-17", "2025-02-18", "not held"),
    ("", "", "2025-02-18", "may have"),
    ("", "2025-02-18", "2025-02-18", "may have"),
    ("", "2025-02-17", "2025-02-18", "not held"),
    ("2024", "", "2025-02-18", "held"),
    ("2025-02", "", "2025-02-18", "may have"),
    ("2025-02", "", "2025-02-28", "held"),
    ("2025-02", "", "2025-01-31", "not held"),
    ("2025-02", "2025-02", "2025-02-18", "may have"),
    ("2024-06-01", "2025-02", "2025-02-01", "held"),
    ("2024-06-01", "2025-02", "2025-02-02", "may have"),
    ("2024-06-01", "2025-02", "2025-03-01", "not held"),
    ("2024-06-01", "before 2025-02-18", "2025-02-17", "may have"),
    ("2024-06-01", "before 2025-02-18", "2025-02-18", "not held"),
    ("before 2025-02-18", "", "2025-02-17", "held"),
    ("before 2025-02-18", "", "2025-02-10", "may have"),
    # A period asks for whoever held it on one of its days.
    ("2025-02-19", "", "2025-02", "held"),
    ("2025-03-01", "", "2025-02", "not held"),
    ("2025-02", "", "2025-02", "held"),
]


@pytest.mark.parametrize(("begun", "ended", "on", "told"), CASES)
def test_those_who_held_it_are_listed_and_those_who_may_not_have_are_marked(
    client, carol, begun, ended, on, told
):
    client.force_login(carol)
    office = held(begun, ended)
    address = f"/offices/?held_on={on}"
    words = Page(client, address).text("#results")
    assert ("Foreign minister" in words, MAY in words) == (told != "not held", told == "may have")
    refs = [row["id"] for row in read_csv(client, address.replace("/?", ".csv?"))]
    assert refs == ([] if told == "not held" else [office.ref])


def test_what_is_no_day_is_refused_with_the_forms_that_are_taken(client, carol):
    client.force_login(carol)
    answer = client.get("/offices/?held_on=lately")
    assert answer.status_code == 400
    assert "held_on" in answer.text and "lately" in answer.text
