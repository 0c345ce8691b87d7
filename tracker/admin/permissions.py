"""Object permissions in the admin, cached per request, with the reason for a refusal."""

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied

from tracker.accounts.roles import refusal


def permitted(request, action: str, opts, record=None) -> bool:
    """Whether the user may do `action` to `record`, or without one to all records of the model of `opts`.

    Django asks the same many times for one page, so the answer is kept for the request.
    """
    answers = request.__dict__.setdefault("permitted", {})
    key = (action, opts.label, record and record.pk)
    if key not in answers:
        answers[key] = request.user.has_perm(f"{opts.app_label}.{action}_{opts.model_name}", record)
    return answers[key]


class Permitted:
    """Admin mixin: object permissions, with the reason if one is refused."""

    def has_change_permission(self, request, obj=None):
        """By role, or because it is the user's own."""
        return permitted(request, "change", self.opts, obj)

    def has_delete_permission(self, request, obj=None):
        """By role, or because it is the user's own."""
        return permitted(request, "delete", self.opts, obj)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Django's page, or the reason why the user may not change the record."""
        try:
            return super().change_view(request, object_id, form_url, extra_context)
        except PermissionDenied:
            raise self._refusal(request, "change", object_id) from None

    def delete_view(self, request, object_id, extra_context=None):
        """Django's page, or the reason why the user may not delete the record."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except PermissionDenied:
            raise self._refusal(request, "delete", object_id) from None

    def _refusal(self, request, action: str, object_id: str) -> PermissionDenied:
        record = self.get_object(request, unquote(object_id))
        return PermissionDenied(*filter(None, [record and refusal(request.user, action, record)]))


class PermittedPart:
    """Inline mixin: whoever may change the parent may add, change and delete its parts."""

    def has_add_permission(self, request, obj=None):
        """With the whole; on a page that adds one, by role."""
        return (
            super().has_add_permission(request, obj)
            if obj is None
            else self.has_change_permission(request, obj)
        )

    def has_change_permission(self, request, obj=None):
        """With the whole; on a page that adds one, by role."""
        if obj is None:
            return super().has_change_permission(request)
        return permitted(request, "change", obj._meta, obj)

    def has_delete_permission(self, request, obj=None):
        """As for a change of the parent."""
        return self.has_change_permission(request, obj)
