"""What is expected on an unlikely date is asked about: before it was promised, or long after that."""

import datetime as dt

import pytest

from tests import factories as make
from tests.pages.filling import submit
from tests.pages.test_unlikely_dates import asked, development

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def editor(client, clock):
    clock("2025-03-01T12:00Z")
    client.force_login(make.UserFactory(administrator=True))


@pytest.mark.parametrize(
    ("due", "said", "question"),
    [
        ("about 2025-02-09", "2025-02-10", None),
        ("about 2025-02-08", "2025-02-10", "It is due about 8 Feb 2025, but this was said on 10 Feb 2025"),
        ("before 2025-02-11", "2025-02-10", None),
        ("before 2025-02-10", "2025-02-10", "It is due before 10 Feb 2025, but this was said on 10 Feb 2025"),
        ("after 2025-02-01", "2025-02-10", None),
        ("2025-01", "2025-02", "It is due in Jan 2025, but this was said in Feb 2025"),
        ("2025-01", "about 2025-02", None),
        ("2025-01-01", "before 2025-02-10", None),
        ("2024", "after 2025-02-01", "It is due in 2024, but this was said after 1 Feb 2025"),
        ("2035-02-09", "2025-02-10", None),
    ],
)
def test_what_can_be_due_after_it_was_promised_is_not_asked(client, due, said, question):
    address = f"/developments/new/?item={make.FollowUpFactory().ref}"
    response = submit(client, address, **development(occurred_on=said) | {"effects-0-due_on": due})
    assert asked(response) == ([f"{question}, which is later."] if question else [])


def test_what_is_due_before_it_was_promised_is_asked(client):
    follow_up = make.FollowUpFactory()
    address = f"/developments/new/?item={follow_up.ref}"
    for due, question in (
        ("2025-02-17", ["It is due on 17 Feb 2025, but this was said on 18 Feb 2025, which is later."]),
        ("2025-02-18", []),
        ("2025-02", []),
    ):
        form = development(occurred_on="2025-02-18") | {"effects-0-due_on": due}
        assert asked(submit(client, address, **form)) == question, due


def test_what_is_due_long_after_it_was_promised_is_asked(client):
    address = f"/developments/new/?item={make.FollowUpFactory().ref}"
    form = development(occurred_on="2025-02-10") | {"effects-0-due_on": "2205-03"}
    assert asked(submit(client, address, **form)) == [
        "It is due in Mar 2205, 180 years after this was said on 10 Feb 2025."
    ]


@pytest.mark.parametrize(
    ("check", "question"),
    [
        (
            "2024-12-31",
            "It is to be checked on 31 Dec 2024, but this was written on 18 Feb 2025, which is later.",
        ),
        (
            "2205-02-18",
            "It is to be checked on 18 Feb 2205, 180 years after this was written on 18 Feb 2025.",
        ),
        ("2026-02-18", None),
    ],
)
def test_when_an_assessment_is_to_be_checked_is_asked_about(client, check, question):
    assessment = make.AssessmentFactory(made_on=dt.date(2025, 2, 18))
    response = submit(client, f"{assessment.get_absolute_url()}edit/", judge_on=check)
    assert asked(response) == ([question] if question else [])
