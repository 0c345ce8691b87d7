"""The command that loads an example: which file it reads, and in whose name it records."""

import pytest
from django.core.management import CommandError, call_command

from tests.factories import UserFactory
from tracker.models.vocabularies import UserRole


@pytest.fixture
def head(db):
    """An administrator, in whose name examples are loaded."""
    return UserFactory(administrator=True)


def test_a_file_that_is_not_there(head):
    with pytest.raises(CommandError, match="nowhere.toml cannot be read: No such file"):
        call_command("load_example", "nowhere.toml")


@pytest.mark.parametrize(
    ("role", "by", "message"),
    [
        (UserRole.EDITOR, None, "make an administrator first"),
        (UserRole.ANALYST, "sam", "may not change shared records"),
        (UserRole.EDITOR, "nobody", "no active account “nobody”"),
    ],
)
def test_somebody_must_have_recorded_it(db, role, by, message):
    UserFactory(username="sam", role=role)
    with pytest.raises(CommandError, match=message):
        call_command("load_example", by=by)
