"""What belongs to a record is added, changed and moved by whoever may change that record, whichever way it comes in."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.admin.pages import errors, typed, url
from tests.files.test_importing import as_file, brought_in
from tests.over_the_register.makers import MAKERS
from tests.pages.filling import submit
from tracker.accounts.roles import RECORDED
from tracker.admin.site import site
from tracker.models import Delegation, Development, Office, Person, Process, ProcessLink
from tracker.register import BY_URL_NAME

pytestmark = pytest.mark.django_db

PARTS = [name for name in MAKERS if BY_URL_NAME[name].model.part_of]
WHOLES = {"office": make.PersonFactory, "process-link": make.ProcessFactory}
"""Of the parts of what is not everybody's to change, what makes a whole."""


@pytest.fixture
def clerk(db):
    """The analyst in whose name the factories record."""
    return make.UserFactory(username="clerk", analyst=True)


@pytest.fixture
def eve(db):
    """Another analyst."""
    return make.UserFactory(username="eve", analyst=True)


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def new(url_name, whole):
    """A row of a file, and the fields of the admin's form, of a new part of `whole`."""
    if url_name == "office":
        return {"person": whole.ref, "title": "Envoy"}, {"person": whole.pk, "title": "Envoy"}
    other = make.ProcessFactory()
    row = {"from_process": whole.ref, "kind": "parallel", "to_process": other.ref}
    return row, row | {"from_process": whole.pk, "to_process": other.pk}


def test_these_are_all_parts():
    wholes = {
        BY_URL_NAME[name].model._meta.get_field(BY_URL_NAME[name].model.part_of).related_model
        for name in PARTS
    }
    assert wholes == {Person, Process, Delegation, Development}
    mine_alone = {name for name in PARTS if BY_URL_NAME[name].model._meta.model_name not in RECORDED}
    assert mine_alone == WHOLES.keys()


@pytest.mark.parametrize("url_name", PARTS)
def test_the_right_to_a_part_is_the_right_to_the_whole(clerk, eve, bob, carol, url_name):
    part = MAKERS[url_name](make.ProcessFactory())
    whole = part.whole
    for user in (clerk, eve, bob, carol):
        change = user.has_perm(f"tracker.change_{whole._meta.model_name}", whole)
        for action in ("add", "change", "delete"):
            assert user.has_perm(f"tracker.{action}_{part._meta.model_name}", part) is change
        assert user.has_perm(f"tracker.view_{part._meta.model_name}", part)
    assert part.whole == whole


@pytest.mark.parametrize("url_name", WHOLES)
def test_the_admin_adds_a_part_to_one_s_own_alone(clerk, eve, bob, url_name):
    model, whole = BY_URL_NAME[url_name].model, WHOLES[url_name](by=clerk)
    _, fields = new(url_name, whole)
    before = model.objects.count()
    for user, added in ((eve, 0), (clerk, 1), (bob, 2)):
        client = browser(user)
        if "title" in fields:
            fields["title"] = f"Envoy {user}"
        else:
            fields["to_process"] = make.ProcessFactory().pk
        response = client.post(url(model, "add"), typed(client.get(url(model, "add")), **fields))
        assert model.objects.count() == before + added
        if user == eve:
            assert "because clerk recorded it. Ask bob." in errors(response)[model.part_of][0]
            kept = typed(response)
            assert {name: kept[name] for name in fields} == fields or str(kept[model.part_of]) == str(
                whole.pk
            )
        else:
            assert response.status_code == 302, errors(response)


