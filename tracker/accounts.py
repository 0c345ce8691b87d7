"""Who may have an account: nobody signs up by themselves, and a new installation starts with two."""

import os
import secrets

from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction

from tracker.models import User
from tracker.models.vocabularies import UserRole

FIRST_ROLES = (UserRole.ANALYST, UserRole.ADMINISTRATOR)
NOTE = "# The first passwords of this installation. Delete this file once both have been changed.\n"


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in through allauth, with accounts made by administrators alone."""

    def is_open_for_signup(self, request):
        return False


def first_accounts(path):
    """One account for each of FIRST_ROLES where the database has no user yet, their passwords kept in `path`.

    Returns a line for each, `Analyst: <name> / <password>`, or says that it no longer is so.
    """
    kept = _kept(path)
    if not User.objects.exists():
        # A database made after the first one starts with the same passwords.
        kept = {role.value: kept.get(role.value) or secrets.token_urlsafe(12) for role in FIRST_ROLES}
        _keep(path, kept)
        with transaction.atomic():
            for role in FIRST_ROLES:
                User.objects.create_user(username=role.value, password=kept[role.value], role=role)
    return [
        f"{role.label}: {role.value} / {_password(role.value, kept.get(role.value))}" for role in FIRST_ROLES
    ]


def _password(name, password):
    """`password` if `name` can sign in with it, else why not, in brackets."""
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        return "(this account is gone)"
    if password and user.check_password(password):
        return password
    return "(the password was changed; only its owner knows it)"


def _kept(path):
    """The passwords in `path` by name; none where there is no such file."""
    if not path.exists():
        return {}
    lines = [line.partition(": ")[2] for line in path.read_text().splitlines() if not line.startswith("#")]
    return dict(line.split(" / ", 1) for line in lines if " / " in line)


def _keep(path, passwords):
    """Write `passwords` to `path` for the operator alone to read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(NOTE)
        for role in FIRST_ROLES:
            file.write(f"{role.label}: {role.value} / {passwords[role.value]}\n")
