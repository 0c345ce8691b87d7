"""The one-time key of a form: sent twice, it creates one record."""

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

OPENED_BY_OTHER = "This form was opened by another account"

_NOT_CONTENT = {
    FIELD, "opened", "next", "csrfmiddlewaretoken", "another", "_save", "_saveasnew", "_addanother", "_continue",
    "_popup", "_to_field",
}  # fmt: skip


class KeyUsed(Exception):
    """Somebody pressed the same form at the same moment, and came first."""


@dataclass(frozen=True)
class Used:
    """What a key was used for: the record in its latest version, None where it is gone or `user` may not see it."""

    record: Record | None
    by_other: bool
    """Whether another account made the record."""
    content: str

    def is_same(self, data) -> bool:
        """Whether `data` is the form that made the record, sent a second time by the same account."""
        return self.record is not None and not self.by_other and self.content == content_of(data)


@dataclass(frozen=True)
class FormKey:
    """A key for one record of one type, as `user` sends it."""

    user: User
    model: type[models.Model]
    secret: str
    is_foreign: bool = False
    """Whether the form was opened by another account than the one that sends it."""

    @classmethod
    def new(cls, user: User, model: type[models.Model]) -> str:
        """A fresh key, signed, as the input carries it."""
        return cls(user, model, secrets.token_urlsafe(16)).signed

    @classmethod
    def read(cls, text: str, user: User, model: type[models.Model]) -> "FormKey | None":
        """The key that `text` carries; None where it is expired, or for another type."""
        try:
            opened_by, model_name, secret = signing.loads(text, salt=FIELD, max_age=KEPT)
        except signing.BadSignature:
            return None
        return (
            cls(user, model, secret, opened_by != user.pk) if model_name == model._meta.model_name else None
        )

    @property
    def signed(self) -> str:
        """The key as the input carries it, from now on opened by `user`.

        The secret stays, so that of two accounts that send one form the second still hears of the first.
        """
        return signing.dumps([self.user.pk, self.model._meta.model_name, self.secret], salt=FIELD)

    @property
    def used(self) -> Used | None:
        """What the key was used for, by whichever account; None while it was not."""
        submission = Submission.objects.filter(key=self.secret).first()
        if submission is None:
            return None
        rows = self.model.objects.visible_to(self.user).filter(ref=submission.record_ref)
        by_other = submission.owner_id != self.user.pk
        return Used(rows.order_by("-version").first(), by_other, submission.content)

    def make(self, data, save) -> Record | None:
        """Use up the key for what `save` returns, in one transaction; neither where that is None.

        Raises KeyUsed when the key has been used meanwhile. A second press waits here until the first is through.
        """
        with transaction.atomic():
            Submission.objects.filter(at__lt=timezone.now() - KEPT - dt.timedelta(days=1)).delete()
            try:
                with transaction.atomic():
                    used = Submission.objects.create(
                        key=self.secret, owner=self.user, content=content_of(data)
                    )
            except IntegrityError:
                raise KeyUsed from None
            made = save()
            if made is None:
                transaction.set_rollback(True)
            else:
                used.record_ref = made.ref
                used.save(update_fields=["record_ref"])
        return made


def key_sent(data, user: User, model: type[models.Model]) -> str:
    """The key in `data`, whichever account was given it, to be shown again; a new one where it cannot be used."""
    sent = data.get(FIELD, "")
    return sent if FormKey.read(sent, user, model) else FormKey.new(user, model)


def content_of(data) -> str:
    """The hash of what was typed into a form, whichever of its buttons was pressed."""
    typed = {
        name: texts
        for name, values in data.lists()
        if name not in _NOT_CONTENT and not name.endswith("_FORMS")
        if (texts := [text for value in values if (text := value.replace("\r\n", "\n").strip())])
    }
    return hashlib.sha256(json.dumps(typed, sort_keys=True).encode()).hexdigest()
