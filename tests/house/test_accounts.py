"""The first accounts: whenever nobody can administer, and never beside somebody who can."""

import stat

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.factories import UserFactory
from tests.files.packages import empty, invented, packed
from tracker.accounts.first_accounts import first_accounts
from tracker.models import Process, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def start(tmp_path):
    """What a start prints of the accounts: {"Analyst": (name, password), ...}."""

    def first():
        lines = [line.split(": ") for line in first_accounts(tmp_path / "accounts.txt")]
        return {label: tuple(said.split(" / ")) for label, said in lines}

    return first


def lets_in(name, password):
    user = User.objects.get(username=name)
    return user.is_active and user.check_password(password)


def test_a_new_database_has_an_analyst_and_an_administrator(start, tmp_path):
    printed = start()
    assert [name for name, _ in printed.values()] == ["analyst", "administrator"]
    assert all(lets_in(*account) for account in printed.values())
    assert {user.username: user.role for user in User.objects.all()} == {
        "analyst": "analyst",
        "administrator": "administrator",
    }
    assert stat.S_IMODE((tmp_path / "accounts.txt").stat().st_mode) == 0o600
    assert start() == printed and User.objects.count() == 2


def test_a_database_made_anew_starts_with_the_same_passwords(start):
    printed = start()
    User.objects.all().delete()
    assert start() == printed


def test_a_generated_record_can_be_entered(start):
    call_command("generate", developments=10, verbosity=0)
    printed = start()
    assert all(lets_in(*account) for account in printed.values())
    assert not User.objects.get(username="generator").is_active


def test_a_restored_record_can_be_entered_though_its_accounts_are_switched_off(start, tmp_path):
    for name in ("administrator", "administrator-2"):
        User.objects.create_user(name, role="viewer", is_active=False)
    printed = start()
    assert printed["Administrator"][0] == "administrator-3" and printed["Analyst"][0] == "analyst"
    assert all(lets_in(*account) for account in printed.values())
    for name in ("administrator", "administrator-2"):
        restored = User.objects.get(username=name)
        assert not restored.is_active and restored.role == "viewer"
    assert start() == printed


def test_a_package_restored_before_the_first_start(start, tmp_path):
    invented()
    (tmp_path / "record.zip").write_bytes(packed())
    empty()
    call_command("import_package", tmp_path / "record.zip", verbosity=0)
    printed = start()
    assert Process.objects.exists()
    assert not User.objects.get(username="clerk").is_active
    assert all(lets_in(*account) for account in printed.values())


@pytest.mark.parametrize("role", ["viewer", "analyst", "editor"])
def test_who_cannot_administer_is_not_enough(start, role):
    UserFactory(username="ana", password="x", role=role)
    assert lets_in(*start()["Administrator"])
    assert User.objects.filter(username="analyst").exists() == (role != "analyst")


@pytest.mark.parametrize("unable", [{"is_active": False}, {"password": None}])
def test_an_administrator_who_cannot_sign_in_is_not_enough(start, unable):
    User.objects.create_user("dora", role="administrator", **unable)
    assert lets_in(*start()["Administrator"])


def test_nothing_is_made_beside_a_working_administrator(start, tmp_path):
    User.objects.create_user("dora", password="x", role="administrator")
    printed = start()
    assert [user.username for user in User.objects.all()] == ["dora"]
    assert all("gone" in password for _, password in printed.values())
    assert not (tmp_path / "accounts.txt").exists()


@pytest.mark.parametrize(
    ("role", "records", "edits"),
    [
        ("viewer", False, False),
        ("analyst", True, False),
        ("editor", True, True),
        ("administrator", True, True),
    ],
)
def test_what_a_role_may_do(role, records, edits):
    user = User(role=role)
    assert (user.records, user.edits) == (records, edits)


@pytest.mark.parametrize("written", [None, ["role"], ("role",)])
def test_django_s_own_flags_follow_from_the_role(written):
    user = UserFactory(viewer=True)
    assert (user.is_staff, user.is_superuser) == (False, False)
    for role, staff, superuser in (
        ("analyst", True, False),
        ("administrator", True, True),
        ("editor", True, False),
        ("viewer", False, False),
    ):
        user.role = role
        user.save(update_fields=written)
        user.refresh_from_db()
        assert (user.role, user.is_staff, user.is_superuser) == (role, staff, superuser)


def test_signing_in_writes_the_time_of_it_and_nothing_else():
    user = UserFactory(viewer=True)
    user.role, user.last_login = "editor", timezone.now()
    user.save(update_fields=["last_login"])
    user.refresh_from_db()
    assert user.last_login and (user.role, user.is_staff) == ("viewer", False)


@pytest.mark.parametrize("role", [{}, {"role": "viewer"}])
def test_a_superuser_is_an_administrator(role):
    user = User.objects.create_superuser("root", "root@example.org", "six long words", **role)
    assert (user.role, user.is_superuser, user.email) == ("administrator", True, "root@example.org")
    assert lets_in("root", "six long words")


def test_an_outdated_hash_is_renewed_by_the_right_password_alone(settings):
    user = UserFactory(password="six long words")
    old = user.password
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    assert not user.check_password("seven long words")
    assert User.objects.get(pk=user.pk).password == old
    assert user.check_password("six long words")
    # Nobody is told that the password has changed, for it has not.
    assert user._password is None
    renewed = User.objects.get(pk=user.pk)
    assert renewed.password.startswith("scrypt$") and renewed.check_password("six long words")
