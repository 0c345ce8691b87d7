"""A time of day, its zone, and what a development comes after: on forms, in the admin, on its page and in files."""

import datetime as dt

import pytest

from tests import factories as make
from tests.admin.pages import url as admin_url
from tests.over_the_register.reading import read_csv
from tests.pages.filling import sent
from tests.pages.reading import Page
from tracker.files.importing.runs import begin, work
from tracker.models import Development, ImportRun
from tracker.register import BY_URL_NAME

pytestmark = pytest.mark.django_db
DAY = dt.date(2025, 2, 18)


@pytest.fixture
def writer(client):
    user = make.UserFactory(editor=True)
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def earlier():
    return make.DevelopmentFactory(headline="They arrive", occurred_on=DAY)


def entered(writer, process, **values):
    """The answer to the form of a new development, filled in with `values`."""
    address = f"/developments/new/?process={process.ref}"
    said = {
        "party": make.PartyFactory().name, "kind": "report", "basis": "paraphrase", "headline": "They meet",
        "occurred_on": "2025-02-18",
    }  # fmt: skip
    return writer.post(address, sent(writer.get(address)) | said | values)


def test_a_form_takes_a_time_a_zone_and_what_it_comes_after(writer, earlier):
    answer = entered(
        writer, earlier.process, occurred_time="2:30 pm", occurred_zone="riyadh", follows="They arrive"
    )
    assert answer.status_code == 302
    development = Development.objects.get(headline="They meet")
    assert (development.occurred_time, development.occurred_zone) == (dt.time(14, 30), "Asia/Riyadh")
    assert development.follows == earlier.ref
    page = Page(writer, development.get_absolute_url())
    facts = page.text(".facts")
    assert "18 Feb 2025 , 14:30 (Riyadh time)" in facts.replace("2025,", "2025 ,")
    assert "Comes after They arrive" in facts


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"occurred_time": "25:10"}, "occurred_time", "Nearest: 23:10."),
        ({"occurred_time": "14:30", "occurred_zone": "Asia/Riad"}, "occurred_zone", "Nearest: Asia/Riyadh."),
        ({"occurred_zone": "Asia/Riyadh"}, "occurred_zone", "A time zone needs a time of day."),
        ({"occurred_on": "2025-02", "occurred_time": "14:30"}, "occurred_time", "needs a whole day"),
        ({"follows": "They arive"}, "follows", "Nearest: They arrive."),
        ({"occurred_on": "2025-02-17", "follows": "They arrive"}, "follows", "is of 18 Feb 2025"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(writer, earlier, values, field, message):
    answer = entered(writer, earlier.process, **values)
    assert answer.status_code == 422
    form = answer.context["composite"].form
    assert message in " ".join(form.errors[field])
    assert form[field].value() == values[field]
    assert form.closed == [], "the fold is open where something is wrong"
    assert Development.objects.count() == 1


def test_a_development_of_a_hidden_process_cannot_be_named(client):
    hidden = make.DevelopmentFactory(headline="They plot", occurred_on=DAY, process__restricted=True)
    client.force_login(make.UserFactory(editor=True))
    answer = entered(client, make.ProcessFactory(), follows=hidden.ref)
    assert "There is no development" in str(answer.context["composite"].form.errors["follows"])
    assert "They plot" not in answer.content.decode()


def test_a_correction_shows_what_it_follows_and_keeps_it_if_that_is_withdrawn(writer, earlier):
    entered(writer, earlier.process, follows=earlier.ref, occurred_time="14:30")
    development = Development.objects.get(headline="They meet")
    address = f"/developments/{development.ref}/edit/"
    form = sent(writer.get(address))
    assert (form["follows"], form["occurred_time"]) == ([f"They arrive [{earlier.ref}]"], ["14:30"])
    writer.post(f"/developments/{earlier.ref}/delete/", {"note": "Not so.", "version": 1})
    form = sent(writer.get(address))
    answer = writer.post(address, form | {"headline": "They met", "reason": "recoded"})
    assert answer.status_code == 302, answer.context["composite"].problems
    assert Development.objects.get(headline="They met").follows == earlier.ref


def test_who_changes_what_follows_a_withdrawn_one_is_told_so(writer, earlier):
    entered(writer, earlier.process, follows=earlier.ref)
    writer.post(f"/developments/{earlier.ref}/delete/", {"note": "Not so.", "version": 1})
    address = f"/developments/{Development.objects.get(headline='They meet').ref}/edit/"
    timed = sent(writer.get(address)) | {"occurred_time": "12:00", "reason": "recoded"}
    answer = writer.post(address, timed)
    message = "“They arrive” was withdrawn. Leave this empty, or name another."
    assert answer.context["composite"].form.errors["follows"] == [message]
    assert writer.post(address, timed | {"follows": ""}).status_code == 302


def test_the_admin_takes_them_too(writer, earlier):
    page = writer.get(admin_url(Development, "change", earlier.pk))
    assert {"occurred_time", "occurred_zone", "follows"} <= set(page.context["adminform"].form.fields)
    other = make.DevelopmentFactory(process=earlier.process, occurred_on=DAY, follows=earlier.ref)
    form = sent(writer.get(admin_url(Development, "change", other.pk)))
    answer = writer.post(
        admin_url(Development, "change", other.pk),
        form | {"occurred_time": "09:15", "occurred_zone": "Asia/Riyadh", "reason": "new_information"},
    )
    assert answer.status_code == 302, answer.context["errors"]
    current = Development.objects.get(ref=other.ref, ended_at=None)
    assert (current.occurred_time, current.follows) == (dt.time(9, 15), earlier.ref)


def test_the_admin_reads_them_as_forms_do(writer, earlier):
    make.DevelopmentFactory(headline="They arrive", occurred_on=DAY)
    other = make.DevelopmentFactory(process=earlier.process, occurred_on=DAY)
    address = admin_url(Development, "change", other.pk)
    form = sent(writer.get(address)) | {"reason": "new_information"}
    wrong = writer.post(address, form | {"occurred_time": "1430", "occurred_zone": "Asia/Riad"})
    errors = wrong.context["adminform"].form.errors
    assert "Nearest: 14:30." in errors["occurred_time"][0]
    assert "Nearest: Asia/Riyadh." in errors["occurred_zone"][0]
    told = {"occurred_time": "2:30 pm", "occurred_zone": "geneva", "follows": "They arrive"}
    assert writer.post(address, form | told).status_code == 302
    current = Development.objects.get(ref=other.ref, ended_at=None)
    assert (current.occurred_time, current.occurred_zone) == (dt.time(14, 30), "Europe/Zurich")
    assert current.follows == earlier.ref, "of the process, not what is called so in another one"


def test_a_file_gives_them_at_its_end_and_takes_them_back(writer, earlier):
    entered(writer, earlier.process, occurred_time="14:30", occurred_zone="Asia/Riyadh", follows=earlier.ref)
    rows = read_csv(writer, "/developments.csv")
    assert list(rows[0])[-3:] == ["occurred_time", "occurred_zone", "follows"]
    row = next(row for row in rows if row["headline"] == "They meet")
    assert [*row.values()][-3:] == ["14:30", "Asia/Riyadh", earlier.ref]
    again = ",".join(row[name] for name in IMPORTED)
    assert imported(writer.user, again)["unchanged"] == 1
    earlier_at = again.replace("14:30", "09:00").replace("They meet", "They dine").replace("Asia/Riyadh", "")
    assert imported(writer.user, earlier_at) == {"created": 1}
    assert imported(writer.user, earlier_at) == {"unchanged": 1}, "also without the zone that was filled in"


IMPORTED = (
    "process_id", "kind", "occurred_on", "headline", "party_id", "basis", "occurred_time", "occurred_zone", "follows"
)  # fmt: skip


def imported(user, *lines, causes=None):
    """How many rows of a file had which outcome, once the valid ones are written."""
    record_type = BY_URL_NAME["development"]
    run = begin(user, record_type, "developments.csv", ["\n".join([",".join(IMPORTED), *lines]).encode()])
    work(run, record_type)
    if causes is not None:
        causes += [(cause["column"], cause["rule"], cause["rows"]) for cause in run.causes]
        return run.counts
    run.state = ImportRun.State.WRITING
    run.save()
    work(run, record_type)
    return run.counts


def test_a_file_with_wrong_ones_names_row_column_and_the_nearest(writer, earlier):
    party = make.PartyFactory()
    start = f"{earlier.process.ref},report,2025-02-18,Row {{}},{party.ref},paraphrase,"
    causes = []
    imported(
        writer.user,
        start.format(2) + "25:10,,",
        start.format(3) + "14:30,Asia/Riad,",
        start.format(4) + f",,{earlier.ref[:-1]}",
        causes=causes,
    )
    found = {column: (rule, rows) for column, rule, rows in causes}
    assert "Nearest: 23:10." in found["occurred_time"][0] and found["occurred_time"][1] == [2]
    assert "Nearest: Asia/Riyadh." in found["occurred_zone"][0] and found["occurred_zone"][1] == [3]
    assert f"Nearest: {earlier.ref}." in found["follows"][0] and found["follows"][1] == [4]


def file_row(process, party, headline, time="", follows="", **values):
    """A row of a file of developments of the day."""
    row = {"kind": "report", "day": "2025-02-18", "basis": "paraphrase"} | values
    return f"{process.ref},{row['kind']},{row['day']},{headline},{party.ref},{row['basis']},{time},,{follows}"


def in_order(process):
    """The headlines of the process, in their order."""
    return [row.headline for row in process.developments.filter(ended_at=None).latest_first().reverse()]


def test_rows_of_a_file_name_each_other_by_headline_in_any_order(writer, earlier):
    process, party = earlier.process, make.PartyFactory()
    rows = [
        file_row(process, party, "They leave", follows="they  DINE"),
        file_row(process, party, "Eleven", "11:00"),
        file_row(process, party, "Ten", "10:00"),
        file_row(process, party, "They dine", follows="They arrive"),
    ]
    assert imported(writer.user, *rows) == {"created": 4}
    assert in_order(process) == ["They arrive", "They dine", "They leave", "Ten", "Eleven"]
    dine = Development.objects.get(headline="They dine")
    assert dine.follows == earlier.ref
    assert Development.objects.get(headline="They leave").follows == dine.ref
    assert imported(writer.user, *rows) == {"unchanged": 4}, "the same file changes nothing"


def test_a_recorded_one_is_corrected_to_follow_a_headline(writer, earlier):
    other = make.DevelopmentFactory(process=earlier.process, headline="They dine", occurred_on=DAY)
    record_type = BY_URL_NAME["development"]
    file = f"id,follows,correction_reason\n{earlier.ref},They dine,recoded\n"
    run = begin(writer.user, record_type, "developments.csv", [file.encode()])
    work(run, record_type)
    run.state = ImportRun.State.WRITING
    run.save()
    work(run, record_type)
    assert run.counts == {"changed": 1}
    assert Development.objects.get(ref=earlier.ref, ended_at=None).follows == other.ref


@pytest.mark.parametrize(
    ("rows", "message", "wrong"),
    [
        ([("One", "", "They ariive")], "Nearest: They arrive.", [2]),
        ([("Two", "", ""), ("Two", "12:00", ""), ("One", "", "Two")], "can mean several: row 2, row 3", [4]),
        ([("They arrive", "12:00", ""), ("One", "", "They arrive")], "row 2. Give the id.", [3]),
        ([("One", "", "Two"), ("Two", "", "One")], "which comes after this one", [2, 3]),
        ([("One", "", "Two"), ("Two", "25:10", "")], "Row 3, which it comes after, cannot be recorded.", [2]),
        ([("One", "10:00", "Two"), ("Two", "11:00", "")], "It cannot come after “Two”, 11:00 [row 3]", [2]),
        ([("One", "", "One")], "neither the id nor the headline", [2]),
    ],
)
def test_a_headline_that_names_nothing_or_several_is_refused(writer, earlier, rows, message, wrong):
    causes, party = [], make.PartyFactory()
    file = [file_row(earlier.process, party, *row) for row in rows]
    imported(writer.user, *file, causes=causes)
    found = [
        row for column, rule, numbers in causes if column == "follows" and message in rule for row in numbers
    ]
    assert sorted(found) == wrong, causes
    assert not [rule for _, rule, _ in causes if "dev-" in rule and earlier.ref not in rule]


def test_what_comes_after_a_row_that_is_refused_by_the_record_is_refused_with_its_row(writer, earlier):
    party, causes = make.PartyFactory(), []
    rows = [
        file_row(earlier.process, party, "Last", follows="After"),
        file_row(earlier.process, party, "After", follows="Bad"),
        file_row(earlier.process, party, "Bad", kind="statement"),
    ]
    imported(writer.user, *rows, causes=causes)
    found = {row: rule for column, rule, numbers in causes if column == "follows" for row in numbers}
    assert found == {
        2: "Row 3, which it comes after, cannot be recorded.",
        3: "Row 4, which it comes after, cannot be recorded.",
    }


def test_headlines_of_a_process_that_the_user_may_not_see_are_not_found(client):
    hidden = make.DevelopmentFactory(headline="They plot", occurred_on=DAY, process__restricted=True)
    process, causes = make.ProcessFactory(), []
    row = file_row(process, make.PartyFactory(), "One", follows="They plot")
    imported(make.UserFactory(editor=True), row, causes=causes)
    ((_, rule, _),) = causes
    assert "neither the id nor the headline" in rule and hidden.ref not in rule
