"""Who may write what, where; what is never offered or named to those who may not know of it; the past is read-only."""

import pytest
from django.urls import reverse

from tests.examples import pairs
from tests.factories import (
    AssessmentFactory,
    DelegationFactory,
    DemandFactory,
    DevelopmentFactory,
    FollowUpFactory,
    IssueFactory,
    OfficeFactory,
    PartyFactory,
    PersonFactory,
    PrincipleFactory,
    ProcessFactory,
    SourceFactory,
    TalkFactory,
    WatchPhraseFactory,
)
from tests.pages.filling import errors, sent, submit
from tracker.forms.record_fields import OFFERED
from tracker.models import Development, Party
from tracker.recording.timestamps import one_instant

SHARED = {
    "process": ProcessFactory,
    "issue": IssueFactory,
    "party": PartyFactory,
    "person": PersonFactory,
    "source": SourceFactory,
}
OF_A_PROCESS = {
    "talk": TalkFactory,
    "principle": PrincipleFactory,
    "demand": DemandFactory,
    "follow-up": FollowUpFactory,
    "delegation": DelegationFactory,
    "development": DevelopmentFactory,
    "assessment": AssessmentFactory,
    "watch-phrase": WatchPhraseFactory,
}
ALL = SHARED | OF_A_PROCESS
ANSWERS = {
    # role: (create, edit what processes share, edit what belongs to one, delete)
    "carol": (403, 403, 403, 403),
    "alice": (200, 403, 200, 403),
    "bob": (200, 200, 200, 200),
    "dave": (200, 200, 200, 200),
}


@pytest.mark.once
@pairs("name, url_name", ANSWERS, ALL)
def test_a_role_opens_the_forms_that_it_may_use(client, request, name, url_name):
    client.force_login(request.getfixturevalue(name))
    create, shared, own, delete = ANSWERS[name]
    ref = ALL[url_name]().ref
    assert client.get(reverse(f"{url_name}:create")).status_code == create
    expected = shared if url_name in SHARED else own
    assert client.get(reverse(f"{url_name}:edit", args=[ref])).status_code == expected
    assert client.get(reverse(f"{url_name}:delete", args=[ref])).status_code == delete


@pytest.mark.parametrize("page", ["create", "edit", "delete"])
def test_a_role_that_may_not_write_cannot_post_either(client, carol, page):
    client.force_login(carol)
    party = PartyFactory(name="Freedonia")
    args = [] if page == "create" else [party.ref]
    response = client.post(reverse(f"party:{page}", args=args), {"name": "Ruritania", "kind": "state"})
    assert response.status_code == 403
    assert list(Party.objects.values_list("name", flat=True)) == ["Freedonia"]


@pytest.mark.parametrize("url_name", OF_A_PROCESS)
@pytest.mark.parametrize("page", ["edit", "delete"])
def test_a_record_of_a_secret_process_is_not_there(client, bob, restricted_process, url_name, page):
    client.force_login(bob)
    if url_name == "delegation":
        record = DelegationFactory(talk=TalkFactory(process=restricted_process))
    else:
        record = OF_A_PROCESS[url_name](process=restricted_process)
    assert client.get(reverse(f"{url_name}:{page}", args=[record.ref])).status_code == 404
    assert client.post(reverse(f"{url_name}:{page}", args=[record.ref])).status_code == 404


def test_a_link_that_names_a_secret_leads_nowhere(client, bob, restricted_process):
    client.force_login(bob)
    demand = DemandFactory(process=restricted_process)
    assert client.get(f"/demands/new/?process={restricted_process.ref}").status_code == 404
    assert client.get(f"/developments/new/?item={demand.ref}").status_code == 404
    assert client.get("/developments/new/?item=dem-nowhere").status_code == 404


@pytest.mark.parametrize("named", ["Secret channel", "ref"])
def test_a_secret_process_cannot_be_named_and_reads_like_none(client, bob, restricted_process, named):
    client.force_login(bob)
    text = restricted_process.ref if named == "ref" else named
    page = client.get("/developments/new/")
    assert "Secret channel" not in page.text and restricted_process.ref not in page.text
    typed = {
        "process": text,
        "occurred_on": "2025-02-18",
        "kind": "report",
        "headline": "Said",
        "basis": "paraphrase",
    }
    response = submit(client, "/developments/new/", **typed, party=PartyFactory().name)
    assert response.status_code == 422
    assert errors(response) == [f"Process: There is no process called “{text}”."]
    assert not Development.objects.exists()


