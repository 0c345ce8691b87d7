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
from tracker.templatetags import opened_by

FIELD = "form_key"
"""The name of the input that carries the key."""

KEPT = dt.timedelta(days=30)
"""How long a key is valid, and how long it is remembered after use."""

OPENED_BY_OTHER = "This form was opened by another account"

_NOT_CONTENT = {
    FIELD, opened_by.FIELD, "opened", "next", "csrfmiddlewaretoken", "another", "_save", "_saveasnew", "_addanother",
    "_continue", "_popup", "_to_field", "dates_are_right", "is_another",
}  # fmt: skip


class KeyUsed(Exception):
    """Raised if the same form was submitted at the same moment, and the other request came first."""


@dataclass(frozen=True)
class Used:
    """The record that a key was used for, in its latest version; None if it is gone or hidden from the user."""

    record: Record | None
    by_other: bool
    """Whether another account created the record."""
    content: str

    def is_same(self, data) -> bool:
        """Whether `data` is the same submission, sent again by the same account."""
        return self.record is not None and not self.by_other and self.content == content_of(data)


@dataclass(frozen=True)
class FormKey:
    """A key for one record of one type, as `user` sends it."""

    user: User
    model: type[models.Model]
    secret: str
    is_foreign: bool = False
    """Whether the form was opened by a different account."""

    @classmethod
    def new(cls, user: User, model: type[models.Model]) -> str:
        """A new signed key, for the hidden input."""
        return cls(user, model, secrets.token_urlsafe(16)).signed

    @classmethod
    def read(cls, text: str, user: User, model: type[models.Model]) -> "FormKey | None":
        """The key in `text`; None if it is invalid, expired, or for another type."""
        try:
            opened_by, model_name, secret = signing.loads(text, salt=FIELD, max_age=KEPT)
        except signing.BadSignature:
            return None
        return (
            cls(user, model, secret, opened_by != user.pk) if model_name == model._meta.model_name else None
        )

    @property
    def signed(self) -> str:
        """The signed key for the hidden input, now issued to `user`.

        The secret is kept, so that if two accounts submit the same form, the second is told about the first.
        """
        return signing.dumps([self.user.pk, self.model._meta.model_name, self.secret], salt=FIELD)

    @property
    def used(self) -> Used | None:
        """The use of the key, by any account; None if it has not been used."""
        submission = Submission.objects.filter(key=self.secret).first()
        if submission is None:
            return None
        rows = self.model.objects.visible_to(self.user).filter(ref=submission.record_ref)
        by_other = submission.owner_id != self.user.pk
        return Used(rows.order_by("-version").first(), by_other, submission.content)

    def make(self, data, save) -> Record | None:
        """Call `save` and mark the key as used, in one transaction; roll back if it returns None.

        Raises KeyUsed when the key has been used meanwhile. A concurrent submission waits here for the first.
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
    """The key in `data`, of whichever account, signed again; a new one if it is not valid."""
    sent = data.get(FIELD, "")
    return sent if FormKey.read(sent, user, model) else FormKey.new(user, model)


def is_content(name: str) -> bool:
    """Whether the input `name` is for something to be recorded."""
    return name not in _NOT_CONTENT and not name.endswith("_FORMS")


def content_of(data) -> str:
    """A hash of the input, regardless of which button was pressed."""
    typed = {
        name: texts
        for name, values in data.lists()
        if is_content(name)
        if (texts := [text for value in values if (text := value.replace("\r\n", "\n").strip())])
    }
    return hashlib.sha256(json.dumps(typed, sort_keys=True).encode()).hexdigest()
