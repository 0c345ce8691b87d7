"""Accounts in the admin: an administrator gives each a role, and the role decides the rest."""

import pytest

from tests.admin.pages import typed, url
from tests.factories import UserFactory
from tracker.models import User


@pytest.mark.parametrize(("role", "enters"), [("viewer", False), ("analyst", True), ("administrator", True)])
def test_an_account_is_made_with_a_role(client, dave, role, enters):
    client.force_login(dave)
    page = client.get(url(User, "add"))
    sent = typed(page, role=role) | {
        "username": "newcomer",
        "usable_password": "true",
        "password1": "a long enough pass phrase",
        "password2": "a long enough pass phrase",
    }
    assert client.post(url(User, "add"), sent).status_code == 302
    newcomer = User.objects.get(username="newcomer")
    assert (newcomer.role, newcomer.is_staff) == (role, enters)
    client.force_login(newcomer)
    assert (client.get("/admin/", follow=True).status_code == 200) == enters


def test_a_role_is_changed_and_no_flag_is_offered(client, dave):
    client.force_login(dave)
    person = UserFactory(analyst=True)
    page = client.get(url(User, "change", person.pk))
    assert not {"is_staff", "is_superuser", "groups"} & page.context["adminform"].form.fields.keys()
    assert client.post(url(User, "change", person.pk), typed(page, role="administrator")).status_code == 302
    person.refresh_from_db()
    assert person.is_superuser
    assert person.edits


def test_a_closed_account_does_not_enter(client, dave):
    client.force_login(dave)
    person = UserFactory(editor=True)
    sent = typed(client.get(url(User, "change", person.pk)), is_active=None)
    client.post(url(User, "change", person.pk), sent)
    assert not User.objects.get(pk=person.pk).is_active


def test_nobody_shuts_the_last_administrator_out(client, dave):
    client.force_login(dave)
    page = client.get(url(User, "change", dave.pk))
    assert {"role", "is_active"}.isdisjoint(page.context["adminform"].form.fields)
    client.post(url(User, "change", dave.pk), {"username": "dave", "role": "viewer", "is_active": ""})
    dave.refresh_from_db()
    assert (dave.role, dave.is_active, dave.is_superuser) == ("administrator", True, True)


def test_an_account_keeps_its_name_which_stands_in_files_of_what_it_recorded(client, dave, carol):
    client.force_login(dave)
    client.post(url(User, "change", carol.pk), {"username": "caroline", "role": "editor", "is_active": "on"})
    carol.refresh_from_db()
    assert (carol.username, carol.role) == ("carol", "editor")


def test_the_history_of_an_account_tells_who_changed_its_role(client, dave, carol):
    client.force_login(dave)
    client.post(url(User, "change", carol.pk), {"username": "carol", "role": "editor", "is_active": "on"})
    carol.refresh_from_db()
    assert carol.role == "editor"
    history = client.get(url(User, "history", carol.pk)).text
    assert "dave" in history and "Changed Role" in history


@pytest.mark.parametrize("page", ["user/", "user/add/", "user/1/change/"])
def test_who_may_manage_accounts_is_said_to_all_others(client, alice, page):
    client.force_login(alice)
    response = client.get(f"/admin/tracker/{page}")
    assert response.status_code == 403 and "Only administrators manage accounts." in response.text
    assert client.get("/admin/").status_code == 200
