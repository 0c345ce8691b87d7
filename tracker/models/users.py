"""Users, their roles, and the restricted processes hidden from them."""

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.functional import cached_property

from tracker.clocks import READ_AT
from tracker.models.processes import Process
from tracker.models.vocabularies import UserRole
from tracker.write_lock import unless_locked


class RoleManager(UserManager):
    """Creates users by role; a superuser is an administrator."""

    def create_superuser(self, username, email=None, password=None, **fields):
        return self.create_user(username, email, password, **fields | {"role": UserRole.ADMINISTRATOR})


class User(AbstractUser):
    """A user; Django's own flags are derived from the role."""

    role = models.CharField(max_length=13, choices=UserRole, default=UserRole.VIEWER)

    objects = RoleManager()

    class Meta(AbstractUser.Meta):
        ordering = ["username"]

    def save(self, *args, **options):
        if options.get("update_fields") == ["last_login"]:
            # Updated by Django at every sign-in.
            with unless_locked():
                super().save(*args, **options)
            return
        self.is_staff = self.role != UserRole.VIEWER
        self.is_superuser = self.role == UserRole.ADMINISTRATOR
        if options.get("update_fields") is not None:
            options["update_fields"] = {*options["update_fields"], "is_staff", "is_superuser"}
        super().save(*args, **options)

    def check_password(self, raw_password):
        """Check the password; upgrade an outdated hash, unless another process is writing."""

        def renew(password):
            self.set_password(password)
            # The password itself is unchanged, so validators are not notified.
            self._password = None
            with unless_locked():
                self.save(update_fields=["password"])

        return check_password(raw_password, self.password, renew)

    @property
    def records(self) -> bool:
        """Whether the user may record and correct."""
        return self.role in {UserRole.ANALYST, UserRole.EDITOR, UserRole.ADMINISTRATOR}

    @property
    def edits(self) -> bool:
        """Whether the user may also withdraw, delete and manage shared records."""
        return self.role in {UserRole.EDITOR, UserRole.ADMINISTRATOR}

    @cached_property
    def hidden_process_ids(self) -> list[int]:
        """Primary keys of the restricted processes that this user is not a member of; cached. One query."""
        if self.role == UserRole.ADMINISTRATOR:
            return []
        # Who may see what is judged by the rights of now, also in a view of the past.
        token = READ_AT.set(None)
        try:
            hidden = Process.objects.filter(restricted=True).exclude(members=self.pk)
            return list(hidden.values_list("pk", flat=True))
        finally:
            READ_AT.reset(token)
