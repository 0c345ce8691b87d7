"""Admin of assessments and watch phrases."""

from django.contrib import admin

from tracker.admin.base import RecordAdmin
from tracker.admin.columns import dated
from tracker.admin.filters import SourceFilter, VisibleFilter
from tracker.admin.site import register
from tracker.forms.assessments import AssessmentForm, WatchPhraseForm
from tracker.models import Assessment, WatchPhrase


@register(Assessment)
class AssessmentAdmin(RecordAdmin):
    """Assessments by experts and our own analysts."""

    form = AssessmentForm
    list_display = (
        "statement", "author_shown", dated("made", "made", "made_key"), "likelihood", "confidence", "judge_on",
        "turned_out", "process",
    )  # fmt: skip
    list_filter = (
        SourceFilter,
        "turned_out",
        "likelihood",
        ("process", VisibleFilter),
        "judge_on",
        "recorded_at",
    )
    list_select_related = ("author", "process")
    search_fields = ("statement", "author__name", "author_name")
    fieldsets = (
        (None, {"fields": ("process", "item", "author", "author_name", "statement", "made_on")}),
        ("How likely", {"fields": (("likelihood", "confidence"), "judge_on")}),
        ("Source", {"fields": ("source", "quote", "place")}),
        ("Outcome", {"fields": (("turned_out", "judged_on"), "judged_note")}),
    )

    @admin.display(description="author", ordering="author__name")
    def author_shown(self, assessment):
        """The expert, or our own analyst."""
        return assessment.author or assessment.author_name


@register(WatchPhrase)
class WatchPhraseAdmin(RecordAdmin):
    """Watch phrases with their variants."""

    form = WatchPhraseForm
    list_display = ("phrase", "process", "why", "ref")
    list_filter = (("process", VisibleFilter),)
    list_select_related = ("process",)
    search_fields = ("phrase", "variants", "why")
