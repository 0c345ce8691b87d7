"""What is typed into a form whose session has ended comes back after signing in, to its account alone, and unsaved."""

import time
from unittest import mock

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.admin.pages import url
from tests.factories import PASSWORD
from tests.pages.filling import FROM_HERE, SIGN_IN, Browser, sent
from tests.pages.reading import Words
from tracker.models import Party, User
from tracker.templatetags.opened_by import VALID

pytestmark = pytest.mark.django_db

NEW = "/parties/new/"
FACTOR = "/accounts/2fa/authenticate/"
TYPED = "Avaria, as they put it"
OTHERS = "The form was opened by another account"


@pytest.fixture
def browser(bob):
    return Browser(bob)


def opened(browser, address=NEW, **typed):
    """The form at `address` with what is `typed`."""
    return browser.form(browser.get(address), **(typed or {"name": TYPED, "kind": "state"}))


def is_nowhere(page):
    """Whether nothing that was typed is on the page, as it is or encrypted, and nothing was recorded."""
    kept = page.status_code == 200 and Words(page).soup.select("main form [value]:not([name=next])")
    return TYPED not in page.text and "gAAAA" not in str(kept) and not Party.objects.exists()


def is_given_back(browser, page):
    """Whether `page` shows what was typed, has not saved it, and saves it once when it is sent from there."""
    assert Words(page).text("h1") == "Not saved yet" and not Party.objects.exists()
    assert TYPED in Words(page).text("dl.facts")
    assert "no-store" in page["Cache-Control"]
    again = browser.form(page)
    shown = browser.send(NEW, again | {"add": ""})
    assert sent(shown)["name"] == [TYPED] and not Party.objects.exists()
    answers = [browser.send(NEW, fields) for fields in (browser.form(shown), again)]
    assert [answer.status_code for answer in answers] == [302, 302]
    return Party.objects.get().name == TYPED


def test_a_session_that_has_ended_gives_back_what_was_typed_after_signing_in(browser, bob, caplog):
    fields = opened(browser)
    browser.lose("sessionid")
    page = browser.send(NEW, fields)
    assert page.status_code == 403 and "Nothing has been saved yet." in Words(page).text()
    assert "no-store" in page["Cache-Control"] and TYPED not in page.text
    # A stranger leaves nothing on the server.
    assert "sessionid" not in page.cookies and "sessionid" not in browser.cookies
    # A mistyped password does not lose it either.
    page = browser.send(SIGN_IN, browser.form(page, login="bob", password="wrong"))
    assert "sessionid" not in browser.cookies
    assert is_given_back(browser, browser.sign_in(page, bob))
    assert TYPED not in caplog.text


def test_it_is_not_shown_to_another_account(browser, alice, bob):
    fields = opened(browser)
    browser.lose("sessionid")
    page = browser.send(NEW, fields)
    led_on = browser.sign_in(page, alice)
    assert (led_on.status_code, led_on.url) == (302, NEW)
    page = browser.get(NEW)
    assert "What was typed before belongs to another account" in page.text and is_nowhere(page)
    browser.send("/accounts/logout/", browser.form(page))
    led_on = browser.sign_in(browser.get(SIGN_IN), bob)
    assert led_on.status_code == 302 and is_nowhere(browser.get(NEW))


