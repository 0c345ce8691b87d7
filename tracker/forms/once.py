"""The one-time key of a form that makes a record: pressed twice, it makes one."""

import datetime as dt
import hashlib
import json
import secrets
from dataclasses import dataclass

from django.core import signing
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from tracker.models import Record, Submission, User

FIELD = "form_key"
"""The name of the input that carries the key."""

KEPT = dt.timedelta(days=30)
"""How long a key can be used, and is remembered after that."""

_NOT_CONTENT = {
    FIELD, "opened", "next", "csrfmiddlewaretoken", "another", "_save", "_saveasnew", "_addanother", "_continue",
    "_popup", "_to_field",
}  # fmt: skip


class KeyUsed(Exception):
    """Somebody pressed the same form at the same moment, and came first."""


@dataclass(frozen=True)
class FormKey:
    """A key, for one account and one type of record."""

    owner: User
    model: type[models.Model]
    secret: str

    @classmethod
    def new(cls, owner: User, model: type[models.Model]) -> str:
        """A fresh key, signed, as the input carries it."""
        return signing.dumps([owner.pk, model._meta.model_name, secrets.token_urlsafe(16)], salt=FIELD)

    @classmethod
    def read(cls, text: str, owner: User, model: type[models.Model]) -> "FormKey | None":
        """The key that `text` carries; None where it is expired, of another account or for another type."""
        try:
            *whose, secret = signing.loads(text, salt=FIELD, max_age=KEPT)
        except signing.BadSignature:
            return None
        return cls(owner, model, secret) if whose == [owner.pk, model._meta.model_name] else None

    @property
    def submission(self) -> Submission | None:
        """What the key was used up for; None while it was not."""
        return Submission.objects.filter(key=self.secret, owner=self.owner).first()

    def record_made(self, submission: Submission) -> Record | None:
        """What was made with the key, in its latest version; None where it is gone."""
        rows = self.model.objects.visible_to(self.owner).filter(ref=submission.record_ref)
        return rows.order_by("-version").first()

    def make(self, data, save) -> Record | None:
        """Use up the key for what `save` returns, in one transaction; neither where that is None.

        Raises KeyUsed when the key has been used meanwhile. A second press waits here until the first is through.
        """
        with transaction.atomic():
            Submission.objects.filter(at__lt=timezone.now() - KEPT - dt.timedelta(days=1)).delete()
            try:
                with transaction.atomic():
                    used = Submission.objects.create(key=self.secret, owner=self.owner, content=content_of(data))
            except IntegrityError:
                raise KeyUsed from None
            made = save()
            if made is None:
                transaction.set_rollback(True)
            else:
                used.record_ref = made.ref
                used.save(update_fields=["record_ref"])
        return made


def content_of(data) -> str:
    """The hash of what was typed into a form, whichever of its buttons was pressed."""
    typed = {
        name: texts
        for name, values in data.lists()
        if name not in _NOT_CONTENT and not name.endswith("_FORMS")
        if (texts := [text for value in values if (text := value.replace("\r\n", "\n").strip())])
    }
    return hashlib.sha256(json.dumps(typed, sort_keys=True).encode()).hexdigest()
