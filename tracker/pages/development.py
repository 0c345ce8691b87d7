"""The pages of a development: the current version, and all versions."""

from dataclasses import replace

from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode

from tracker.models import Development
from tracker.pages.base import PageView
from tracker.queries.version_diff import item_diffs
from tracker.queries.versions import events, versions_of
from tracker.register.types import RecordType
from tracker.templatetags.reading import at


class DevelopmentPage(PageView):
    """One development at the clocks."""

    template_name = "development/detail.html"
    record_type: RecordType = None

    def get_context_data(self, ref, **context):
        clocks = self.clocks
        versions = versions_of(self.request.user, ref, clocks)
        if not versions:
            raise Http404
        latest = versions[0]
        development = latest.development
        self.process = development.process
        history = events(versions)
        # The recording of the version in force is shown on its own, before the earlier events.
        alone = replace(history[-1], version=latest, at=development.recorded_at)
        made, *earlier = item_diffs([alone, *history], clocks)
        listed = f"{reverse('development:list')}?process={development.process.ref}"
        return super().get_context_data(
            development=development,
            latest=latest,
            history=earlier,
            made=made,
            withdrawn=latest.is_withdrawn or latest.is_moved,
            predecessor=predecessor_of(development, clocks),
            another_url=another_url(development),
            may_withdraw=self.may("delete_development", development),
            breadcrumbs=[
                {"label": "Processes", "url": reverse("process:list")},
                {"label": development.process.title, "url": at(development.process, clocks)},
                {"label": "Developments", "url": at(listed, clocks)},
                {"label": development.headline},
            ],
            **context,
        )


def predecessor_of(development, clocks):
    """The latest version, known at the clocks, of what `development` comes after; None if it names nothing."""
    if not development.follows:
        return None
    rows = Development.objects.filter(process=development.process_id, ref=development.follows)
    if clocks.known is not None:
        rows = rows.filter(recorded_at__lte=clocks.known)
    return rows.order_by("-version").first()


def another_url(development):
    """The URL of a form for a new development, prefilled with what developments from one report share."""
    shared = {"process": development.process.ref}
    if development.talk:
        shared["talk"] = development.talk.ref
    if citations := development.citations.all():
        shared["source"] = citations[0].source.ref
    return (
        f"{reverse('development:create')}?{urlencode(shared | {'occurred_on': development.occurred.typed})}"
    )


class DevelopmentHistory(DevelopmentPage):
    """All versions of a development, each with its author, and the reason for the next one."""

    template_name = "development/history.html"
