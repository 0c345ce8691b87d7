"""What tests of access share: every address that is declared, a browser for each role, and answers in one letter."""

from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.factories import UserFactory


def routes(resolver=None, before=""):
    """Every address of the application as it is declared."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from routes(entry, route)


def clients():
    """A browser of nobody, a viewer, an analyst, the analyst clerk, an editor and an administrator, in this order.

    The clerk recorded what factories make, if nobody made a clerk of another role before.
    """
    clerk = UserFactory(username="clerk", analyst=True)
    yield Client()
    for role in ("viewer", "analyst", clerk, "editor", "administrator"):
        client = Client()
        client.force_login(role if role is clerk else UserFactory(**{role: True}))
        yield client


def mark(response):
    """How `response` answers: s asks to sign in, y answers, n forbids, - knows no such page, x is no way to write.

    Any other answer is given by its number.
    """
    status, to = response.status_code, response.headers.get("Location", "")
    if status == 401 or (status == 302 and to.startswith(("/accounts/login/?", "/admin/login/"))):
        return "s"
    return {403: "n", 404: "-", 405: "x"}.get(status) or (
        "y" if status in {200, 302, 409, 422} else str(status)
    )
