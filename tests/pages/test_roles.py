"""The table of who may do what at which address: every address but the admin's, each role, reading and writing."""

import pytest
from django.test import Client

from tests.factories import ProcessFactory, SavedViewFactory
from tests.over_the_register.makers import MAKERS, OF_A_PROCESS
from tests.roles import differences, routes, sessions
from tracker.register import BY_URL_NAME, PARTS, RECORD_TYPES
from tracker.urls import REPORTS

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# What GET and POST answer to nobody, a viewer, an analyst, the analyst whose own it is, an editor and an administrator
# (tests.roles.mark).
READS = ("syyyyy", "sxxxxx")
RECORDS = ("snyyyy", "snyyyy")
OWN_OR_EDITS = ("snnyyy", "snnyyy")
SIGNED_IN = ("syyyyy", "syyyyy")
ANYBODY = ("yyyyyy", "yyyyyy")

TABLE = {
    "": READS,
    "calendar.ics": READS,
    "package.zip": READS,
    "tokens/": SIGNED_IN,
    "tokens/<int:pk>/revoke/": ("sxxxxx", "s-----"),
    "feeds/": ("sxxxxx", "s-----"),
    # Whoever has the secret reads; there is none in these addresses.
    "feeds/<slug:secret>/<str:name>": ("------", "xxxxxx"),
    "codebook/": READS,
    "search/": READS,
    "search.csv": READS,
    "search.json": READS,
    "search/suggestions/": READS,
    "timeline/": READS,
    **{f"timeline.{ending}": READS for ending in ("csv", "json", "xlsx")},
    "api/": READS,
    "api/openapi.json": READS,
    "views/": READS,
    "views/save/": SIGNED_IN,
    # There only for who saved it.
    "views/<int:pk>/": ("s-----", "s-----"),
    "views/<int:pk>/delete/": ("s-----", "s-----"),
    "options/<slug:name>/": READS,
    "imports/": RECORDS,
    "jobs/": READS,
    "datasets/": ("snnnny", "snnnny"),
    "datasets/<slug:ref>/": ("snnnn-", "snnnn-"),
    "datasets/<slug:ref>/report.csv": ("snnnn-", "snnnnx"),
    "files/prepare/": ("s-----", "s-----"),
    "files/<slug:ref>/": ("s-----", "s-----"),
    "files/<slug:ref>/<str:name>": ("s-----", "sxxxxx"),
    "jobs/<slug:ref>/": ("sn----", "sn----"),
    # For what watches over the server; its numbers are there only where they have a token.
    **dict.fromkeys(("healthz", "readyz"), ("yyyyyy", "xxxxxx")),
    "metrics": ("------", "xxxxxx"),
    # Somebody's own: nobody else's is there.
    "imports/<slug:ref>/": ("sn----", "sn----"),
    "imports/<slug:ref>/wrong.csv": ("sn----", "snxxxx"),
    # Those who have signed in, or have no second factor, are sent on.
    "accounts/login/": ANYBODY,
    "accounts/2fa/authenticate/": ANYBODY,
    "accounts/logout/": ANYBODY,
    "accounts/inactive/": ("yyyyyy", "xxxxxx"),
    "accounts/reauthenticate/": SIGNED_IN,
    "accounts/password/change/": SIGNED_IN,
    "accounts/2fa/": READS,
    "accounts/2fa/reauthenticate/": SIGNED_IN,
    "accounts/2fa/totp/activate/": SIGNED_IN,
    "accounts/2fa/recovery-codes/generate/": SIGNED_IN,
    # There only for those who have a second factor.
    "accounts/2fa/totp/deactivate/": ("s-----", "s-----"),
    "accounts/2fa/recovery-codes/": ("s-----", "sxxxxx"),
    "accounts/2fa/recovery-codes/download/": ("s-----", "s-----"),
}
for kind in (*RECORD_TYPES, *PARTS):
    one = f"{kind.path}/<slug:ref>/"
    TABLE |= {
        f"{kind.path}/": READS,
        **{f"{kind.path}.{ending}": READS for ending in ("csv", "json", "xlsx")},
    }
    if kind.has_pages:
        TABLE |= {f"{kind.path}/new/": RECORDS, one: READS, f"{one}history/": READS}
        TABLE |= {
            f"{one}edit/": RECORDS if kind.analysts_change else OWN_OR_EDITS,
            f"{one}delete/": OWN_OR_EDITS,
        }
ITEMS = ("talks", "principles", "demands", "follow-ups")
for path in ("parties", "people", "offices", "issues", "sources", *ITEMS):
    TABLE[f"{path}/<slug:ref>/merge/"] = ("snnnyy", "snnnyy")
    # Nothing has been merged.
    TABLE[f"{path}/<slug:ref>/unmerge/"] = ("sn----", "sn----")
for path in ITEMS:
    TABLE[f"{path}/<slug:ref>/move/"] = RECORDS
for path in ITEMS[1:]:
    TABLE[f"{path}/<slug:ref>/update/"] = RECORDS
TABLE["sources/<slug:ref>/text/"] = ("snyyyy", "sxxxxx")
TABLE["sources/<slug:ref>/text/edit/"] = OWN_OR_EDITS
for kind, reports in REPORTS:
    for report in reports:
        one = f"{kind.path}/<slug:ref>/{report.name}"
        TABLE |= {f"{one}/": READS} | {f"{one}.{ending}": READS for ending in report.formats}


def test_every_address_has_its_row():
    assert sorted(route for route in routes() if not route.startswith("admin/")) == sorted(TABLE)


@pytest.fixture(scope="module")
def everybody(module_record):
    """The sessions of all roles."""
    return list(sessions())


@pytest.fixture(scope="module")
def parameters(everybody):
    """What stands for the parameters of an address: a record of each type by its path, and what is nobody's."""
    refs = {kind.path: MAKERS[kind.url_name](ProcessFactory()).ref for kind in BY_URL_NAME.values()}
    others = {"<slug:name>": "party", "<slug:secret>/<str:name>": "nothing/timeline.atom"}
    others["<str:name>"] = "demands.xlsx"
    return refs, others | {
        "<slug:ref>": "imp-nobodys",
        "<str:name>": "demands.xlsx",
        "<int:pk>": str(SavedViewFactory().pk),
    }


@pytest.mark.parametrize("route", TABLE)
def test_each_role_is_answered_as_the_table_says(everybody, parameters, route):
    refs, others = parameters
    address = route.replace("<slug:ref>", refs.get(route.partition("/")[0], "<slug:ref>"))
    for parameter, value in others.items():
        address = address.replace(parameter, value)
    assert differences(everybody, f"/{address}", TABLE[route]) == {}


@pytest.mark.parametrize("url_name", [name for name in OF_A_PROCESS if BY_URL_NAME[name].has_pages])
def test_what_is_of_a_restricted_process_is_not_there_for_strangers(restricted_process, bob, url_name):
    client = Client()
    client.force_login(bob)
    ref = MAKERS[url_name](restricted_process).ref
    for page in ("", "history/", "edit/", "delete/"):
        address = f"/{BY_URL_NAME[url_name].path}/{ref}/{page}"
        assert client.get(address).status_code == 404, address
        if page in ("edit/", "delete/"):
            assert client.post(address).status_code == 404, address
