"""Base classes of the admin: every write goes through `tracker.recording`, and every list can be searched."""

from contextlib import nullcontext
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import PROTECT

from tracker import recording
from tracker.accounts.roles import require_whole
from tracker.admin.conflicts import OpenedAdmin
from tracker.admin.counting import CappedList
from tracker.admin.deletion import DeletionAdmin
from tracker.admin.narrowing import Narrowed
from tracker.admin.once import OnceAdmin
from tracker.admin.permissions import Permitted
from tracker.admin.reading import VisibleRecords
from tracker.forms.composite import CARRIED
from tracker.forms.fields import whole_number
from tracker.forms.questions import Questions
from tracker.models.collation import sorted_by
from tracker.models.mergeable import MergedInto
from tracker.queries.history import history_of
from tracker.queries.unfound import warnings_for
from tracker.recording.timestamps import one_instant
from tracker.register import BY_URL_NAME
from tracker.search.lookup import matching

ASKED_BY_KEY = ("__id__exact", "__item__exact")
"""The lookups of related records; the key of a talk, as of every item, is called `item`."""
ASKED_BY_FILTERS = ("", "__exact", *ASKED_BY_KEY, "__isnull", "__gte", "__lt")
"""The lookups that the filters of a list use after the field name."""


class RefusedForm:
    """Mixin for a form that `tracker.recording` refused, with its error messages."""

    refusal: ValidationError

    def full_clean(self):
        """Clean, and add the error messages to their fields."""
        super().full_clean()
        if not hasattr(self.refusal, "error_dict"):
            self.add_error(None, self.refusal)
            return
        for name, errors in self.refusal.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)


class RecordList(ChangeList):
    """The rows of a list of the admin, in the order of the alphabet where their texts have it stored."""

    def get_ordering_field(self, field_name):
        """The lookup that the column called `field_name` sorts by."""
        lookup = super().get_ordering_field(field_name)
        return sorted_by(self.model, lookup) if isinstance(lookup, str) else lookup


