"""Choices of items, talks and offices are narrowed to what the form names, and a wrong combination is refused."""

import pytest
from bs4 import BeautifulSoup

from tests.admin.pages import errors, typed, url
from tests.factories import (
    AssessmentFactory,
    DemandFactory,
    DevelopmentFactory,
    FollowUpFactory,
    OfficeFactory,
    PersonFactory,
    ProcessFactory,
    TalkFactory,
)
from tracker.models import (
    Assessment,
    Delegate,
    Delegation,
    Demand,
    Development,
    Effect,
    FollowUp,
    Principle,
    Talk,
)

pytestmark = pytest.mark.django_db

NARROWED = [
    (Development, "talk"), (Effect, "item"), (FollowUp, "waits_for"), (FollowUp, "talk"), (Talk, "predecessor"),
    (Principle, "talk"), (Demand, "talk"), (Assessment, "item"), (Delegation, "talk"),
]  # fmt: skip


@pytest.fixture
def desk(client, alice):
    """The browser of an analyst."""
    client.force_login(alice)
    return client


def offered(client, model, field, narrowed_to=""):
    """What an autocomplete field offers."""
    query = {"app_label": "tracker", "model_name": model._meta.model_name, "field_name": field, "term": ""}
    response = client.get("/admin/autocomplete/", query | {"narrowed_to": narrowed_to})
    assert response.status_code == 200
    return {result["text"] for result in response.json()["results"]}


@pytest.mark.parametrize(("model", "field"), NARROWED)
def test_only_what_is_of_the_process_chosen_is_offered(desk, model, field):
    border = TalkFactory(process=ProcessFactory(title="Border"), title="At the border").process
    grain = TalkFactory(process=ProcessFactory(title="Grain"), title="At the port").process
    at_border, at_port = offered(desk, model, field, border.pk), offered(desk, model, field, grain.pk)
    assert len(at_border) == len(at_port) == 1
    assert "At the border" in at_border.pop() and "At the port" in at_port.pop()
    assert len(offered(desk, model, field)) == 2
    for nonsense in ("x", "0", "-1", "9" * 30, "999999"):
        assert offered(desk, model, field, nonsense) == set()


def test_a_restricted_process_stays_invisible(client, bob, restricted_process):
    TalkFactory(process=restricted_process)
    client.force_login(bob)
    for model, field in NARROWED:
        assert offered(client, model, field, restricted_process.pk) == set()


def test_an_office_is_one_of_the_person(desk):
    office, _ = OfficeFactory(title="Minister"), OfficeFactory(title="Envoy")
    assert offered(desk, Delegate, "office", office.person.pk) == {f"Minister: {office.person}"}
    assert len(offered(desk, Delegate, "office")) == 2
    # What is of no process is offered whatever is named.
    assert len(offered(desk, Development, "speaker", PersonFactory().pk)) == 3


def test_one_record_alone_is_asked_for(desk):
    at_border = TalkFactory(process=ProcessFactory(title="Border"), title="At the border")
    grain = TalkFactory(process=ProcessFactory(title="Grain"), title="At the port").process

    def still_offered(model, field, chosen, process):
        query = {
            "app_label": "tracker",
            "model_name": model._meta.model_name,
            "field_name": field,
            "term": "",
        }
        query |= {"narrowed_to": process, "chosen": chosen}
        return [result["id"] for result in desk.get("/admin/autocomplete/", query).json()["results"]]

    for model, field in NARROWED:
        assert still_offered(model, field, at_border.pk, at_border.process.pk) == [str(at_border.pk)]
        assert still_offered(model, field, at_border.pk, grain.pk) == []
        assert still_offered(model, field, "x", at_border.process.pk) == []


def marks(page, name):
    """By which field, and to which key, the choices of the input called `name` are narrowed."""
    field = BeautifulSoup(page.content, "lxml").select_one(f"select[name={name}]")
    return field.get("data-narrowed-by"), field.get("data-narrowed-to")


@pytest.mark.parametrize(
    ("model", "names"),
    [
        (Development, ("talk", "effects-0-item")), (FollowUp, ("talk", "waits_for")), (Talk, ("predecessor",)),
        (Principle, ("talk",)), (Demand, ("talk",)), (Assessment, ("item",)),
    ],
)  # fmt: skip
def test_each_form_says_by_what_its_choices_are_narrowed(desk, model, names):
    page = desk.get(url(model, "add"))
    for name in names:
        assert marks(page, name) == ("process", None)
    assert marks(desk.get(url(Delegation, "add")), "delegates-0-office") == ("person", None)


@pytest.mark.parametrize(
    ("maker", "names"),
    [
        (FollowUpFactory, ("talk", "waits_for")), (TalkFactory, ("predecessor",)), (DemandFactory, ("talk",)),
        (AssessmentFactory, ("item",)),
    ],
)  # fmt: skip
def test_a_record_on_file_keeps_to_its_own_process(desk, maker, names):
    record = maker()
    page = desk.get(url(type(record), "change", record.pk))
    for name in names:
        assert marks(page, name) == ("process", str(record.process.pk))


def test_a_development_on_file_keeps_to_its_own_process(desk):
    demand = DemandFactory()
    development = Development.objects.get(effects__item=demand)
    page = desk.get(url(Development, "change", development.pk))
    for name in ("talk", "effects-0-item"):
        assert marks(page, name) == ("process", str(demand.process.pk))


def test_a_wrong_combination_is_refused_in_words(desk):
    talk, demand = TalkFactory(title="At the port"), DemandFactory(title="Open the port")
    development = DevelopmentFactory()
    for field, sent, said in (
        ("talk", {"talk": talk.pk}, "At the port belongs to another process."),
        (
            "effects-0-item",
            {"effects-TOTAL_FORMS": 1, "effects-0-item": demand.pk, "effects-0-status": "rejected"},
            "“Open the port” belongs to another process.",
        ),
    ):
        address = url(Development, "change", development.pk)
        response = desk.post(address, typed(desk.get(address), reason="recoded", **sent))
        assert response.status_code == 200 and said in errors(response)[field]
    address, grain = url(Development, "add"), ProcessFactory(title="Grain")
    chosen = {"effects-TOTAL_FORMS": 1, "effects-0-item": demand.pk, "effects-0-status": "rejected"}
    response = desk.post(address, typed(desk.get(address), process=grain.pk, talk=talk.pk, **chosen))
    assert errors(response)["effects-0-item"] == ["“Open the port” belongs to another process."]
    assert errors(response)["talk"] == ["At the port belongs to another process."]
    follow_up = FollowUpFactory()
    address = url(FollowUp, "change", follow_up.pk)
    response = desk.post(address, typed(desk.get(address), waits_for=demand.pk))
    assert errors(response) == {"waits_for": ["“Open the port” belongs to another process."]}
