"""Who finds what in the admin: by words in any script, and never what a restricted process keeps."""

import pytest

from tests.admin.pages import errors, typed, url
from tests.factories import (
    AssessmentFactory,
    DelegationFactory,
    DemandFactory,
    PartyFactory,
    PersonFactory,
    PrincipleFactory,
    ProcessFactory,
    ProcessLinkFactory,
    SourceFactory,
    TalkFactory,
    WatchPhraseFactory,
)
from tracker.models import (
    Assessment,
    Change,
    Citation,
    Delegation,
    Demand,
    Development,
    Effect,
    Item,
    Office,
    Party,
    Person,
    Principle,
    Process,
    ProcessLink,
    Talk,
    WatchPhrase,
)

pytestmark = pytest.mark.django_db


def found(client, model, text):
    """How the rows are called that the search of a list finds."""
    return {str(row) for row in client.get(url(model, "changelist"), {"q": text}).context["cl"].result_list}


def offered(client, model, field, text=""):
    """What an autocomplete field offers for `text`."""
    query = {"app_label": "tracker", "model_name": model._meta.model_name, "field_name": field, "term": text}
    response = client.get("/admin/autocomplete/", query)
    assert response.status_code == 200
    return [result["text"] for result in response.json()["results"]]


@pytest.mark.parametrize("text", ["лавров", "ЛАВРОВ", "Лавров", "lavrov", "Lavrov Serg", "серг лавр"])
def test_names_are_found_in_any_script_and_case(client, alice, text):
    client.force_login(alice)
    PersonFactory(name="Sergey Lavrov", aliases=["Сергей Лавров"])
    PersonFactory(name="Marco Rubio")
    assert found(client, Person, text) == {"Sergey Lavrov"}
    assert len(offered(client, Development, "speaker", text)) == 1


def test_the_beginning_of_an_id_finds_its_record(client, alice):
    client.force_login(alice)
    demand, _other = DemandFactory(title="Neutrality"), DemandFactory()
    assert found(client, Demand, demand.ref[:9].upper()) == {"Neutrality"}


def test_labels_tell_records_of_one_name_apart(client, alice):
    client.force_login(alice)
    process = ProcessFactory(title="Black Sea")
    DemandFactory(title="Free passage", process=process)
    PrincipleFactory(title="Free passage", process=process)
    assert sorted(offered(client, Effect, "item", "passage")) == [
        "Demand: Free passage (Black Sea)",
        "Principle: Free passage (Black Sea)",
    ]
    PersonFactory(name="J. Smith", party=PartyFactory(name="Canada"))
    assert offered(client, Development, "speaker", "smith") == ["J. Smith (Canada)"]


@pytest.fixture
def secrets(restricted_process):
    """A row of every model that hangs on a process, in the restricted one."""
    talk = TalkFactory(title="Secret talk", process=restricted_process)
    principle = PrincipleFactory(title="Secret principle", process=restricted_process)
    demand = DemandFactory(title="Secret demand", process=restricted_process)
    return {
        Process: restricted_process,
        Talk: talk,
        Item: talk,
        Principle: principle,
        Demand: demand,
        Development: Development.objects.filter(process=restricted_process).first(),
        Effect: demand.effects.get(),
        Delegation: DelegationFactory(talk=talk),
        Assessment: AssessmentFactory(process=restricted_process, statement="Secret judgement"),
        WatchPhrase: WatchPhraseFactory(process=restricted_process),
        ProcessLink: ProcessLinkFactory(to_process=restricted_process),
        Change: Change.objects.filter(process=restricted_process).first(),
    }