class RecordAdmin(
    CappedList, Permitted, Narrowed, OnceAdmin, OpenedAdmin, DeletionAdmin, VisibleRecords, admin.ModelAdmin
):
    """The admin of one record type."""

    show_facets = admin.ShowFacets.NEVER
    save_on_top = True
    search_help_text = "Words, in any order, or the beginning of an id."
    label_related: tuple[str, ...] = ()
    """The relations used in `label`, for select_related."""

    class Media:
        js = ["admin/js/jquery.init.js", "js/data-entry.js"]

    @property
    def of_the_form(self) -> tuple:
        """Fieldsets from the sections of the form."""
        sections = self.form.sections or ((None, self.form.Meta.fields),)
        return tuple(
            (heading, {"fields": names} | ({"classes": ("collapse",)} if heading in self.form.folded else {}))
            for heading, names in sections
        )

    def label(self, record) -> str:
        """The text for `record` in autocomplete results."""
        return str(record)

    def get_changelist(self, request, **options):
        return RecordList

    def changelist_view(self, request, extra_context=None):
        """The changelist, with a link to import a file for users who may add records."""
        record_type = next(
            (record_type for record_type in BY_URL_NAME.values() if record_type.model is self.model), None
        )
        may = record_type is not None and self.has_add_permission(request)
        ways = {"import_url": f"/imports/?type={record_type.url_name}"} if may else {}
        return super().changelist_view(request, (extra_context or {}) | ways)

    def view_on_site(self, record):
        """The URL of the record's page; None if it has none."""
        return record.get_absolute_url() if record.url_name else None

    def lookup_allowed(self, lookup, value, request):
        """Allow only lookups of the list's own filters: others could reveal data of related records that are hidden."""
        for entry in self.get_list_filter(request):
            if isinstance(entry, type):
                allowed = lookup == entry.parameter_name
            else:
                path = entry if isinstance(entry, str) else entry[0]
                allowed = lookup in {f"{path}{ending}" for ending in ASKED_BY_FILTERS}
            if allowed:
                return not lookup.endswith(ASKED_BY_KEY) or whole_number(value) is not None
        return False

    def log_addition(self, request, obj, message):
        """Do nothing: the audit log has an entry, visible only to users who may see the record."""

    log_change = log_addition

    def log_deletions(self, request, queryset):
        """Do nothing, as in `log_addition`."""

    def get_search_results(self, request, queryset, search_term):
        """The distinct rows of `queryset` that contain all words of `search_term`."""
        return queryset.filter(matching(self.model, self.get_search_fields(request), search_term)), False

    def get_changeform_initial_data(self, request):
        """Initial values from the query string, without relations whose value is not a valid primary key."""
        relations = self.get_autocomplete_fields(request)
        return {
            name: value
            for name, value in super().get_changeform_initial_data(request).items()
            if name not in relations or all(whole_number(key) is not None for key in _keys(value))
        }

    def response_add(self, request, obj, post_url_continue=None):
        """After "Save and add another", prefill the fields that records from one report share."""
        response = super().response_add(request, obj, post_url_continue)
        self.warn(request, obj, is_new=True)
        kept = {name: text for name in CARRIED if (text := request.POST.get(name))}
        if "_addanother" in request.POST and kept:
            response["Location"] += ("&" if "?" in response["Location"] else "?") + urlencode(kept)
        return response

    def response_change(self, request, obj):
        """Redirect, after warnings about quotes."""
        response = super().response_change(request, obj)
        self.warn(request, obj)
        return response

    def warn(self, request, obj, is_new=False):
        """Show a warning for each quote that is not found in the stored text."""
        for warning in warnings_for(obj, request.user, is_new):
            self.message_user(request, warning, messages.WARNING)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """The form of a record; if it is refused, it is shown again as typed, with the errors."""
        outer = getattr(request, "held", None)
        held = request.held = []
        try:
            with one_instant() if request.method == "POST" else nullcontext():
                response = super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as refusal:
            request.refusal, request.held = refusal, outer
            return super().changeform_view(request, object_id, form_url, extra_context)
        request.held = outer
        for message in held:
            self.message_user(request, *message)
        return response

    def message_user(self, request, message, level=messages.INFO, extra_tags="", fail_silently=False):
        """Show `message` on the next page; while a form is saved, only once that is done, since it may be refused."""
        held = getattr(request, "held", None)
        if held is None:
            super().message_user(request, message, level, extra_tags, fail_silently)
        else:
            held.append((message, level, extra_tags, fail_silently))

    def get_form(self, request, obj=None, change=False, **options):
        """The form class, with the errors of a refused form."""
        form = super().get_form(request, obj, change, **options)
        refusal = getattr(request, "refusal", None)
        return type(form)(form.__name__, (RefusedForm, form), {"refusal": refusal}) if refusal else form

    def save_model(self, request, obj, form, change):
        """Save through `tracker.recording`, including many-to-many relations."""
        require_whole(request.user, obj)
        related = {
            field.name: form.cleaned_data[field.name]
            for field in obj._meta.many_to_many
            if field.name in form.cleaned_data
        }
        recording.save(request.user, obj, related, version=request.versions.get(obj.ref))

    def ask(self, request, form, formsets):
        """Raise ValidationError with the questions about unlikely dates and names that the form has not answered."""
        rows = [row for formset in formsets for row in formset.forms if row.has_changed()]
        request.questions = Questions.about(
            (form, *self.joined_forms(form), *rows), request.POST, request.user
        )
        errors: dict[str, list[str]] = {}
        for questions in request.questions:
            for asking, question in questions.open:
                place = question.field if asking is form else NON_FIELD_ERRORS
                errors.setdefault(place, []).append(questions.hinted(question))
        if errors:
            raise ValidationError(errors)

    def joined_forms(self, form):
        """The forms that are part of `form`."""
        return ()

    def render_change_form(self, request, context, *args, **options):
        """The page, with the boxes that answer questions."""
        context["questions"] = getattr(request, "questions", ())
        return super().render_change_form(request, context, *args, **options)

    def save_related(self, request, form, formsets, change):
        """Save the inlines; many-to-many relations have already been saved with the record."""
        self.ask(request, form, formsets)
        for formset in formsets:
            self.save_formset(request, form, formset, change)

    def save_formset(self, request, form, formset, change):
        """Save and delete parts through `tracker.recording`."""
        kept = formset.save(commit=False)
        for part in formset.deleted_objects:
            recording.delete(request.user, part, version=request.versions.get(part.ref))
        for part in kept:
            recording.save(request.user, part, version=request.versions.get(part.ref))

    def get_deleted_objects(self, objs, request):
        """Count, instead of list, the affected records, since 100,000 rows may refer to a party."""
        protected = []
        for relation in self.opts.related_objects:
            if not (relation.on_delete is PROTECT or relation.many_to_many):
                continue
            rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": objs})
            if not rows.exists():
                continue
            count = (rows.visible_to(request.user) if hasattr(rows, "visible_to") else rows).count()
            names = relation.related_model._meta
            name = names.verbose_name if count == 1 else names.verbose_name_plural
            merged = " merged into it, which its history lets you undo" * isinstance(
                relation.field, MergedInto
            )
            protected.append(f"{count} {name}{merged}" if count else "records elsewhere")
        names = [str(record) for record in objs]
        return names, {self.opts.verbose_name_plural: len(names)}, set(), protected

    def history_view(self, request, object_id, extra_context=None):
        """The audit entries of the record."""
        record = self.get_object(request, object_id)
        entries = history_of(request.user, record) if record else []
        return super().history_view(request, object_id, (extra_context or {}) | {"entries": entries})


def _keys(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]
