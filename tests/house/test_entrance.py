"""Nothing is open to strangers, pages load from here alone, and the second factor holds for the admin too."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import Resolver404, URLPattern, get_resolver, resolve
from django.utils.regex_helper import normalize

from tests.pages.reading import Words
from tracker.models import User

ROOT = Path(__file__).resolve().parents[2]
SIGN_IN = "/accounts/login/"
PASSWORD = "six long words make a password"
# What a stranger may reach: the ways in and out, and whether the server works.
OPEN = {"account_login", "account_logout", "account_inactive", "mfa_authenticate", "alive", "ready"}
# A secret stands for signing in: without the right one there is nothing (test_feeds.py, test_monitoring.py of pages).
BY_SECRET = {"feed", "metrics"}
POLICY = {
    "default-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "img-src 'self' data:",
}
# One of these fits every parameter of an address.
SAMPLES = ("1", "dev-0123456789ab", "2025-02-18", "csv")


def addresses(resolver, prefix="^/"):
    """Each (name, address) of the application, with a sample for every parameter."""
    for entry in resolver.url_patterns:
        pattern = prefix + entry.pattern.regex.pattern.removeprefix("^")
        if not isinstance(entry, URLPattern):
            yield from addresses(entry, pattern)
            continue
        for template, parameters in normalize(pattern.replace(r"\Z", "")):
            tried = [template % dict.fromkeys(parameters, sample) for sample in SAMPLES]
            yield entry.name, next((path for path in tried if leads_to(path, entry)), tried[0])


def leads_to(path, entry):
    try:
        return resolve(path).func is entry.callback
    except Resolver404:
        return False


@pytest.fixture
def user(db):
    return User.objects.create_user(username="ana", password=PASSWORD, role="analyst")


def sign_in(client, path=SIGN_IN):
    return client.post(path, {"login": "ana", "password": PASSWORD})


@pytest.mark.django_db
def test_every_address_asks_a_stranger_to_sign_in():
    client = Client(headers={"Accept": "text/html"})
    answers = {
        path: client.get(path) for name, path in addresses(get_resolver()) if name not in OPEN | BY_SECRET
    }
    assert len(answers) > 20
    wrong = {path: answer.status_code for path, answer in answers.items() if answer.status_code != 302}
    assert not wrong
    assert all(answer.url.startswith((SIGN_IN, "/admin/login/")) for answer in answers.values())


@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/password/reset/", "/accounts/email/"])
def test_there_is_no_way_in_but_an_account_made_by_an_administrator(client, db, path):
    form = {"username": "eve", "email": "eve@example.org", "password1": PASSWORD, "password2": PASSWORD}
    assert client.get(path).status_code == 404
    assert client.post(path, form).status_code == 404
    assert not User.objects.exists()


@pytest.mark.parametrize("path", [SIGN_IN, "/accounts/password/change/", "/admin/", "/accounts/2fa/"])
def test_pages_load_from_this_server_alone(client, user, path):
    if path != SIGN_IN:
        sign_in(client)
    answer = client.get(path)
    assert answer.status_code == 200
    assert set(answer["Content-Security-Policy"].split("; ")) == POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"


def test_a_wrong_password_does_not_say_whether_the_name_exists(client, user):
    wrong, unknown = (client.post(SIGN_IN, {"login": name, "password": "x"}) for name in ("ana", "nobody"))
    assert wrong.context["form"].errors == unknown.context["form"].errors != {}


def test_guessing_passwords_is_stopped(client, user):
    for _ in range(10):
        client.post(SIGN_IN, {"login": "ana", "password": "wrong"})
    sign_in(client)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("address", [SIGN_IN, "/admin/login/"])
def test_the_second_factor_stands_before_every_page(client, user, address):
    TOTP.activate(user, generate_totp_secret())
    sign_in(client, client.get(address).headers.get("Location", address))
    for path in ("/admin/", "/accounts/password/change/"):
        assert client.get(path).status_code == 302


def test_https_leaves_djangos_own_check_nothing_to_say(tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(tmp_path),
        "HTTPS": "1",
        "ALLOWED_HOSTS": "record.example",
    }
    check = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(check, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "page", ["login/", "password/change/", "2fa/", "2fa/totp/activate/", "reauthenticate/"]
)
def test_titles_and_labels_of_the_pages_of_accounts_are_in_sentence_case(client, db, page):
    if page != "login/":
        client.force_login(User.objects.create_user(username="erin", password=PASSWORD, role="analyst"))
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    soup = Words(client.get(f"/accounts/{page}", follow=True))
    titles = soup.texts("main h1, main h2, main button, main a.button, main label, title")
    assert titles
    for title in titles:
        words = title.removesuffix("· Negotiation Tracker").split()
        assert not [
            word for word in words[1:] if word[:1].isupper() and word not in {"Negotiation", "Tracker"}
        ], title
