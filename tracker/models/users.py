"""Who signs in, in which role, and which restricted processes stay hidden from them."""

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.functional import cached_property

from tracker.models.processes import Process
from tracker.models.vocabularies import UserRole
from tracker.write_lock import unless_locked


class RoleManager(UserManager):
    """Makes users by role; a superuser is an administrator."""

    def create_superuser(self, username, email=None, password=None, **fields):
        return self.create_user(username, email, password, **fields | {"role": UserRole.ADMINISTRATOR})


class User(AbstractUser):
    """Somebody who signs in; the role decides, and Django's own flags follow from it."""

    role = models.CharField(max_length=13, choices=UserRole, default=UserRole.VIEWER)

    objects = RoleManager()

    class Meta(AbstractUser.Meta):
        ordering = ["username"]

    def save(self, *args, **options):
        if options.get("update_fields") == ["last_login"]:
            # Django's note at every sign-in.
            with unless_locked():
                super().save(*args, **options)
            return
        self.is_staff = self.role != UserRole.VIEWER
        self.is_superuser = self.role == UserRole.ADMINISTRATOR
        if options.get("update_fields") is not None:
            options["update_fields"] = {*options["update_fields"], "is_staff", "is_superuser"}
        super().save(*args, **options)

    def check_password(self, raw_password):
        """Whether it is the password; a hash of an outdated form is renewed, unless another process is writing."""

        def renew(password):
            self.set_password(password)
            # It was not changed by anybody, so that validators have nothing to remember of it.
            self._password = None
            with unless_locked():
                self.save(update_fields=["password"])

        return check_password(raw_password, self.password, renew)

    @property
    def records(self) -> bool:
        """Whether the role may record and correct."""
        return self.role in {UserRole.ANALYST, UserRole.EDITOR, UserRole.ADMINISTRATOR}

    @property
    def edits(self) -> bool:
        """Whether the role may also withdraw, delete and manage the shared records."""
        return self.role in {UserRole.EDITOR, UserRole.ADMINISTRATOR}

    @cached_property
    def hidden_process_ids(self) -> list[int]:
        """Keys of the restricted processes that this user is no member of; one query for the object's life."""
        if self.role == UserRole.ADMINISTRATOR:
            return []
        return list(
            Process.objects.filter(restricted=True).exclude(members=self.pk).values_list("pk", flat=True)
        )
