"""Tokens: made and shown once, read with by programs as their owner, and ended by a click."""

import datetime as dt
import io

import pytest
from django.test import Client

from tests import factories as make
from tests.pages.reading import Page, Words
from tests.roles import routes
from tracker.models import Token, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(alice):
    """Asks for an address with alice's token, or with another secret."""
    _, own = Token.make(alice, "my program")

    def ask(address, secret=own, method="get"):
        return getattr(Client(enforce_csrf_checks=True), method)(
            address, headers={"Authorization": f"Bearer {secret}"}
        )

    return ask


def made(client, name="notebook"):
    """The secret that the page shows once a token is made."""
    response = client.post("/tokens/", {"name": name})
    assert response.status_code == 200
    return Words(response).soup.select_one("#secret")["value"]


def test_a_token_is_made_shown_once_and_kept_as_a_hash(client, alice):
    client.force_login(alice)
    secret = made(client)
    assert len(secret) >= 43
    page = Page(client, "/tokens/")
    assert "notebook" in page.text() and "never" in page.text() and secret not in str(page.soup)
    assert secret not in str(Token.objects.values().get())
    assert made(client) != secret


def test_a_second_press_leaves_one_token_which_works(client, alice, clock):
    clock("2025-02-20T10:00Z")
    client.force_login(alice)
    _, shown_last = made(client), made(client)
    assert Token.objects.get() == Token.objects.of(shown_last, Token.Purpose.READING)
    Token.objects.get().used()
    made(client)
    assert Token.objects.count() == 2, "What is in use stays."
    clock("2025-02-20T10:02Z")
    made(client)
    assert Token.objects.count() == 3, "So does what was made for another program."


def test_a_token_needs_a_name(client, alice):
    client.force_login(alice)
    for name in ("", " ", "x" * 101):
        response = client.post("/tokens/", {"name": name})
        assert response.status_code == 422 and Words(response).texts(".errorlist")
    assert not Token.objects.exists()


def test_there_is_an_end_to_them(client, alice, monkeypatch):
    monkeypatch.setattr("tracker.api.tokens.MOST", 1)
    client.force_login(alice)
    made(client)
    assert "revoke one" in Words(client.post("/tokens/", {"name": "more"})).text()
    assert "revoke one" in Words(client.post("/feeds/", {"feed": "timeline.atom"})).text()
    assert Token.objects.count() == 1


def test_programs_read_pages_and_files_with_it(reader):
    make.PartyFactory(name="Ruritania")
    for address in (
        "/",
        "/parties/",
        "/parties.csv",
        "/timeline.csv",
        "/package.zip",
        "/calendar.ics",
        "/codebook/",
    ):
        response = reader(address)
        assert response.status_code == 200, address
        assert not response.cookies, address
    content = b"".join(reader("/parties.csv"))
    assert "Ruritania" in io.StringIO(content.decode()).read()
    assert reader("/parties.csv", method="head").status_code == 200


def test_the_scheme_is_told_in_any_case(alice):
    _, secret = Token.make(alice, "x")
    assert Client().get("/parties.csv", headers={"Authorization": f"bearer  {secret} "}).status_code == 200
    assert Client().get("/parties.csv", headers={"Authorization": f"Basic {secret}"}).status_code == 401


@pytest.mark.parametrize(
    "path", ["/parties.csv", "/timeline.json", "/demands.xlsx", "/package.zip", "/api/openapi.json"]
)
def test_a_program_without_a_token_is_told_so_and_a_person_is_led_to_the_sign_in(db, path):
    client = Client()
    for accept in ({}, {"Accept": "*/*"}, {"Accept": "text/csv"}):
        response = client.get(path, headers=accept)
        assert response.status_code == 401 and response["WWW-Authenticate"].startswith("Bearer ")
        assert b"/tokens/" in response.content
    response = client.get(path, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert response.status_code == 302 and response["Location"] == f"/accounts/login/?next={path}"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_it_only_reads(reader, method):
    response = reader("/parties/new/", method=method)
    assert response.status_code == 405 and response["Allow"] == "GET, HEAD"
    assert b"only reads" in response.content and not response.cookies


@pytest.mark.parametrize("secret", ["", "ntk_unknown", "ntk_" + "é" * 20])
def test_one_that_is_unknown_is_answered_plainly(reader, secret):
    response = reader("/parties.csv", secret=secret)
    assert response.status_code == 401 and response["WWW-Authenticate"].startswith("Bearer ")
    assert b"No such token" in response.content


def test_it_opens_nothing_where_accounts_are_managed(reader, dave):
    _, powerful = Token.make(dave, "administrator's")
    closed = [route for route in routes() if route.startswith(("admin/", "accounts/", "tokens/", "feeds/"))]
    assert len(closed) > 50
    for route in {"admin/", "accounts/password/change/", "accounts/2fa/", "tokens/", "feeds/"}:
        assert reader(f"/{route}", secret=powerful).status_code == 403, route
        assert not reader(f"/{route}").cookies


def test_it_sees_what_its_owner_sees_at_that_moment(reader, restricted_process, alice, bob):
    _, of_bob = Token.make(bob, "bob's")
    assert b"Secret channel" in b"".join(reader("/processes.csv"))
    assert b"Secret channel" not in b"".join(reader("/processes.csv", secret=of_bob))
    assert reader(restricted_process.get_absolute_url(), secret=of_bob).status_code == 404
    restricted_process.members.remove(alice)
    assert b"Secret channel" not in b"".join(reader("/processes.csv"))


def test_it_dies_with_its_owner_and_by_its_owner_s_hand(client, reader, alice, bob):
    token = Token.objects.get()
    client.force_login(bob)
    assert client.post(f"/tokens/{token.pk}/revoke/").status_code == 404
    assert "my program" not in Page(client, "/tokens/").text()
    assert reader("/parties.csv").status_code == 200
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert reader("/parties.csv").status_code == 401
    User.objects.filter(pk=alice.pk).update(is_active=True)
    client.force_login(alice)
    page = client.post(f"/tokens/{token.pk}/revoke/", follow=True)
    assert "revoked" in Words(page).text("#messages")
    assert reader("/parties.csv").status_code == 401


def test_a_browser_s_session_does_not_stand_in_for_a_token(client, alice):
    client.force_login(alice)
    assert client.get("/parties.csv", headers={"Authorization": "Bearer nonsense"}).status_code == 401
    # And the token's owner reads, whoever is signed in beside.
    _, of_viewer = Token.make(make.UserFactory(username="vera", viewer=True), "vera's")
    assert "vera" in Page(client, "/", Authorization=f"Bearer {of_viewer}").text(".account")
    assert "alice" in Page(client, "/").text(".account")


def test_its_last_use_is_told_to_the_day(client, reader, alice, clock, django_assert_num_queries):
    clock("2025-02-20T10:00Z")
    reader("/parties.csv")
    assert Token.objects.get().used_on == dt.date(2025, 2, 20)
    client.force_login(alice)
    assert "20 Feb 2025" in Page(client, "/tokens/").text()
    clock("2025-02-20T23:00Z")
    with django_assert_num_queries(1):
        reader("/nowhere/")
    clock("2025-02-21T01:00Z")
    reader("/parties.csv")
    assert Token.objects.get().used_on == dt.date(2025, 2, 21)


def test_the_page_costs_the_same_for_few_and_many(client, alice):
    client.force_login(alice)
    Token.make(alice, "one")
    few = Page(client, "/tokens/").queries
    for number in range(10):
        Token.make(alice, f"token {number}")
    assert Page(client, "/tokens/").queries == few
