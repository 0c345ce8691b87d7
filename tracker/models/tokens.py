"""Secrets by which programs read in somebody's name: of each only its hash is kept, so none can be shown again."""

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone

from tracker.write_lock import unless_locked

PREFIX = "ntk_"
"""How every secret begins, so that whoever finds one knows what it is."""


def hashed(secret: str) -> str:
    """What is kept of `secret`. It has 256 random bits, so that no slow hash is needed to hide it."""
    return hashlib.sha256(secret.encode()).hexdigest()


class TokenQuerySet(models.QuerySet):
    """Tokens, by what they open."""

    def of(self, secret: str, purpose: str) -> "Token | None":
        """The token that `secret` opens for `purpose`, with its owner; None where none does, or its owner may not in.

        The database seeks a hash, so how long that takes tells nothing about the secret.
        """
        rows = self.filter(secret_hash=hashed(secret), purpose=purpose, owner__is_active=True)
        return rows.select_related("owner").first()


class Token(models.Model):
    """What lets a program read as its owner does, until the owner revokes it."""

    class Purpose(models.TextChoices):
        """Where the secret stands: a feed's is in its address, which is no place for one that opens everything."""

        READING = "reading", "reading"
        FEED = "feed", "one feed"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    purpose = models.CharField(max_length=7, choices=Purpose, default=Purpose.READING, editable=False)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    path = models.CharField(max_length=1000, blank=True, editable=False)
    """Of a feed: the address that it opens after the secret, with its query string."""
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
        """A new token of `owner`, for the feed at `path` where one is given, and its secret, which is nowhere else."""
        secret = PREFIX + secrets.token_urlsafe(32)
        purpose = cls.Purpose.FEED if path else cls.Purpose.READING
        token = cls.objects.create(
            owner=owner, name=name, purpose=purpose, path=path, secret_hash=hashed(secret)
        )
        return token, secret

    def used(self) -> None:
        """Remember the day, once a day: who reads what at which hour is nobody's business, the owner's included."""
        today = timezone.localdate()
        if self.used_on != today:
            with unless_locked():
                type(self).objects.filter(pk=self.pk).update(used_on=today)