def code_of(secret):
    return {"code": format_hotp_value(hotp_value(secret, int(time.time()) // 30))}


def test_the_second_factor_comes_first(browser, alice, bob):
    secret = generate_totp_secret()
    TOTP.activate(bob, secret)
    fields = opened(browser)
    browser.lose("sessionid")
    page = browser.send(NEW, fields)
    assert browser.sign_in(page, bob).url.startswith(FACTOR)
    asked = browser.get(FACTOR)
    assert is_nowhere(asked)
    wrong = browser.send(FACTOR, browser.form(asked, code="000000"))
    assert is_nowhere(wrong)
    assert is_given_back(browser, browser.send(FACTOR, browser.form(asked, **code_of(secret))))


def test_a_password_alone_leaves_nothing_for_whoever_signs_in_next(browser, alice, bob):
    TOTP.activate(bob, generate_totp_secret())
    fields = opened(browser)
    browser.lose("sessionid")
    page = browser.send(NEW, fields)
    browser.sign_in(page, bob)
    assert browser.session["kept"]
    browser.send("/accounts/logout/", browser.form(browser.get(FACTOR)))
    led_on = browser.sign_in(browser.get(SIGN_IN), alice)
    assert led_on.status_code == 302 and "kept" not in browser.session
    assert is_nowhere(browser.get(NEW))


@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "same-site"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_a_failed_check_from_elsewhere_gives_nothing_back(browser, headers, signed_in):
    fields = opened(browser) | {"csrfmiddlewaretoken": "x" * 32}
    if not signed_in:
        browser.lose("sessionid")
    page = browser.send(NEW, fields, headers)
    assert page.status_code == 403 and is_nowhere(page) and "The form was not accepted" in page.text
    assert "gAAAA" not in page.text


@pytest.mark.parametrize(
    "headers", [FROM_HERE, {"Origin": "http://testserver"}, {"Sec-Fetch-Site": "same-origin"}]
)
def test_cookies_that_are_gone_lose_nothing(browser, bob, headers):
    fields = opened(browser)
    browser.lose("sessionid", "csrftoken")
    page = browser.send(NEW, fields, headers)
    assert page.status_code == 403 and TYPED not in page.text
    assert is_given_back(browser, browser.sign_in(page, bob))


def test_over_https_the_referer_tells_where_it_comes_from(browser):
    fields = opened(browser) | {"csrfmiddlewaretoken": "x" * 32}
    for referer, is_shown in (
        ("https://testserver/parties/new/", True),
        ("https://elsewhere.example/", False),
    ):
        page = browser.post(NEW, fields, headers={"Referer": referer}, secure=True)
        assert page.status_code == 403 and (TYPED in page.text) == is_shown


def test_who_has_signed_in_again_elsewhere_gets_it_at_once(browser, bob):
    fields = opened(browser)
    browser.force_login(bob)
    browser.get(NEW)
    page = browser.send(NEW, fields | {"csrfmiddlewaretoken": "x" * 32})
    assert page.status_code == 403 and is_given_back(browser, page)


def test_two_forms_come_back_though_one_signs_in_but_once(browser, bob):
    fields = opened(browser)
    browser.lose("sessionid")
    pages = [browser.send(NEW, fields) for _ in range(2)]
    second = browser.form(pages[1], login="bob", password=PASSWORD)
    browser.sign_in(pages[0], bob)
    # The second was opened before signing in, as was its token.
    page = browser.send(SIGN_IN, second | {"csrfmiddlewaretoken": "x" * 32})
    assert PASSWORD not in page.text and is_given_back(browser, page)


def test_while_another_account_is_signed_in_it_waits_for_its_own(browser, alice, bob):
    fields = opened(browser)
    browser.force_login(alice)
    browser.get(NEW)
    page = browser.send(NEW, fields | {"csrfmiddlewaretoken": "x" * 32})
    assert page.status_code == 403 and OTHERS in Words(page).text() and TYPED not in page.text
    back = browser.sign_in(page, bob)
    assert browser.session["_auth_user_id"] == str(bob.pk)
    # Pages with forms, which browsers keep to be gone back to, are alice's.
    assert back["Clear-Site-Data"] == '"cache"'
    assert is_given_back(browser, back)


def changed(text):
    return text[:-2] + ("A" if text[-2] != "A" else "B") + text[-1]


@pytest.mark.parametrize("made", [lambda text: "", lambda text: "x", changed])
def test_a_form_that_does_not_say_who_opened_it_is_not_kept(browser, bob, made):
    fields = opened(browser)
    browser.lose("sessionid")
    page = browser.send(NEW, fields | {"opened_by": made(fields["opened_by"])})
    assert page.status_code == 302 and page.url == f"{SIGN_IN}?next={NEW}"
    browser.lose("csrftoken")
    page = browser.send(NEW, fields | {"opened_by": made(fields["opened_by"])})
    assert page.status_code == 403 and is_nowhere(page)


@pytest.mark.parametrize("made", [lambda text: "", lambda text: "x", lambda text: "é", changed])
def test_what_was_changed_on_the_way_is_not_given_back(browser, bob, made):
    fields = opened(browser)
    browser.lose("sessionid")
    signing_in = browser.form(browser.send(NEW, fields), login="bob", password=PASSWORD)
    assert browser.send(SIGN_IN, signing_in | {"kept": made(signing_in["kept"][0])}).status_code == 302
    assert is_nowhere(browser.get(NEW))


@pytest.mark.parametrize(("seconds", "is_kept"), [(-10, True), (10, False)])
def test_both_are_believed_for_thirty_days(browser, bob, seconds, is_kept):
    later = time.time() + VALID.total_seconds() + seconds
    fields = opened(browser)
    browser.lose("sessionid")
    page = browser.send(NEW, fields)
    with mock.patch("time.time", return_value=later):
        assert (browser.send(NEW, fields).status_code == 403) == is_kept
        back = browser.sign_in(page, bob)
    assert (TYPED in back.text) == is_kept


def test_passwords_are_never_kept(browser, dave):
    browser.force_login(dave)
    secret = "six long words of a secret"
    password = opened(
        browser, "/accounts/password/change/", oldpassword=PASSWORD, password1=secret, password2=secret
    )
    user = opened(
        browser, url(User, "add"), username="erin", password1=secret, password2=secret, role="viewer"
    )
    browser.lose("sessionid")
    assert browser.send("/accounts/password/change/", password).status_code == 302
    back = browser.sign_in(browser.send(url(User, "add"), user), dave)
    assert "erin" in back.text and secret not in back.text and "Only passwords are not kept" in back.text


def test_forms_of_the_admin_come_back_too(browser, dave):
    browser.force_login(dave)
    address = url(Party, "add")
    page = browser.get(address)
    token = Words(page).soup.select_one("#content-main [name=csrfmiddlewaretoken]")["value"]
    opened_by = Words(page).soup.select_one("#content-main [name=opened_by]")["value"]
    fields = {
        "csrfmiddlewaretoken": token,
        "opened_by": opened_by,
        "name": TYPED,
        "kind": "state",
        "aliases": "",
    }
    rows = page.context["inline_admin_formsets"]
    fields |= {bound.html_name: bound.value() for each in rows for bound in each.formset.management_form}
    fields["form_key"] = page.context["form_key"]
    browser.lose("sessionid")
    back = browser.sign_in(browser.send(address, fields), dave)
    assert not Party.objects.exists() and "Open the form" not in back.text
    assert browser.send(address, browser.form(back)).status_code == 302
    assert Party.objects.get().name == TYPED


def test_files_are_named_to_be_chosen_again(browser, bob):
    file = SimpleUploadedFile("parties.csv", b"name,kind\nAvaria,state\n")
    fields = opened(browser, "/imports/", type="party", note="From the archive", file=file)
    browser.lose("sessionid")
    page = browser.send("/imports/", fields)
    assert "Files have to be chosen again." in Words(page).text()
    back = browser.sign_in(page, bob)
    assert "choose again: parties.csv" in Words(back).text() and "From the archive" in back.text


def test_a_part_of_a_page_is_left_as_it_is(browser):
    fields = opened(browser)
    browser.lose("sessionid")
    page = browser.send(NEW, fields, FROM_HERE | {"HX-Request": "true"})
    assert page.status_code == 401 and is_nowhere(page)


def test_a_reader_who_is_not_let_in_gets_nothing(browser, bob):
    fields = opened(browser)
    browser.lose("sessionid")
    page = browser.send(NEW, fields)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert is_nowhere(browser.sign_in(page, bob))


def test_it_needs_no_drafts_in_the_browser(browser, bob, settings):
    fields = opened(browser)
    for settings.KEEP_DRAFTS in (True, False):
        browser.lose("sessionid")
        back = browser.sign_in(browser.send(NEW, fields), bob)
        assert TYPED in back.text and ("data-draft=" in back.text) == settings.KEEP_DRAFTS