@pytest.mark.parametrize("url_name", WHOLES)
def test_the_admin_moves_no_part_to_what_is_not_one_s_own(clerk, eve, url_name):
    theirs, mine = WHOLES[url_name](by=clerk), WHOLES[url_name](by=eve)
    model = BY_URL_NAME[url_name].model
    values = (
        {"title": "Envoy"}
        if url_name == "office"
        else {"to_process": make.ProcessFactory(), "kind": "parallel"}
    )
    part = (make.OfficeFactory if url_name == "office" else make.ProcessLinkFactory)(
        by=eve, **{model.part_of: mine}, **values
    )
    client, address = browser(eve), url(model, "change", part.pk)
    response = client.post(address, typed(client.get(address), **{model.part_of: theirs.pk}))
    # A link between processes stays where it is, whoever asks.
    assert url_name == "process-link" or "because clerk recorded it" in errors(response)[model.part_of][0]
    part.refresh_from_db()
    assert part.whole == mine
    # Nor is what others own moved away from it.
    assert browser(clerk).post(address, {}).status_code == 403


@pytest.mark.parametrize("url_name", WHOLES)
def test_a_file_adds_a_part_to_one_s_own_alone(clerk, eve, bob, url_name):
    kind, whole = BY_URL_NAME[url_name], WHOLES[url_name](by=clerk)
    row, _ = new(url_name, whole)
    for user, counts in ((eve, {"wrong": 1}), (clerk, {"created": 1}), (bob, {"created": 1})):
        run = brought_in(user, kind, as_file([row]))
        assert run.counts == counts
        if user == eve:
            message = run.rows.get().messages[0]
            what = whole._meta.verbose_name_plural
            assert message["column"] == kind.model.part_of
            assert (
                message["rule"] == f"Your role may not change {what} that are not your own, nor add to them."
            )


@pytest.mark.parametrize("url_name", [name for name in PARTS if name not in WHOLES])
def test_a_file_adds_to_what_every_analyst_changes(clerk, eve, url_name):
    kind = BY_URL_NAME[url_name]
    part = MAKERS[url_name](make.ProcessFactory())
    row = {
        "delegate": lambda: {"delegation_id": part.whole.ref, "person": make.PersonFactory().name},
        "effect": lambda: {"development_id": part.whole.ref, "item_id": make.DemandFactory(
            process=part.whole.process).ref, "firmness": "insisted"},
        "citation": lambda: {"development_id": part.whole.ref, "source": make.SourceFactory().title},
    }[url_name]()  # fmt: skip
    run = brought_in(eve, kind, as_file([row]), reason="recoded")
    assert run.counts == {"created": 1}, [line.messages for line in run.rows.all()]


def test_the_pages_refuse_it_too(clerk, eve):
    person, process = make.PersonFactory(by=clerk), make.ProcessFactory(by=clerk)
    for record in (person, process):
        address = f"{record.get_absolute_url()}edit/"
        assert browser(eve).get(address).status_code == browser(eve).post(address, {}).status_code == 403
    page = browser(clerk)
    response = submit(page, f"/people/{person.ref}/edit/", **{"offices-0-title": "Envoy"})
    assert response.status_code == 302 and Office.objects.get().person == person
    assert not ProcessLink.objects.exists()


@pytest.mark.parametrize("whole", [Person, Process])
def test_the_inlines_of_the_admin_are_for_whoever_may_change_the_whole(clerk, eve, rf, whole):
    record = (make.PersonFactory if whole is Person else make.ProcessFactory)(by=clerk)
    for user, may in ((clerk, True), (eve, False)):
        request = rf.get("/")
        request.user = user
        for inline in site._registry[whole].get_inline_instances(request, record):
            assert inline.has_add_permission(request, record) is may
            assert inline.has_change_permission(request, record) is may
            assert inline.has_delete_permission(request, record) is may


def test_whose_the_wholes_are_is_asked_once_for_all_rows(clerk, eve):
    counts = []
    for number in (2, 20):
        rows = [{"person": make.PersonFactory(by=eve).ref, "title": f"Envoy {n}"} for n in range(number)]
        with CaptureQueriesContext(connection) as captured:
            assert brought_in(clerk, BY_URL_NAME["office"], as_file(rows)).counts == {"wrong": number}
        counts.append(sum('FROM "tracker_person"' in query["sql"] for query in captured))
    assert counts[0] == counts[1]
