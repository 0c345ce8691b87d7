"""Admin of users: a role for each, without Django's own flags and groups."""

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.contenttypes.models import ContentType

from tracker.admin.site import register
from tracker.models import User
from tracker.queries.history import HistoryEntry


@register(User)
class PeopleAdmin(UserAdmin):
    """Accounts: an administrator makes them, closes them, and sets lost passwords."""

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
        """What is never typed; nobody takes their own role away, so that an administrator always remains."""
        return ("last_login", "date_joined", *(("role", "is_active") if obj == request.user else ()))

    def history_view(self, request, object_id, extra_context=None):
        """Who made the account and changed it, and when; of passwords and roles no values are kept."""
        log = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(User), object_id=unquote(object_id)
        ).select_related("user")
        entries = [HistoryEntry(row.action_time, row.user, row.get_change_message()) for row in log]
        return super().history_view(request, object_id, (extra_context or {}) | {"entries": entries})

    def has_delete_permission(self, request, obj=None):
        """Nobody's: an account is closed, and its name stays under what it recorded."""
        return False


@register(Authenticator)
class SecondFactorAdmin(admin.ModelAdmin):
    """Second factors: an administrator takes one away from somebody who has lost it; the secret is never shown."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    list_select_related = ("user",)
    search_fields = ("user__username",)
    fields = readonly_fields = ("user", "type", "created_at", "last_used_at")
    show_full_result_count = False

    def has_add_permission(self, request):
        """Nobody's: people set up their own."""
        return False
