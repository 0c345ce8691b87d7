"""The table of who may do what in the admin: every address of it, each role, reading and writing."""

import pytest
from allauth.mfa.models import Authenticator

from tests.claiming import ClaimFactory
from tests.examples import daily
from tests.factories import ProcessFactory, UserFactory
from tests.over_the_register.makers import MAKERS
from tests.roles import differences, routes, sessions
from tracker.admin.site import site
from tracker.models import (
    Change,
    Citation,
    Claim,
    Demand,
    Effect,
    FollowUp,
    Item,
    Principle,
    Talk,
    User,
)

pytestmark = pytest.mark.once

# What GET and POST answer to nobody, a viewer, an analyst, the analyst whose own it is, an editor and an administrator
# (tests.roles.mark).
STAFF = ("ssyyyy", "ssyyyy")
OWN_OR_EDITORS = ("ssnyyy", "ssnyyy")
ADMINISTRATORS = ("ssnnny", "ssnnny")
NOBODY = ("ssnnnn", "ssnnnn")
ACCOUNTS = (User, Authenticator)
READ_ONLY = (Change, Citation, Claim, Effect)
NEVER_ADDED = (*READ_ONLY, Item, Authenticator)
NEVER_DELETED = (*READ_ONLY, Item, Talk, Principle, Demand, FollowUp, User)

TABLE = {
    "admin/": STAFF,
    "admin/^(?P<app_label>tracker|mfa)/$": STAFF,
    "admin/password_change/": STAFF,
    "admin/password_change/done/": ("ssyyyy", "ssxxxx"),
    "admin/jsi18n/": ("ssyyyy", "ssxxxx"),
    # Without saying what is looked for.
    "admin/autocomplete/": ("ssnnnn", "ssxxxx"),
    "admin/login/": ("snyyyy", "snyyyy"),
    "admin/logout/": ("syxxxx", "syyyyy"),
    "admin/(?P<url>.*)$": ("ss----", "ss----"),
    "admin/tracker/user/<id>/password/": ADMINISTRATORS,
}

ANALYSTS_CHANGE = {
    "assessment", "delegate", "delegation", "demand", "development", "followup", "item", "principle", "talk",
    "watchphrase",
}  # fmt: skip
"""The models whose every row an analyst may change, whoever recorded it."""


def path_of(model):
    """Where the admin of `model` is."""
    return f"admin/{model._meta.app_label}/{model._meta.model_name}/"


for model in site._registry:
    path, one = path_of(model), f"{path_of(model)}<path:object_id>/"
    opened = ADMINISTRATORS if model in ACCOUNTS else STAFF
    changed = STAFF if model._meta.model_name in ANALYSTS_CHANGE else ("ssyyyy", "ssnyyy")
    TABLE |= {
        path: opened,
        # The address without a page leads to the page of changes, which asks again.
        one: STAFF,
        f"{one}history/": opened,
        f"{path}add/": NOBODY if model in NEVER_ADDED else opened,
        f"{one}change/": ("ssyyyy", "ssnnnn")
        if model in READ_ONLY
        else opened
        if model in ACCOUNTS
        else changed,
        f"{one}delete/": NOBODY
        if model in NEVER_DELETED
        else opened
        if model in ACCOUNTS
        else OWN_OR_EDITORS,
    }


@pytest.fixture(scope="module")
def everybody(module_record):
    """The sessions of all roles."""
    return list(sessions())


@pytest.fixture(scope="module")
def rows(everybody):
    """A row of every model, by where its admin is."""
    process = ProcessFactory()
    for maker in MAKERS.values():
        maker(process)
    ClaimFactory()
    Authenticator.objects.create(user=UserFactory(), type=Authenticator.Type.TOTP, data={})
    return {path_of(model): model._default_manager.first().pk for model in site._registry}


def address(route, rows):
    """An address that `route` leads to."""
    for path, key in rows.items():
        if route.startswith(path):
            return "/" + route.replace("<path:object_id>", str(key)).replace("<id>", str(key))
    return "/" + route.replace("^(?P<app_label>tracker|mfa)/$", "tracker/").replace(
        "(?P<url>.*)$", "nowhere/"
    )


# Whatever the model, Django's own views answer these alike; `make prove` asks for those of all.
ALIKE = ("<path:object_id>/", "<path:object_id>/history/")
LISTS = {path_of(model) for model in site._registry if model not in ACCOUNTS}


def is_daily(route):
    """Whether nothing like `route` is asked of another model."""
    is_alike = route.endswith(ALIKE) or route in LISTS
    return not is_alike or route.startswith("admin/tracker/party/")


def test_every_address_has_its_row():
    assert sorted(route for route in routes() if route.startswith("admin/")) == sorted(TABLE)


@pytest.mark.django_db
@pytest.mark.parametrize("route", daily(TABLE, is_daily))
def test_each_role_is_answered_as_the_table_says(everybody, rows, route):
    assert differences(everybody, address(route, rows), TABLE[route]) == {}
