"""Second factors that work while another process holds the write lock of SQLite.

allauth has no settings for what it writes when a factor is used, so its methods are replaced here. The date of the last
use is left out while somebody writes. That a recovery code is spent must not be lost: a file keeps it at once, and the
database as soon as it is free.
"""

import functools
import hashlib
import os
from pathlib import Path

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.db import connection

from tracker.environment import folder
from tracker.write_lock import unless_locked

_is_used, _validate = RecoveryCodes._is_code_used, RecoveryCodes.validate_code


def replace() -> None:
    """Put the methods of this module in the place of allauth's; called once, when the application is ready."""
    Authenticator.record_usage = _if_free(Authenticator.record_usage)
    RecoveryCodes.mark_as_viewed = _if_free(RecoveryCodes.mark_as_viewed)
    RecoveryCodes._is_code_used = is_code_used
    RecoveryCodes.validate_code = validate_code


def is_code_used(codes: RecoveryCodes, number: int) -> bool:
    """Whether the code of that number has been spent, by the database or by its file."""
    return _is_used(codes, number) or _file(codes, number).exists()


def validate_code(codes: RecoveryCodes, code: str) -> bool:
    """Spend `code`, if it is one of `codes` that has not been spent; PostgreSQL locks no more than the row."""
    if connection.vendor != "sqlite" or "migrated_codes" in codes.instance.data:
        return _validate(codes, code)
    every = codes.generate_codes()
    for number, expected in enumerate(every):
        if compare_user_code(actual=code, expected=expected) and not codes._is_code_used(number):
            return _spend(codes, number, len(every))
    return False


def _spend(codes: RecoveryCodes, number: int, count: int) -> bool:
    try:
        # Of two who use one code at once, the first to make the file has it.
        os.close(os.open(_file(codes, number), os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return False
    codes.instance.data["used_mask"] = sum(1 << place for place in range(count) if codes._is_code_used(place))
    with unless_locked():
        codes.instance.save(update_fields=["data"])
    return True


def _file(codes: RecoveryCodes, number: int) -> Path:
    spent = folder(Path(settings.VAR_DIR) / "spent-codes")
    # By the secret that the codes are made of: other codes, or another database, never meet the same file.
    made_of = hashlib.sha256(str(codes.instance.data.get("seed")).encode()).hexdigest()[:32]
    return spent / f"{made_of}-{number}"


def _if_free(method):
    @functools.wraps(method)
    def note(self):
        with unless_locked():
            method(self)

    return note
