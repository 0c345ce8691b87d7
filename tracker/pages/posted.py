"""Posted data, shown on a page that can send it again, also after signing in once more."""

import base64
import json
import zlib
from dataclasses import asdict, dataclass

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.crypto import salted_hmac

from tracker.forms.once import is_content
from tracker.templatetags.opened_by import VALID, opened_by

SEALED = "kept"
"""The name of the input of the sign-in form, and the key of the session, with what was typed before."""

ACCOUNTS = "/accounts/"
"""Passwords and codes are typed here, and nothing of it is ever kept."""

ROOM = 100_000
"""Bytes that a form which carries sealed data has for everything else."""


@dataclass(frozen=True)
class Posted:
    """What a form sent."""

    address: str
    kept: list[tuple[str, str]]
    """Names and values, without the token against forgery and without passwords."""
    passwords: bool
    files: list[str]
    """The names of files, which have to be chosen again."""
    is_sheet: bool
    """Whether its page can show the form with these values without saving them."""
    account: int | None
    """The account that opened the form; None where that is not known."""

    @classmethod
    def of(cls, request) -> "Posted":
        """What `request` sent."""
        fields = [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name != "csrfmiddlewaretoken"
        ]
        # Never write a password into a page.
        kept = [(name, value) for name, value in fields if "password" not in name.lower()]
        match = request.resolver_match
        return cls(
            address=request.get_full_path(),
            kept=kept,
            passwords=len(kept) < len(fields),
            files=[file.name for _, files in request.FILES.lists() for file in files],
            is_sheet=hasattr(getattr(match and match.func, "view_class", None), "make_form"),
            account=opened_by(request.POST),
        )

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What a reader may want to look at."""
        return [(name, value) for name, value in self.kept if value.strip() and is_content(name)]

    @property
    def may_be_kept(self) -> bool:
        """Whether its account is known, so that it can be kept until that has signed in; nothing of ACCOUNTS is."""
        return self.account is not None and not self.address.startswith(ACCOUNTS)

    @property
    def sealed(self) -> str:
        """All of it, encrypted, so that a page can carry it which anybody may see; empty where it is too long."""
        text = _cipher().encrypt(zlib.compress(json.dumps(asdict(self)).encode())).decode()
        return text if len(text) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE - ROOM else ""

    @classmethod
    def unsealed(cls, text: str) -> "Posted | None":
        """What `text` is the seal of; None if this installation has not made it, or too long ago."""
        try:
            sealed = _cipher().decrypt(text.encode(), ttl=int(VALID.total_seconds()))
            return cls(**json.loads(zlib.decompress(sealed)))
        except (InvalidToken, TypeError):  # changed, too old, or of another release
            return None


def posted(request) -> dict:
    """The context of `parts/_send_again.html`, and whether there is anything to send."""
    return {"is_form": request.method == "POST", "sent": Posted.of(request)}


def _cipher() -> Fernet:
    key = salted_hmac("tracker.pages.posted", SEALED, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
