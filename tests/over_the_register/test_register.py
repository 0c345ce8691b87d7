"""The register is checked when the application starts."""

from dataclasses import replace

import pytest

from tracker import checks
from tracker.register import BY_URL_NAME, DEMAND, PARTS, RECORD_TYPES
from tracker.register.types import Column, Section


def ids(record_type):
    return [error.id for error in checks.check_record_type(record_type)]


def test_the_register_is_sound():
    assert checks.check_register(None) == []


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        (replace(DEMAND, columns=(*DEMAND.columns, DEMAND.columns[0])), "tracker.E002"),
        (replace(DEMAND, columns=(*DEMAND.columns, Column("colour", "Colour"))), "tracker.E003"),
        (
            replace(DEMAND, columns=(*DEMAND.columns, Column("x", "X", "title", order=("colour",)))),
            "tracker.E003",
        ),
        (replace(DEMAND, sort="colour"), "tracker.E004"),
        (replace(DEMAND, sort="wording"), "tracker.E004"),
        (replace(DEMAND, sections=(Section("colour", "party", "Colours"),)), "tracker.E005"),
        (replace(DEMAND, sections=(Section("development", "colour", "Colours"),)), "tracker.E005"),
        (replace(DEMAND, url_name="claim"), "tracker.E006"),
        (replace(DEMAND, has_pages=False), "tracker.E006"),
    ],
)
def test_a_declaration_that_cannot_work_is_an_error(broken, expected):
    assert expected in ids(broken)


def test_a_record_without_a_declaration_is_an_error(monkeypatch):
    monkeypatch.setattr(
        checks, "BY_URL_NAME", {name: kind for name, kind in BY_URL_NAME.items() if name != "party"}
    )
    monkeypatch.setattr(checks, "RECORD_TYPES", [])
    monkeypatch.setattr(checks, "PARTS", [])
    assert [error.id for error in checks.check_register(None)] == ["tracker.E001"]


def test_a_prefix_that_two_types_have_is_an_error(monkeypatch):
    monkeypatch.setattr(DEMAND.model, "prefix", "pty")
    assert {error.id for error in checks.check_register(None)} == {"tracker.E007"}


def test_every_address_is_a_plural_noun_of_its_own():
    paths = [kind.path for kind in (*RECORD_TYPES, *PARTS)]
    assert len(paths) == len(set(paths)) == len(BY_URL_NAME)
