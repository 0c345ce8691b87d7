"""What each role may do, told to Django's permission checks."""

from allauth.account.auth_backends import AuthenticationBackend

from tracker.models import User

RECORDED = {
    "development", "effect", "citation", "talk", "principle", "demand", "followup", "delegation", "delegate",
    "assessment", "watchphrase", "item", "change", "itemstance",
}  # fmt: skip
"""What an analyst records; the rest are the shared records, which an editor manages."""


class RoleBackend(AuthenticationBackend):
    """A viewer reads; an analyst records; an editor also withdraws and manages the shared records."""

    def has_perm(self, user_obj, perm, obj=None):
        """Whether the role of `user_obj` grants `perm`, written `tracker.<action>_<model>`."""
        if not (isinstance(user_obj, User) and user_obj.is_active) or not perm.startswith("tracker."):
            return False
        action, _, model = perm.removeprefix("tracker.").partition("_")
        if model == "user":
            return False
        if action == "view":
            return True
        if action in {"add", "change"}:
            return user_obj.edits or (user_obj.records and (model in RECORDED or action == "add"))
        return action == "delete" and user_obj.edits

    def has_module_perms(self, user_obj, app_label):
        """Whether the admin shows the application to `user_obj` at all."""
        return app_label == "tracker" and isinstance(user_obj, User) and user_obj.is_active
