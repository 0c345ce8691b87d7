"""Admin of developments with their effects and citations: recorded, corrected and withdrawn with a reason."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html

from tracker import recording
from tracker.accounts.roles import refusal
from tracker.admin.base import RecordAdmin
from tracker.admin.columns import as_read, dated
from tracker.admin.corrections import CorrectedForm, unsaved, with_predecessors
from tracker.admin.evidence import CitationInline, EffectInline, is_open
from tracker.admin.filters import (
    EvidenceFilter,
    ItemFilter,
    VersionFilter,
    VisibleFilter,
    WithinProcessFilter,
)
from tracker.admin.site import register
from tracker.admin.withdrawal import withdrawal_page
from tracker.forms.developments import DevelopmentForm
from tracker.forms.fields import whole_number
from tracker.models import Development
from tracker.queries.history import development_history
from tracker.recording.prepare import copied


@register(Development)
class DevelopmentAdmin(RecordAdmin):
    """Developments; an edit records a correction, and the previous version is kept."""

    form = DevelopmentForm
    list_display = (
        "headline", dated("occurred", "occurred", "happened_key"), "kind", "who", "sourced", "process", "recorded_at",
    )  # fmt: skip
    list_filter = (
        EvidenceFilter, VersionFilter, ("process", VisibleFilter), "kind", "basis", "recorded_at",
        ("party", VisibleFilter), ("talk", WithinProcessFilter), ("speaker", WithinProcessFilter), ItemFilter,
    )  # fmt: skip
    list_select_related = ("party", "speaker", "process")
    search_fields = ("headline", "detail")
    inlines = (EffectInline, CitationInline)
    actions = ("withdraw_selected",)
    delete_confirmation_template = "admin/withdraw.html"
    save_as = True
    """Offered if a development was withdrawn while somebody was correcting it."""
    of_the_row = ("ref", "version", "recorded_at", "recorded_by_name")
    of_its_end = ("ended_as", "ended_at", "ended_by_name", "ended_reason", "note_read", "in_force")
    recorded_by_name = as_read("recorded_by", "recorded by")
    ended_by_name = as_read("ended_by", "ended by")
    note_read = as_read("note_of_end", "ended note")

    @admin.display(description="who", ordering="party__name")
    def who(self, development):
        """The speaker and the party, if any."""
        return ", ".join(str(name) for name in (development.speaker, development.party) if name)

    @admin.display(description="now in force")
    def in_force(self, development):
        """A link to the version in force, on a corrected version."""
        current = self.current(development)
        if current is None:
            return "nothing: it was withdrawn, or moved to another process"
        url = reverse("admin:tracker_development_change", args=[current.pk])
        return format_html('<a href="{}">{}</a>', url, current)

    def get_fieldsets(self, request, obj=None):
        """The form's fieldsets; for an existing development also the reason of the correction, or how it ended."""
        if obj is None:
            return self.of_the_form
        row = ("On record", {"fields": (self.of_the_row,)})
        if obj.is_current or request.method == "POST":
            why = ("Why you correct it", {"fields": ("reason", "note")})
            return (*self.of_the_form, why, row)
        return self.to_read((("How this version ended", {"fields": self.of_its_end}), *self.of_the_form, row))

    def get_readonly_fields(self, request, obj=None):
        """Computed fields, and the process of an existing development."""
        return ("process", *self.of_the_row, *self.of_its_end) if obj else ()

    def get_form(self, request, obj=None, change=False, **options):
        """The form of a new development, or of a correction."""
        if change:
            options["form"] = CorrectedForm
        return with_predecessors(super().get_form(request, obj, change, **options), request.user)

    def current(self, record):
        """The version that a correction replaces; None if it was withdrawn, or moved to another process."""
        here = {"ref": record.ref, "process": record.process_id}
        return Development.objects.filter(**here, ended_at__isnull=True).first()

    def entries_since(self, request, ref, before, now):
        """The history entries since the version in `before`, newest first."""
        return development_history(request.user, ref)[: -before[ref]]

    def get_formset_kwargs(self, request, obj, inline, prefix):
        """Django's arguments, plus the item of the first effect from the query string."""
        options = super().get_formset_kwargs(request, obj, inline, prefix)
        item = request.GET.get("item", "")
        adding = request.method == "GET" and obj.pk is None
        if adding and isinstance(inline, EffectInline) and whole_number(item) is not None:
            options["initial"] = [{"item": item}]
        return options

    def has_change_permission(self, request, obj=None):
        """By role, on a version in force."""
        return super().has_change_permission(request, obj) and is_open(request, obj)

    def has_delete_permission(self, request, obj=None):
        """By role, on a version in force."""
        return super().has_delete_permission(request, obj) and is_open(request, obj)

    def save_model(self, request, obj, form, change):
        """Do nothing: `save_related` records the development together with its effects and citations."""

    def save_related(self, request, form, formsets, change):
        """Record the development with its parts, or correct the existing one."""
        self.ask(request, form, formsets)
        effects, citations = (unsaved(formset) for formset in formsets)
        if change:
            self._correct(request, form, formsets, effects, citations)
        else:
            recording.record(request.user, form.instance, effects, citations)

    def _correct(self, request, form, formsets, effects, citations):
        rows = [row for formset in formsets for row in formset.forms]
        typed = set(form.changed_data) - {"reason", "note"}
        request.differs = bool(typed or any(row.changed_data for row in rows))
        if not request.differs:
            return
        reason = form.cleaned_data["reason"]
        if not reason:
            raise ValidationError({"reason": "Say why it is corrected."})
        seen = Development.objects.get(pk=form.instance.pk)
        new = copied(form.instance)
        current = recording.correct(
            request.user, seen, new, effects, citations, reason, form.cleaned_data["note"]
        )
        request.differs = current is new
        # The log entry and the response are about the version now in force.
        vars(form.instance).update(vars(current))

    def response_change(self, request, obj):
        """Report the result of the edit, and redirect to the version in force."""
        if request.differs:
            message, level = (
                f"“{obj}” was corrected; the version before is kept in its history.",
                messages.SUCCESS,
            )
        else:
            message, level = "Nothing differed, so nothing was recorded.", messages.INFO
        self.message_user(request, message, level)
        self.warn(request, obj)
        if "_continue" in request.POST:
            return HttpResponseRedirect(reverse("admin:tracker_development_change", args=[obj.pk]))
        if "_addanother" in request.POST:
            return HttpResponseRedirect(reverse("admin:tracker_development_add"))
        return self.response_post_save_change(request, obj)

    def delete_view(self, request, object_id, extra_context=None):
        """The page that withdraws a development, or the reason why this is not permitted."""
        development = self.get_object(request, unquote(object_id))
        if development is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_delete_permission(request, development):
            raise PermissionDenied(*filter(None, [refusal(request.user, "delete", development)]))
        return withdrawal_page(self, request, [development])

    def get_actions(self, request):
        """The changelist's actions without deletion: developments are withdrawn instead."""
        return {
            name: action for name, action in super().get_actions(request).items() if name != "delete_selected"
        }

    @admin.action(description="Withdraw selected developments", permissions=["delete"])
    def withdraw_selected(self, request, queryset):
        """Withdraw the selected developments, all for one reason."""
        return withdrawal_page(self, request, list(queryset.select_related("process")), "withdraw_selected")
