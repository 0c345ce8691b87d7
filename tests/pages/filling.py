"""Filling in a page's form as a browser does: what it would send as it stands, and what it says is wrong."""

from bs4 import BeautifulSoup
from django.test import Client

from tests.factories import PASSWORD

OF_OPENING = ("csrfmiddlewaretoken", "opened_by")
FROM_HERE = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
SIGN_IN = "/accounts/login/"


def sent(response):
    """What the page's own form would send, {name: [values]}, apart from what is of its opening alone."""
    found = {}
    page = BeautifulSoup(response.content, "lxml")
    for field in page.select("main form[method=post] :is(input, select, textarea)[name]:not([disabled])"):
        if field.name == "select":
            chosen = field.select("option[selected]") or field.select("option")[:1]
            values = [option.get("value", "") for option in chosen]
        elif field.name == "textarea":
            values = [field.get_text().removeprefix("\n")]
        else:
            is_box = field.get("type") in ("checkbox", "radio")
            unticked = is_box and not field.has_attr("checked")
            values = [] if unticked else [field.get("value", "on" if is_box else "")]
        found.setdefault(field["name"], []).extend(values)
    return {name: values for name, values in found.items() if values and name not in OF_OPENING}


def errors(response):
    """The lines of the page's error summary."""
    page = BeautifulSoup(response.content, "lxml")
    return [" ".join(line.get_text().split()) for line in page.select(".error-summary li")]


def submit(client, url, button=None, **typed):
    """Open the form at `url`, type `typed` over what stands there, press `button` (name, value) or the first."""
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return client.post(url, sent(response) | typed | (dict([button]) if button else {}))


class Browser(Client):
    """A browser without JavaScript, in which a user is signed in; tokens against forgery are checked."""

    def __init__(self, user):
        super().__init__(enforce_csrf_checks=True, headers={"Accept": "text/html"})
        self.force_login(user)

    def form(self, page, **typed):
        """What the form of `page` would send with all of its hidden fields, and `typed`."""
        form = BeautifulSoup(page.content, "lxml").select_one("main form[method=post], #content-main form")
        hidden = [form.select_one(f"[name={name}]") for name in OF_OPENING]
        return sent(page) | {field["name"]: field["value"] for field in hidden if field} | typed

    def send(self, address, fields, headers=FROM_HERE):
        return self.post(address, fields, headers=headers)

    def sign_in(self, page, user):
        return self.send(SIGN_IN, self.form(page, login=user.username, password=PASSWORD))

    def lose(self, *names):
        for name in names:
            del self.cookies[name]
