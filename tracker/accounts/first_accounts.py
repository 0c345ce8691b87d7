"""The two accounts that a new installation starts with."""

import itertools
import os
import secrets

from django.db import transaction

from tracker.models import User
from tracker.models.vocabularies import UserRole

FIRST_ROLES = (UserRole.ANALYST, UserRole.ADMINISTRATOR)
NOTE = "# The first passwords of this installation. Delete this file once both have been changed.\n"


def first_accounts(path):
    """Make an account for each of FIRST_ROLES where nobody can administer, their passwords kept in `path`.

    So it is with a new database, with a record restored from a package, whose accounts are switched off, and with a
    generated one. A name that is taken stays with its owner, whom the history names: the new account gets another.
    Returns a line for each role, `Analyst: <name> / <password>`, or says why that account lets nobody in.
    """
    kept = _kept(path)
    if not _able(UserRole.ADMINISTRATOR):
        made = {role: _account(role, kept.get(role)) for role in FIRST_ROLES if not _able(role)}
        kept |= made
        _keep(path, kept)
        with transaction.atomic():
            for role, (name, password) in made.items():
                User.objects.create_user(username=name, password=password, role=role)
    return [_line(role, *kept.get(role, (role.value, ""))) for role in FIRST_ROLES]


def _able(role):
    """Whether somebody of `role` can sign in by a password."""
    users = User.objects.filter(role=role, is_active=True)
    return any(user.has_usable_password() for user in users)


def _account(role, kept):
    """The name and password of a new account of `role`: those that were `kept`, unless somebody has the name."""
    names = itertools.chain([role.value], (f"{role.value}-{number}" for number in itertools.count(2)))
    name = next(name for name in names if not User.objects.filter(username=name).exists())
    # A database made after the first one starts with the same passwords.
    return kept if kept and kept[0] == name else (name, secrets.token_urlsafe(12))


def _line(role, name, password):
    """What a start prints of the account `name`: its `password` if that lets in, else why not, in brackets."""
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        password = "(this account is gone or switched off)"
    elif not (password and user.check_password(password)):
        password = "(the password was changed; only its owner knows it)"
    return f"{role.label}: {name} / {password}"


def _kept(path):
    """The names and passwords in `path` by role; none where there is no such file."""
    if not path.exists():
        return {}
    roles = {role.label: role for role in FIRST_ROLES}
    lines = [line.partition(": ") for line in path.read_text().splitlines()]
    return {
        roles[label]: tuple(credentials.split(" / ", 1))
        for label, _, credentials in lines
        if label in roles and " / " in credentials
    }


def _keep(path, accounts):
    """Write the names and passwords of `accounts` to `path` for the operator alone to read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(NOTE)
        for role, (name, password) in accounts.items():
            file.write(f"{role.label}: {name} / {password}\n")
