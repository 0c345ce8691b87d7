"""The pages of a development: the current version, and all versions."""

from dataclasses import replace

from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode

from tracker.pages.base import PageView
from tracker.queries.version_diff import item_diffs
from tracker.queries.versions import events, versions_of
from tracker.register.types import RecordType
from tracker.templatetags.reading import at


class DevelopmentPage(PageView):
    """One development, as it was on record at the clocks."""

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
        # The version in force by itself, and then how it came to be.
        alone = replace(history[-1], version=latest, at=development.recorded_at)
        made, *earlier = item_diffs([alone, *history], clocks)
        listed = f"{reverse('development:list')}?process={development.process.ref}"
        return super().get_context_data(
            development=development,
            latest=latest,
            history=earlier,
            made=made,
            withdrawn=latest.is_withdrawn,
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


def another_url(development):
    """The address of a form that begins with what developments from one report share with this one."""
    shared = {"process": development.process.ref}
    if development.talk:
        shared["talk"] = development.talk.ref
    if citations := development.citations.all():
        shared["source"] = citations[0].source.ref
    return (
        f"{reverse('development:create')}?{urlencode(shared | {'occurred_on': development.occurred.typed})}"
    )


class DevelopmentHistory(DevelopmentPage):
    """What each version of a development said, who recorded it, and why it gave way to the next."""

    template_name = "development/history.html"
