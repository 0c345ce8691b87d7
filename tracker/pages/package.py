"""The download of the data package."""

from django.http import StreamingHttpResponse
from django.views.generic import View

from tracker.files.data_package.writing import stream_package
from tracker.pages.refusals import refused_plainly


class PackageFile(View):
    """All tables, with the rows that the reader may see, in one ZIP file."""

    def get(self, request):
        """The file, streamed; 400 for any parameter, including the clocks, since it contains all versions."""
        if request.GET:
            return refused_plainly(
                [
                    f"{name}: a package takes no parameters; it holds every version of every development, "
                    "with the instants at which each began and ceased to count."
                    for name in request.GET
                ]
            )
        response = StreamingHttpResponse(stream_package(request.user), content_type="application/zip")
        response["Content-Disposition"] = 'attachment; filename="negotiation-record.zip"'
        return response
