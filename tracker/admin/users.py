"""Admin of users: a role for each, without Django's own flags and groups."""

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied

from tracker.admin.site import register
from tracker.models import User
from tracker.queries.history import HistoryEntry


class AccountsAdmin(admin.ModelAdmin):
    """Base of the admin of accounts, which says who may enter it."""

    def has_view_or_change_permission(self, request, obj=None):
        """True for administrators; raises PermissionDenied, with the reason, for others."""
        if not super().has_view_or_change_permission(request, obj):
            raise PermissionDenied("Only administrators manage accounts. Ask an administrator.")
        return True

    def add_view(self, request, form_url="", extra_context=None):
        """Django's page, or the reason why the user may not open it."""
        self.has_view_or_change_permission(request)
        return super().add_view(request, form_url, extra_context)


@register(User)
class PeopleAdmin(AccountsAdmin, UserAdmin):
    """Accounts, which administrators create, deactivate and set new passwords for."""

    list_display = ("username", "first_name", "last_name", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    filter_horizontal = ()
    show_full_result_count = False
    fieldsets = (
        (None, {"fields": ("username", "password", "role", "is_active")}),
        ("Who it is", {"fields": ("first_name", "last_name", "email")}),
        ("When", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "role", "usable_password", "password1", "password2")}),)

    def get_readonly_fields(self, request, obj=None):
        """Read-only fields; users cannot change their own role, so that an administrator always remains.

        Nor does an account change its name, which stands in the files of what it recorded.
        """
        own = ("role", "is_active") if obj == request.user else ()
        return ("last_login", "date_joined", *(("username",) if obj else ()), *own)

    def history_view(self, request, object_id, extra_context=None):
        """Who created and changed the account, and when; without values of passwords and roles."""
        log = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(User), object_id=unquote(object_id)
        ).select_related("user")
        entries = [HistoryEntry(row.action_time, row.user, row.get_change_message()) for row in log]
        return super().history_view(request, object_id, (extra_context or {}) | {"entries": entries})

    def has_delete_permission(self, request, obj=None):
        """Never: accounts are deactivated, since records refer to them."""
        return False


@register(Authenticator)
class SecondFactorAdmin(AccountsAdmin):
    """Second factors, which administrators delete for users who have lost theirs; secrets are never shown."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    list_select_related = ("user",)
    search_fields = ("user__username",)
    fields = readonly_fields = ("user", "type", "created_at", "last_used_at")
    show_full_result_count = False

    def has_add_permission(self, request):
        """Never: users set up their own."""
        return False
