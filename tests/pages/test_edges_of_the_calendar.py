"""The first and the last days of the calendar are taken, or refused with a message, by every parameter with a date."""

import datetime as dt

import pytest

from tests import factories as make
from tests.pages.filling import errors, submit
from tests.pages.test_unlikely_dates import ticked
from tracker.models import Effect
from tracker.models.dates import Span

EDGES = (
    "0001-01-01", "0001", "before 0001-01-02", "about 0001", "before 0001-01-01", "0000-01-01",
    "9999-12-31", "9999-12", "after 9999-12-30", "about 9999", "after 9999-12-31", "10000-01-01",
)  # fmt: skip
PARAMETERS = [
    *(("/processes/prc-edge/compare/", name) for name in ("from", "to", "from_known", "to_known", "on", "known")),
    *(("/processes/prc-edge/paths/", name) for name in ("from", "to", "on", "known")),
    *(("/processes/prc-edge/paths.csv", name) for name in ("from", "to")),
    *(("/processes/prc-edge/timeline/", name) for name in ("since", "until", "on", "known")),
    *((f"/processes/prc-edge/{name}", "on") for name in ("", "positions/", "agreement/", "follow-ups/", "table/")),
    ("/", "on"),
    ("/calendar.ics", "on"),
    ("/people/", "on"),
    *(("/developments/", name) for name in ("since", "until")),
    *(("/demands.csv", name) for name in ("since", "until", "on")),
    *(("/follow-ups/", name) for name in ("due_since", "due_until")),
    *(("/offices/", name) for name in ("held_on", "began_since", "began_until", "ended_since", "ended_until")),
    *(("/assessments/", name) for name in ("check_since", "check_until")),
    *(("/search/?q=edge", name) for name in ("since", "until")),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("tried", ["first and last", pytest.param("all", marks=pytest.mark.prove)])
def test_every_parameter_with_a_date(client, carol, tried):
    process = make.ProcessFactory(ref="prc-edge", title="Edge")
    demand = make.DemandFactory(process=process, title="Edge")
    make.DevelopmentFactory(effects=[Effect(item=demand, stance="rejects")])
    make.FollowUpFactory(process=process)
    make.OfficeFactory(held_from=dt.date(2025, 1, 1), held_from_precision="day")
    make.AssessmentFactory(process=process)
    client.force_login(carol)
    for place, (address, name) in enumerate(PARAMETERS):
        # What is written otherwise is read by one function for all, and asked of each parameter in its turn.
        turn = EDGES[place % len(EDGES)]
        for text in EDGES if tried == "all" else {"0001-01-01", "9999-12-31", turn}:
            path, _, query = address.partition("?")
            given = {name: text} | ({"q": "edge"} if query else {})
            response = client.get(path, given, follow=True)
            # Before the process was recorded there is none.
            possible = (200, 400, 404) if name in ("on", "known") or name.endswith("_known") else (200, 400)
            assert response.status_code in possible, (address, name, text)


@pytest.mark.django_db
@pytest.mark.parametrize("to", ["before 0001-01-02", "0001-01-01", "0001-01-30"])
def test_a_comparison_without_a_start_needs_a_month_before_its_end(client, carol, to):
    process = make.ProcessFactory()
    client.force_login(carol)
    address = f"/processes/{process.ref}/compare/"
    response = client.get(address, {"to": to})
    assert response.status_code == 400
    assert "to: no day of the calendar lies 30 days before" in response.content.decode()
    assert client.get(address, {"from": "0001-01-01", "to": to}, follow=True).status_code == 200
    assert client.get(address, {"to": "0001-01-31"}, follow=True).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["0001-01-01", "0003-05", "before 0001-01-02", "about 0001"])
def test_a_process_may_begin_with_the_calendar(client, dave_in, day):
    process, date = make.ProcessFactory(), Span.parse(day)
    make.DevelopmentFactory(process=process, occurred_on=date.day, occurred_precision=date.precision)
    form = {
        "headline": "It insists",
        "party": make.PartyFactory().name,
        "kind": "report",
        "basis": "own_words",
    }
    address = f"/developments/new/?process={process.ref}"
    asked = submit(client, address, **form, occurred_on=day)
    assert "more than a thousand years ago" in asked.content.decode()
    response = client.post(address, ticked(asked))
    assert response.status_code == 302, errors(response)