def test_a_secret_item_cannot_be_named(client, bob, restricted_process):
    client.force_login(bob)
    secret = DemandFactory(process=restricted_process, title="Hidden demand")
    TalkFactory(process=restricted_process, title="Hidden talk")
    process = ProcessFactory()
    typed = {"process": process.title, "occurred_on": "2025-02-18", "kind": "report", "headline": "Said"}
    typed |= {
        "basis": "paraphrase",
        "talk": "Hidden talk",
        "effects-0-item": secret.ref,
        "effects-0-status": "met",
    }
    response = submit(client, "/developments/new/", **typed)
    assert errors(response)[:2] == [
        "Talk: There is no talk called “Hidden talk”.",
        f"Effect 1, Item: There is no item called “{secret.ref}”.",
    ]


def test_an_item_of_another_process_is_not_offered_and_not_taken(client, alice):
    client.force_login(alice)
    other = DemandFactory(title="Other demand")
    process = ProcessFactory()
    page = client.get(f"/developments/new/?process={process.ref}")
    assert "Other demand" not in page.text
    typed = {"occurred_on": "2025-02-18", "kind": "report", "headline": "Said", "basis": "paraphrase"}
    data = (
        sent(page)
        | typed
        | {"party": other.party.name, "effects-0-item": other.ref, "effects-0-status": "met"}
    )
    response = client.post("/developments/new/", data)
    assert response.status_code == 422
    assert errors(response) == [f"Effect 1, Item: There is no item called “{other.ref}”."]


def options(client, name, **query):
    response = client.get(f"/options/{name}/", query)
    assert response.status_code == 200
    return response.text


def test_what_was_typed_is_looked_up_among_what_one_may_see(client, alice, bob, restricted_process):
    PartyFactory(name="Россия", aliases=["Russie"])
    PartyFactory(name="Freedonia")
    DemandFactory(process=restricted_process, title="Hidden demand")
    OfficeFactory(title="Minister", person=PersonFactory(name="Rudolf"))
    client.force_login(bob)
    assert "Россия" in options(client, "party", q="росс") and "Freedonia" not in options(
        client, "party", q="росс"
    )
    assert "Россия" in options(client, "party", q="russie")
    assert "Rudolf" in options(client, "office", q="mini")
    assert "Hidden" not in options(client, "item", q="hidden") and "Secret" not in options(client, "process")
    assert client.get("/options/user/").status_code == 404
    client.force_login(alice)
    assert "Hidden demand" in options(client, "item", q="hidden")
    client.logout()
    assert client.get("/options/party/?q=f").status_code == 302


def test_what_an_input_sends_by_itself_is_looked_up(client, alice):
    client.force_login(alice)
    PartyFactory(name="Freedonia")
    PartyFactory(name="Sylvania")
    headers = {"HX-Request": "true", "HX-Trigger-Name": "effects-0-party"}
    found = client.get("/options/party/", {"effects-0-party": "free"}, headers=headers).text
    assert "Freedonia" in found and "Sylvania" not in found


def test_items_are_looked_up_within_the_process_of_the_form(client, alice):
    client.force_login(alice)
    one, other = DemandFactory(title="Withdraw north"), DemandFactory(title="Withdraw south")
    found = options(client, "item", q="withdraw", process=one.process.title)
    assert one.title in found and other.title not in found


def test_a_page_offers_what_it_can_hold_and_looks_up_the_rest(client, alice):
    client.force_login(alice)
    with one_instant():
        for number in range(OFFERED):
            PartyFactory(name=f"Realm {number:03}")
    page = client.get("/developments/new/").text
    assert page.count('<option value="Realm') == OFFERED and 'hx-get="/options/party/"' not in page
    PartyFactory(name="One too many")
    page = client.get("/developments/new/").text
    assert page.count('<option value="Realm') == 0 and 'hx-get="/options/party/"' in page
    assert options(client, "party", q="realm").count("<option") == 20


@pytest.mark.once
@pytest.mark.parametrize("clock", ["on=2025-02-18", "known=2025-02-20"])
@pytest.mark.parametrize("page", ["create", "edit", "delete"])
def test_the_past_is_not_written(client, bob, clock, page):
    client.force_login(bob)
    party = PartyFactory(name="Freedonia")
    url = reverse(f"party:{page}", args=[] if page == "create" else [party.ref]) + f"?{clock}"
    assert client.get(url).status_code == 403
    response = client.post(url, {"name": "Ruritania", "kind": "state"})
    assert response.status_code == 403 and "The past can be read, not changed" in response.text
    assert list(Party.objects.values_list("name", flat=True)) == ["Freedonia"]


def test_a_clock_that_cannot_be_read_is_told(client, bob):
    client.force_login(bob)
    response = client.get("/parties/new/?on=nonsense")
    assert response.status_code == 400 and "“nonsense” is not a date" in response.text
