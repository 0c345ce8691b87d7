"""Who may see what: a restricted process leaves no trace on any page of those who are not its members."""

import pytest

from tests import factories as make
from tests.pages.reading import Page
from tests.pages.test_imports import sent
from tracker import recording
from tracker.models import Citation, ImportRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(restricted_process):
    """One record of each sort in the restricted process, every one with “Secret” in its name."""
    party = make.PartyFactory(name="Graustark")
    talk = make.TalkFactory(process=restricted_process, title="Secret talk")
    return [
        restricted_process,
        talk,
        make.PrincipleFactory(
            process=restricted_process, title="Secret principle", talk=talk, parties=[party]
        ),
        make.DemandFactory(process=restricted_process, title="Secret demand", party=party),
        make.FollowUpFactory(process=restricted_process, title="Secret follow-up", owner=party),
        make.DevelopmentFactory(process=restricted_process, headline="Secret word", party=party),
    ]


def test_pages_of_a_restricted_process_are_not_found_by_others(client, secret, bob, carol):
    for user in (bob, carol):
        client.force_login(user)
        for record in secret:
            for query in ("", "?on=2025-02-20"):
                assert client.get(record.get_absolute_url() + query).status_code == 404


def test_its_members_and_administrators_read_them(client, secret, alice, dave):
    for user in (alice, dave):
        client.force_login(user)
        for record in secret:
            assert "Secret" in Page(client, record.get_absolute_url()).text()


def test_the_start_page_of_others_has_no_trace_of_it(client, secret, alice, bob):
    make.DevelopmentFactory(headline="An open word")
    client.force_login(bob)
    assert "Secret" not in Page(client, "/").text()
    client.force_login(alice)
    said = Page(client, "/").text()
    assert "Secret channel" in said and "Secret word" in said and "Secret follow-up" in said


def test_a_link_to_it_is_not_shown_to_others(client, secret, alice, bob):
    process = make.ProcessFactory(title="Open talks")
    make.ProcessLinkFactory(from_process=process, to_process=secret[0])
    client.force_login(bob)
    assert "Secret" not in Page(client, process.get_absolute_url()).text()
    client.force_login(alice)
    assert "Secret channel" in Page(client, process.get_absolute_url()).section("links")


def test_a_text_that_looks_like_markup_stays_text(client, alice):
    client.force_login(alice)
    quote = "<script>alert(1)</script>"
    process = make.ProcessFactory(title="<b>Bold</b>", aim=quote)
    talk = make.TalkFactory(process=process, title=quote)
    item = make.PrincipleFactory(
        process=process, talk=talk, title=quote, effect={"status": "claimed", "wording": quote},
        development={"talk": talk, "citations": [Citation(source=make.SourceFactory(title=quote), quote=quote)]},
    )  # fmt: skip
    for record in (process, talk, item, item.process.developments.first()):
        page = Page(client, record.get_absolute_url())
        assert quote in page.text() and page.soup.select("main script") == []
        assert "Bold" not in page.texts("main b")


def test_nobody_reads_without_signing_in(client, secret):
    for address in ("/", "/codebook/", *(record.get_absolute_url() for record in secret)):
        response = client.get(address)
        assert response.status_code == 302 and response["Location"].startswith("/accounts/login/")


def test_an_import_that_touches_a_process_hidden_since_is_no_longer_there(client, alice, bob):
    client.force_login(bob)
    process = make.ProcessFactory()
    demand = make.DemandFactory(process=process)
    for text in (f"id,title\n{demand.ref},Changed\n", f"process_id,title,kind,party_id\n{process.ref},,,\n"):
        sent(client, "demand", text)
    sent(client, "party", "name,kind\nA,state\n")
    kept, *touching = ImportRun.objects.all()
    assert [client.get(run.get_absolute_url()).status_code for run in (kept, *touching)] == [200, 200, 200]
    process.restricted = True
    recording.save(alice, process, {"members": [alice]})
    assert [client.get(run.get_absolute_url()).status_code for run in (kept, *touching)] == [200, 404, 404]
    assert [client.post(run.get_absolute_url(), {"do": "write"}).status_code for run in touching] == [
        404,
        404,
    ]
    links = Page(client, "/imports/").links()
    assert kept.get_absolute_url() in links
    assert not {run.get_absolute_url() for run in touching} & {*links}
    demand.refresh_from_db()
    assert demand.title != "Changed"


@pytest.mark.parametrize(("address", "leaves"), [("/jobs/job-1/", True), ("/search/suggestions/", False)])
def test_a_page_that_asks_again_after_its_session_ended_is_left_for_the_sign_in(client, address, leaves):
    asking = {"HX-Request": "true", "HX-Current-URL": "http://testserver/jobs/job-1/?q=1"}
    response = client.get(address, headers=asking)
    # The sign-in page would stand within the page that asked.
    assert "password" not in response.text
    assert response.get("HX-Redirect") == ("/accounts/login/?next=/jobs/job-1/" if leaves else None)
    assert response.status_code == (200 if leaves else 401)
