"""The permissions of each role, for Django's permission checks."""

from allauth.account.auth_backends import AuthenticationBackend
from django.core.exceptions import PermissionDenied, ValidationError

from tracker.domain.authorship import is_own, name_of, why_not_own
from tracker.models import Development, Record, User
from tracker.models.vocabularies import UserRole
from tracker.register import ALL_TYPES

RECORDED = {
    "item",
    *(record_type.model._meta.model_name for record_type in ALL_TYPES if record_type.analysts_change),
}
"""What analysts may change whoever recorded it; shared records only where they are their own."""
NAMED = 3
"""How many editors are named to those who may ask one."""


class RoleBackend(AuthenticationBackend):
    """A viewer reads; an analyst records, and mends and removes their own; an editor changes and removes anything."""

    def has_perm(self, user_obj, perm, obj=None):
        """Whether the role of `user_obj` grants `perm`, written `tracker.<action>_<model>`.

        For a record `obj` also whether it is the analyst's own; without one, whether all records of the type may be.
        A part is added, changed and deleted by whoever may change the record that it belongs to.
        """
        if not (isinstance(user_obj, User) and user_obj.is_active) or not perm.startswith("tracker."):
            return False
        action, _, model = perm.removeprefix("tracker.").partition("_")
        if model == "user" or action not in {"view", "add", "change", "delete", "merge"}:
            return False
        if action == "view" or user_obj.edits:
            return True
        if not user_obj.records or action == "merge":
            return False
        if whole := isinstance(obj, Record) and obj.whole:
            return self.has_perm(user_obj, f"tracker.change_{whole._meta.model_name}", whole)
        if action == "add" or (action == "change" and model in RECORDED):
            return True
        return isinstance(obj, Record) and is_own(obj, user_obj)

    def has_module_perms(self, user_obj, app_label):
        """Whether the admin shows the application to `user_obj` at all."""
        return app_label == "tracker" and isinstance(user_obj, User) and user_obj.is_active


def refusal(user: User, action: str, record: Record) -> str:
    """Why `user` may not do `action` ("change", "delete") to `record`, in words for people; empty where it may be."""
    if user.has_perm(f"tracker.{action}_{record._meta.model_name}", record):
        return ""
    if not user.records:
        return READERS
    if action == "merge":
        return f"Only editors merge records. {whom_to_ask()}"
    if whole := record.whole:
        return f"It belongs to “{whole}”. {refusal(user, 'change', whole)}"
    verb = "withdraw" if action == "delete" and isinstance(record, Development) else action
    why = why_not_own(record, user)
    return f"Only editors can {verb} this {record._meta.verbose_name}, because {why}. {whom_to_ask()}"


def require_whole(user: User, record: Record) -> None:
    """Raise ValidationError where `record` is a part of one that `user` may not change."""
    if record.whole and (why := refusal(user, "change", record.whole)):
        raise ValidationError({record.part_of: why})


READERS = "Viewers read; they do not record. An administrator can make you an analyst."


def require_recorder(user: User) -> None:
    """Raise PermissionDenied where `user` may not record."""
    if not user.records:
        raise PermissionDenied(READERS)


def whom_to_ask() -> str:
    """A sentence that names some editors, or if there are none administrators."""
    for role in (UserRole.EDITOR, UserRole.ADMINISTRATOR):
        users = User.objects.filter(role=role, is_active=True)[:NAMED]
        if names := [name_of(user) for user in users]:
            return f"Ask {' or '.join(filter(None, [', '.join(names[:-1]), names[-1]]))}."
    return "Ask an administrator."
