"""What tests of access share: every address that is declared, a browser for each role, and answers in one letter."""

from contextlib import nullcontext
from unittest import mock

from django.conf import settings
from django.db import transaction
from django.template import Template
from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.examples import is_thorough
from tests.factories import UserFactory

VIEWER, ADMINISTRATOR = 1, 5
FILLED_FOR = {VIEWER, ADMINISTRATOR}
"""The places of these roles among the sessions."""


def routes(resolver=None, before=""):
    """Every address of the application as it is declared."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from routes(entry, route)


def sessions():
    """The sessions of nobody, a viewer, an analyst, the analyst clerk, an editor and an administrator, in this order.

    The clerk recorded what factories make, if nobody made a clerk of another role before.
    """
    clerk = UserFactory(username="clerk", analyst=True)
    yield None
    for role in ("viewer", "analyst", clerk, "editor", "administrator"):
        client = Client()
        client.force_login(role if role is clerk else UserFactory(**{role: True}))
        session = client.session
        # Read once, so that it can be stored again.
        session.items()
        yield session


def differences(sessions, address, expected):
    """What roles are answered at `address` by GET and POST that is not as `expected`: {role: (found, expected)}.

    `expected` has a text of marks for each method, with a mark for each of `sessions`. Of roles that are to be answered
    alike the first and the last are asked, who have the fewest and the most rights of them; all in `make prove`. All
    find the same record there: what one of them writes is undone before the next. Templates are filled in for the
    viewer and the administrator, who stand for those who read and those who write.
    """
    found = {}
    marks = list(zip(*expected, strict=True))
    for role in asked(marks):
        unfilled = mock.patch.object(Template, "_render", return_value="")
        with transaction.atomic(), nullcontext() if role in FILLED_FOR else unfilled:
            answers = tuple(
                mark(getattr(client_in(sessions[role]), method)(address)) for method in ("get", "post")
            )
            transaction.set_rollback(True)
        if answers != marks[role]:
            found[role] = answers, marks[role]
    return found


def asked(marks):
    """The places of the roles that are asked, of those with these `marks`."""
    if is_thorough():
        return range(len(marks))
    return [
        role
        for role, own in enumerate(marks)
        if not marks[role - 1 : role] == [own] == marks[role + 1 : role + 2]
    ]


def client_in(session):
    """A browser in `session`, even if somebody signed out of it meanwhile."""
    client = Client()
    if session is not None:
        if not session.exists(session.session_key):
            session.save(must_create=True)
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


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
