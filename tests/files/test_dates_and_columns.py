"""A file's dates: which of two cells counts, and at which column an error or a question stands."""

import datetime as dt

import pytest

from tests import factories as make
from tests.files.test_importing import brought_in
from tracker.models import Development, ImportRun
from tracker.models.dates import Span
from tracker.register import DEVELOPMENT

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(db):
    """In whose name files come in; there is a process to record in, and a party."""
    make.ProcessFactory(title="River talks")
    make.PartyFactory(name="Graustark", kind="state")
    return make.UserFactory(administrator=True)


@pytest.mark.parametrize(
    ("date", "precision"),
    [
        ("2025-02", "month"),
        ("before 2025-03-01", "before"),
        ("about 2025-02-18", "about_day"),
    ],
)
def test_a_date_that_was_changed_counts_over_the_precision_beside_it(editor, date, precision):
    development = make.DevelopmentFactory()
    header = "id,occurred_on,occurred_precision,correction_reason"
    row = f"{development.ref},{date},day,recoded"
    run = brought_in(editor, DEVELOPMENT, f"{header}\n{row}\n", then="writing")
    changes = {change["column"]: (change["old"], change["new"]) for change in run.rows.get().changes}
    assert changes["occurred_precision"] == ("day", precision)
    assert Development.objects.get(ref=development.ref, ended_at=None).occurred == Span.parse(date)


@pytest.mark.parametrize(
    ("date", "precision", "right"),
    [
        ("2025-02-17", "month", "day"),
        ("2025-02", "day", "month"),
        ("2025-02", "before", "month"),
        ("2025", "before", "year"),
        ("before 2025-03-01", "day", "before"),
        ("2025-02-18~", "day", "about_day"),
    ],
)
@pytest.mark.parametrize("is_new", [True, False])
def test_a_precision_that_contradicts_its_date_is_named_with_the_right_one(
    editor, date, precision, right, is_new
):
    if is_new:
        text = "process,occurred_on,occurred_precision,kind,headline,party,basis\n"
        text += f"River talks,{date},{precision},report,Said,Graustark,paraphrase\n"
    else:
        year = {"occurred_on": dt.date(2025, 1, 1), "occurred_precision": "year"}
        ref = make.DevelopmentFactory(**year).ref
        text = f"id,occurred_on,occurred_precision,correction_reason\n{ref},{date},{precision},recoded\n"
    (message,) = brought_in(editor, DEVELOPMENT, text).rows.get().messages
    assert (message["column"], message["value"]) == ("occurred_precision", precision)
    assert (
        message["rule"]
        == f"The precision of the date, {Span.parse(date)}, is not “{precision}”. Nearest: {right}."
    )


def test_an_import_asks_at_the_column_of_the_file(client, dave_in):
    follow_up, party = make.FollowUpFactory(), make.PartyFactory()
    process = follow_up.process
    make.DevelopmentFactory(process=process)
    rows = (
        "process,party,kind,headline,basis,occurred_on,effect_item,effect_due_on\n"
        f"{process.ref},{party.ref},report,It said so,paraphrase,2025-02-18,{follow_up.ref},2025-02-01\n"
    )
    client.post("/imports/", {"type": "development", "text": rows})
    (notice,) = ImportRun.objects.get().rows.get().messages
    assert (notice["column"], notice["value"]) == ("effect_due_on", "2025-02-01")
    rows = (
        "process,title,kind,party,status,development_kind,development_basis,development_occurred_on\n"
        f"{process.ref},Neutrality,demand,{party.ref},open,report,paraphrase,1990\n"
    )
    client.post("/imports/", {"type": "demand", "text": rows})
    (notice,) = ImportRun.objects.latest("pk").rows.get().messages
    assert (notice["column"], notice["value"]) == ("development_occurred_on", "1990")
