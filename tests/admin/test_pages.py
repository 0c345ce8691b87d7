"""Every page of every record answers, costs the same for two rows and for twenty, and asks for the role."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.admin.pages import url
from tests.claiming import ClaimFactory
from tests.examples import daily
from tests.factories import (
    AssessmentFactory,
    CitationFactory,
    DelegateFactory,
    DemandFactory,
    DevelopmentFactory,
    EffectFactory,
    FollowUpFactory,
    IssueFactory,
    OfficeFactory,
    PartyFactory,
    PersonFactory,
    PrincipleFactory,
    ProcessFactory,
    ProcessLinkFactory,
    SourceFactory,
    TalkFactory,
    UserFactory,
)
from tests.over_the_register.makers import MAKERS as RECORDS
from tests.pages.reading import Words
from tracker.admin.site import site
from tracker.models import (
    Assessment,
    Change,
    Citation,
    Claim,
    Delegation,
    Demand,
    Development,
    Effect,
    FollowUp,
    Item,
    Office,
    Party,
    Person,
    Principle,
    Process,
    ProcessLink,
    Source,
    Talk,
    User,
)
from tracker.recording.timestamps import one_instant
from tracker.register import ALL_TYPES


def a_change():
    """An entry of the audit trail."""
    return Change.objects.get(subject_ref=PartyFactory().ref)


def a_second_factor():
    """A second factor of somebody."""
    return Authenticator.objects.create(user=UserFactory(), type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})


def a_principle():
    """A principle announced at a talk."""
    talk = TalkFactory()
    return PrincipleFactory(talk=talk, process=talk.process)


def in_a_process(url_name):
    """Makes a record of a type, each in a process of its own."""
    return lambda: RECORDS[url_name](ProcessFactory())


MAKERS = {each.model: in_a_process(each.url_name) for each in ALL_TYPES if each.admin_group} | {
    Assessment: lambda: AssessmentFactory(source=SourceFactory()),
    Authenticator: a_second_factor,
    Change: a_change,
    Claim: ClaimFactory,
    Delegation: lambda: DelegateFactory(delegation__source=SourceFactory()).delegation,
    Demand: lambda: DemandFactory(addressed_to=[PartyFactory()], issues=[IssueFactory()]),
    Development: lambda: DevelopmentFactory(
        effects=[EffectFactory.build(item=DemandFactory(), status="met")],
        citations=[CitationFactory.build(source=SourceFactory())],
        speaker=PersonFactory(),
    ),
    FollowUp: lambda: FollowUpFactory(promised_to=[PartyFactory()]),
    Item: lambda: Item.objects.get(pk=DemandFactory().pk),
    Office: lambda: OfficeFactory(party=PartyFactory()),
    Person: lambda: OfficeFactory().person,
    Principle: a_principle,
    Process: lambda: ProcessLinkFactory().from_process,
    ProcessLink: lambda: ProcessLinkFactory(source=SourceFactory()),
    Talk: lambda: TalkFactory(host=PartyFactory()),
    User: UserFactory,
}
"""model -> () -> a row of it; those below with more relations, so that a list which asks for each would show."""
NEVER_ADDED = {Authenticator, Change, Citation, Claim, Effect, Item}
NEVER_DELETED = {Change, Citation, Claim, Demand, Effect, FollowUp, Item, Principle, Talk, User}
MOVED = {Item}
"""What is edited, and has its history, under another name."""

OF_EACH_KIND = {Change, Delegation, Development, Effect, Item, Party, Talk, User}
every_model = pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)


def test_every_record_is_in_the_admin():
    assert site._registry.keys() == MAKERS.keys()


@every_model
def test_every_page_answers(client, dave, model):
    client.force_login(dave)
    row = MAKERS[model]()
    found = {page: client.get(url(model, page)).status_code for page in ("changelist", "add")}
    found |= {
        page: client.get(url(model, page, row.pk)).status_code for page in ("change", "history", "delete")
    }
    assert found == {
        "changelist": 200,
        "add": 403 if model in NEVER_ADDED else 200,
        "change": 302 if model in MOVED else 200,
        "history": 302 if model in MOVED else 200,
        "delete": 403 if model in NEVER_DELETED else 200,
    }


@pytest.mark.once
@every_model
def test_a_page_of_what_is_not_there_leads_back(client, dave, model):
    client.force_login(dave)
    for page in ("change", "history"):
        response = client.get(url(model, page, 987654), follow=True)
        assert response.redirect_chain[-1][0] == "/admin/"


@pytest.mark.once
@pytest.mark.parametrize("model", daily(MAKERS, OF_EACH_KIND.__contains__), ids=lambda model: model.__name__)
def test_a_list_costs_the_same_for_2_rows_and_for_8(client, bob, dave, restricted_process, model):
    reader = dave if model in {User, Authenticator} else bob
    client.force_login(reader)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(url(model, "changelist")).status_code == 200
        return len(captured)

    make = MAKERS[model]
    make(), make()
    for_two = queries()
    with one_instant():
        for _ in range(6):
            make()
    assert queries() == for_two <= 14


@every_model
def test_every_list_is_searched(client, dave, model):
    client.force_login(dave)
    MAKERS[model]()
    response = client.get(url(model, "changelist"), {"q": "nothing-is-called-so"})
    assert response.status_code == 200
    assert response.context["cl"].result_count == 0


@pytest.mark.once
@every_model
def test_a_viewer_does_not_enter(client, carol, model):
    client.force_login(carol)
    response = client.get(url(model, "changelist"), follow=True)
    assert response.status_code == 403


def test_strangers_are_sent_to_sign_in(client, db):
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/login/")


def test_lists_and_their_filters_use_the_words_of_the_pages(client, dave):
    client.force_login(dave)
    DemandFactory()
    words = {}
    for model in (Demand, Development, FollowUp, Item, Party, ProcessLink, Source, Talk):
        page = Words(client.get(url(model, "changelist")))
        words[model] = {*page.texts("#result_list thead th .text"), *page.texts("#changelist-filter summary")}
        assert not [each for each in words[model] if re.search(r"(?i)\bkind\b|current|moved", each)]
    assert {"Type", "Made by", "Firmness", "Last changed", "By type", "By firmness"} <= words[Demand]


def test_times_are_written_as_on_the_pages(client, dave, clock):
    clock("2025-02-18T14:59Z")
    a_change()
    client.force_login(dave)
    assert "18 Feb 2025, 14:59 UTC" in Words(client.get(url(Change, "changelist"))).text("#result_list")


@pytest.mark.once
@pytest.mark.parametrize(
    ("role", "model", "page", "status"),
    [
        ("alice", Development, "add", 200),
        ("alice", Development, "change", 200),
        ("alice", Development, "delete", 403),
        ("alice", Demand, "add", 200),
        ("alice", Party, "add", 200),
        ("alice", Delegation, "delete", 403),
        ("alice", User, "changelist", 403),
        ("bob", Development, "delete", 200),
        ("bob", Party, "change", 200),
        ("bob", Delegation, "delete", 200),
        ("bob", User, "changelist", 403),
        ("dave", User, "add", 200),
    ],
)
def test_each_role_has_its_pages(client, request, role, model, page, status):
    client.force_login(request.getfixturevalue(role))
    args = () if page in {"add", "changelist"} else (MAKERS[model]().pk,)
    assert client.get(url(model, page, *args)).status_code == status


def test_an_analyst_reads_but_does_not_edit_what_all_share(client, alice):
    client.force_login(alice)
    party = PartyFactory(name="United States")
    assert "_save" not in client.get(url(Party, "change", party.pk)).content.decode()
    assert client.post(url(Party, "change", party.pk), {"name": "USA", "kind": "state"}).status_code == 403
    party.refresh_from_db()
    assert party.name == "United States"


def test_the_first_page_groups_what_the_reader_may_open(client, alice, dave):
    client.force_login(alice)
    groups = [group["name"] for group in client.get("/admin/").context["app_list"]]
    assert groups == ["Developments", "Processes and items", "Actors and sources", "Audit"]
    client.force_login(dave)
    assert "Users" in client.get("/admin/").content.decode()


def test_the_secret_of_a_second_factor_is_never_shown(client, dave):
    client.force_login(dave)
    factor = a_second_factor()
    assert "JBSWY3DPEHPK3PXP" not in client.get(url(Authenticator, "change", factor.pk)).content.decode()
