"""The download of the data package."""

from django.http import HttpResponseRedirect, StreamingHttpResponse
from django.views.generic import View

from tracker.clocks import BadQuery
from tracker.files.data_package.writing import stream_package
from tracker.models.past import read_within
from tracker.pages.base import clocks_in, settled
from tracker.pages.refusals import refused_plainly


class PackageFile(View):
    """All tables, with the rows that the reader may see, in one ZIP file; with `known` as it was at that instant."""

    def get(self, request):
        """The file, streamed; 400 for any other parameter, since it contains what happened on all days."""
        wrong = [
            f"{name}: a package takes no parameter but known; it holds what happened on every day."
            for name in request.GET
            if name != "known"
        ]
        if wrong:
            return refused_plainly(wrong)
        try:
            if address := settled(request, on=False):
                return HttpResponseRedirect(address)
            known = clocks_in(request.GET).known
        except BadQuery as error:
            return refused_plainly(error.messages)
        content = read_within(stream_package(request.user), known, is_whole=True)
        response = StreamingHttpResponse(content, content_type="application/zip")
        response["Content-Disposition"] = 'attachment; filename="negotiation-record.zip"'
        return response
