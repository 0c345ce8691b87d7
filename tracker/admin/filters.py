"""Changelist filters: by missing evidence, by version, and by related records that the user may see."""

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q

from tracker.forms.fields import whole_number
from tracker.models import Citation
from tracker.models.fields import having
from tracker.models.vocabularies import LADDERS, TableRole

PROCESS = "process__id__exact"
"""The parameter of the process filter."""


def titled(title: str, filter_class: type[admin.FieldListFilter]) -> type[admin.FieldListFilter]:
    """`filter_class` under another title than the label of its field."""

    class TitledFilter(filter_class):
        def __init__(self, *args, **options):
            super().__init__(*args, **options)
            self.title = title

    return TitledFilter


class VisibleFilter(admin.RelatedFieldListFilter):
    """Filter by a relation, with only the records that the user may see as choices."""

    def field_choices(self, field, request, model_admin):
        """The choices, as pairs of key and name."""
        visible = field.remote_field.model.objects.visible_to(request.user)
        return self._choices_among(visible, field, request, model_admin)

    def _choices_among(self, rows, field, request, model_admin):
        ordering = self.field_admin_ordering(field, request, model_admin)
        return field.get_choices(
            include_blank=False, ordering=ordering, limit_choices_to={"pk__in": rows.values("pk")}
        )


class WithinProcessFilter(VisibleFilter):
    """Filter by a relation with many records: offers those of the selected process, and the selected one."""

    def field_choices(self, field, request, model_admin):
        """The choices, as pairs of key and name."""
        process, chosen = (whole_number(request.GET.get(name, "")) for name in (PROCESS, self.lookup_kwarg))
        wanted = Q(pk=chosen)
        if process is not None:
            wanted |= Q(pk__in=model_admin.get_queryset(request).filter(process=process).values(field.name))
        visible = field.remote_field.model.objects.visible_to(request.user)
        return self._choices_among(visible.filter(wanted), field, request, model_admin)

    def has_output(self):
        """Whether the filter is active; a value from a link is, even without a process."""
        return super().has_output() or bool(self.lookup_val)


class SourceFilter(admin.SimpleListFilter):
    """Filter by whether a record has a source."""

    title = "source"
    parameter_name = "source"

    def lookups(self, request, model_admin):
        """The choices."""
        return [("missing", "Missing"), ("named", "Named")]

    def queryset(self, request, queryset):
        """The rows of the choice."""
        return queryset if self.value() is None else queryset.filter(source__isnull=self.value() == "missing")


class EvidenceFilter(admin.SimpleListFilter):
    """Filter developments by missing evidence."""

    title = "evidence"
    parameter_name = "evidence"

    def lookups(self, request, model_admin):
        """The choices."""
        return [
            ("unsourced", "No source"),
            ("unquoted", "A citation without words"),
            ("unfound", "Words not found in the text"),
            ("sourced", "Has a source"),
        ]

    def queryset(self, request, queryset):
        """The rows of the choice."""
        citations = Citation.objects.filter(development=OuterRef("pk"))
        match self.value():
            case "unsourced" | "sourced":
                return queryset.filter(sourced=self.value() == "sourced")
            case "unquoted":
                return queryset.filter(Exists(citations.filter(quote="")))
            case "unfound":
                return queryset.filter(Exists(citations.filter(found=False)))
        return queryset


class QuoteFilter(admin.SimpleListFilter):
    """Filter citations by whether they have a quote, and whether it is found in the stored text."""

    title = "words"
    parameter_name = "words"
    CHOICES = {
        "none": ("No words quoted", Q(quote="")),
        "unfound": ("Not found in the text", Q(found=False)),
        "found": ("Found in the text", Q(found=True)),
        "unchecked": ("No text stored", Q(found__isnull=True) & ~Q(quote="")),
    }

    def lookups(self, request, model_admin):
        """The choices."""
        return [(value, label) for value, (label, _) in self.CHOICES.items()]

    def queryset(self, request, queryset):
        """The rows of the choice."""
        return queryset.filter(self.CHOICES[self.value()][1]) if self.value() in self.CHOICES else queryset


class StatusFilter(admin.SimpleListFilter):
    """Filter items by current status."""

    title = "status"
    parameter_name = "status"

    def lookups(self, request, model_admin):
        """The choices."""
        return LADDERS[model_admin.model.kind_code].choices

    def queryset(self, request, queryset):
        """The rows of the choice."""
        return queryset.filter(current_status=self.value()) if self.value() else queryset


class RoleFilter(admin.SimpleListFilter):
    """Filter delegations by one of their roles."""

    title = "role"
    parameter_name = "role"

    def lookups(self, request, model_admin):
        """The choices."""
        return TableRole.choices

    def queryset(self, request, queryset):
        """The rows of the choice."""
        return queryset.filter(having("role", self.value())) if self.value() else queryset


class VersionFilter(admin.SimpleListFilter):
    """Filter developments by version; by default only those in force are listed."""

    title = "version"
    parameter_name = "versions"
    CHOICES = {
        None: ("In force", Q(ended_at__isnull=True)),
        "corrected": ("Corrected", Q(ended_as="corrected")),
        "withdrawn": ("Withdrawn", Q(ended_as="withdrawn")),
        "all": ("All versions", Q()),
    }

    def lookups(self, request, model_admin):
        """The choices except the default."""
        return [(value, label) for value, (label, _) in self.CHOICES.items() if value]

    def choices(self, changelist):
        """All choices, with "in force" as the default instead of "all"."""
        for value, (label, _) in self.CHOICES.items():
            query = changelist.get_query_string({self.parameter_name: value})
            yield {"selected": self.value() == value, "query_string": query, "display": label}

    def queryset(self, request, queryset):
        """The rows of the choice."""
        return queryset.filter(self.CHOICES.get(self.value(), self.CHOICES[None])[1])


class InForceFilter(VersionFilter):
    """Filter parts of developments by version."""

    parameter_name = "versions"
    CHOICES = {
        None: ("In force", Q(development__ended_at__isnull=True)),
        "all": ("All versions", Q()),
    }


class ItemFilter(admin.SimpleListFilter):
    """Filter developments by an item, given by a link; not shown among the filters."""

    title = "item"
    parameter_name = "item"

    def lookups(self, request, model_admin):
        """Only the item of the link."""
        item = request.GET.get(self.parameter_name, "")
        return [] if whole_number(item) is None else [(item, "The item that you came from")]

    def queryset(self, request, queryset):
        """The rows with an effect on the item."""
        item = whole_number(self.value() or "")
        if item is None:
            return queryset
        return queryset.filter(pk__in=queryset.filter(effects__item=item).values("pk"))
