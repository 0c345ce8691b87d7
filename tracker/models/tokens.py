"""Personal access tokens. Only hashes are stored, so a secret cannot be shown again."""

import datetime as dt
import hashlib
import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.utils import timezone

from tracker.write_lock import unless_locked

PREFIX = "ntk_"
"""The start of every secret, so that secret scanners recognise it."""

A_MOMENT = dt.timedelta(minutes=1)
"""Within which a second token of the same name is taken for the answer to a button that was pressed twice."""


def hashed(secret: str) -> str:
    """The stored hash of `secret`, which has 256 random bits, so that a slow hash is not needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


class TokenQuerySet(models.QuerySet):
    """Tokens, looked up by secret."""

    def of(self, secret: str, purpose: str) -> "Token | None":
        """The token with `secret` and `purpose`, with its owner; None if there is none, or its owner is inactive.

        The lookup is by hash, so its timing reveals nothing about the secret.
        """
        rows = self.filter(secret_hash=hashed(secret), purpose=purpose, owner__is_active=True)
        return rows.select_related("owner").first()


class Token(models.Model):
    """A token with which a program reads as its owner, until it is revoked."""

    class Purpose(models.TextChoices):
        """The scope of a token. A feed's secret is part of its URL, so it must not give access to anything else."""

        READING = "reading", "reading"
        FEED = "feed", "one feed"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    purpose = models.CharField(max_length=7, choices=Purpose, default=Purpose.READING, editable=False)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    path = models.CharField(max_length=1000, blank=True, editable=False)
    """For a feed: the rest of its URL after the secret, with the query string."""
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    used_on = models.DateField(null=True, editable=False)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(purpose="reading", path="")
                | (models.Q(purpose="feed") & ~models.Q(path="")),
                name="token_of_feed_has_path",
            )
        ]

    def __str__(self):
        return self.name

    @classmethod
    def make(cls, owner, name: str, path: str = "") -> tuple["Token", str]:
        """Create a token, for the feed at `path` if given; return it with its secret, which is not stored.

        It replaces one of the same name that was made just before and never used: whoever presses twice sees only the
        second secret.
        """
        secret = PREFIX + secrets.token_urlsafe(32)
        purpose = cls.Purpose.FEED if path else cls.Purpose.READING
        with transaction.atomic():
            # Two presses come one after the other.
            get_user_model().objects.select_for_update(no_key=True).get(pk=owner.pk)
            same = cls.objects.filter(owner=owner, name=name, purpose=purpose, path=path, used_on=None)
            now = timezone.now()
            same.filter(made_at__range=(now - A_MOMENT, now)).delete()
            token = cls.objects.create(
                owner=owner, name=name, purpose=purpose, path=path, secret_hash=hashed(secret), made_at=now
            )
        return token, secret

    def used(self) -> None:
        """Store the day of last use; not the time, to protect the owner's privacy."""
        today = timezone.localdate()
        if self.used_on != today:
            with unless_locked():
                type(self).objects.filter(pk=self.pk).update(used_on=today)