def test_what_is_restricted_is_in_no_list_and_on_no_page(client, alice, bob, secrets):
    for model, row in secrets.items():
        client.force_login(alice)
        assert row.pk in {one.pk for one in client.get(url(model, "changelist")).context["cl"].result_list}, (
            model
        )
        client.force_login(bob)
        page = client.get(url(model, "changelist"))
        assert row.pk not in {one.pk for one in page.context["cl"].result_list}, model
        assert "Secret" not in page.content.decode(), model
        for name in ("change", "history", "delete"):
            response = client.get(url(model, name, row.pk))
            assert response.status_code in {302, 403}, (model, name)
            assert "Secret" not in client.get("/admin/").content.decode()
        response = client.get(
            url(model, "changelist"), {"process__id__exact": secrets[Process].pk}, follow=True
        )
        assert "Secret" not in response.content.decode()


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (Development, "process"),
        (Development, "talk"),
        (Effect, "item"),
        (Delegation, "talk"),
        (Assessment, "item"),
    ],
)
def test_what_is_restricted_is_not_offered(client, alice, bob, secrets, model, field):
    client.force_login(alice)
    assert offered(client, model, field, "secret")
    client.force_login(bob)
    assert not offered(client, model, field, "secret")


def test_what_is_restricted_cannot_be_named_by_its_number(client, bob, secrets):
    client.force_login(bob)
    sent = typed(client.get(url(WatchPhrase, "add"))) | {
        "process": secrets[Process].pk,
        "phrase": "root causes",
        "why": "It returns.",
    }
    response = client.post(url(WatchPhrase, "add"), sent)
    assert "process" in errors(response)
    page = client.get(url(Development, "add"), {"process": secrets[Process].pk, "item": secrets[Item].pk})
    assert "Secret" not in page.content.decode()


def test_the_address_that_leads_from_a_number_to_a_page_is_gone(client, bob):
    client.force_login(bob)
    assert client.get("/admin/r/1/1/").status_code in {302, 404}


def test_a_viewer_is_offered_nothing(client, carol):
    client.force_login(carol)
    query = {"app_label": "tracker", "model_name": "development", "field_name": "party", "term": ""}
    assert client.get("/admin/autocomplete/", query, follow=True).status_code == 403


def test_filters_find_what_lacks_words_or_source(client, alice):
    client.force_login(alice)
    sourced = DelegationFactory(source=SourceFactory())
    missing = DelegationFactory()
    rows = client.get(url(Delegation, "changelist"), {"source": "missing"}).context["cl"].result_list
    assert [row.pk for row in rows] == [missing.pk]
    rows = client.get(url(Delegation, "changelist"), {"source": "named"}).context["cl"].result_list
    assert [row.pk for row in rows] == [sourced.pk]
    for words in ("none", "unfound", "found", "unchecked"):
        assert client.get(url(Citation, "changelist"), {"words": words}).status_code == 200


def test_what_is_referred_to_is_not_deleted_and_says_what_refers_to_it(client, bob):
    client.force_login(bob)
    party = PartyFactory()
    DemandFactory(party=party), DemandFactory(addressed_to=[party])
    page = client.get(url(Party, "delete", party.pk)).content.decode()
    assert "1 demand" in page
    client.post(url(Party, "delete", party.pk), {"post": "yes"})
    assert Party.objects.filter(pk=party.pk).exists()
    spare = PartyFactory()
    client.post(url(Party, "delete", spare.pk), {"post": "yes", "seen": 1})
    assert not Party.objects.filter(pk=spare.pk).exists()
    assert Change.objects.get(record_ref=spare.ref, action="deleted").by == bob


def test_offices_are_entered_with_their_person(client, bob):
    client.force_login(bob)
    sent = typed(client.get(url(Person, "add")), name="Marco Rubio") | {
        "offices-TOTAL_FORMS": 1,
        "offices-0-title": "Secretary of State",
        "offices-0-held_from": "2025-01",
    }
    response = client.post(url(Person, "add"), sent)
    assert response.status_code == 302, errors(response)
    office = Office.objects.get()
    assert (str(office.person), str(office.since)) == ("Marco Rubio", "Jan 2025")
    history = client.get(url(Person, "history", office.person_id)).context["entries"]
    assert {entry.done for entry in history} == {"created", "Secretary of State: created"}
