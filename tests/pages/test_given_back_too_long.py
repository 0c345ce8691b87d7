"""What is typed into a form whose session has ended, and is too long to be kept until somebody signs in again."""

import pytest

from tests.pages.filling import SIGN_IN, Browser
from tests.pages.reading import Words
from tests.pages.test_given_back import NEW, OTHERS, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(bob):
    return Browser(bob)


def test_what_is_too_long_is_said_to_be(browser, bob, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 101_000
    fields = opened(browser)
    browser.lose("sessionid")
    assert "is then given back" in browser.send(NEW, fields).text
    page = browser.send(
        NEW, fields | {"description": "".join(chr(0x4E00 + n * n % 19997) for n in range(6000))}
    )
    assert "is too long to be kept here: go back, copy it" in Words(page).text() and "gAAAA" not in page.text
    assert browser.sign_in(page, bob).url == NEW


def test_its_own_account_signs_in_in_place_of_another_though_it_is_too_long_to_be_kept(
    browser, alice, bob, settings
):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100_000
    fields = opened(browser)
    browser.force_login(alice)
    browser.get(NEW)
    page = browser.send(NEW, fields | {"csrfmiddlewaretoken": "x" * 32})
    assert OTHERS in Words(page).text() and "is too long to be kept here" in Words(page).text()
    wrong = browser.send(SIGN_IN, browser.form(page, login="bob", password="wrong"))
    led_on = browser.sign_in(wrong, bob)
    assert led_on.url == NEW and browser.session["_auth_user_id"] == str(bob.pk)
