"""Data packages and workbooks that are prepared in the background: asking for one, its page, and its download."""

import re
from typing import BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.generic import View

from tracker.clocks import BadQuery
from tracker.files import prepared
from tracker.jobs.queue import FILES
from tracker.models import Development, PreparedFile
from tracker.pages.base import CONFLICT, UNPROCESSABLE, clocks_in
from tracker.pages.downloads import CONTENT_TYPES
from tracker.pages.pagination import count
from tracker.pages.preparing import ask, file_at
from tracker.pages.queued import QueuedPage
from tracker.pages.refusals import moment_text

GONE, FORBIDDEN = 410, 403
FROM = re.compile(r"bytes=(\d{1,18})-", re.ASCII)
"""How the rest of a file is asked for."""


class PrepareFile(View):
    """Offers the file at an address directly, or, if it is large, to be prepared in the background."""

    def get(self, request):
        """The page; 404 for an address without such a file."""
        return self.show(request.GET.get("address", ""))

    def post(self, request):
        """Put it in the queue, and redirect to its page."""
        address = request.POST.get("address", "")
        if file_at(address) is None:
            raise Http404
        try:
            file = ask(request.user, address)
        except ValidationError as error:
            return self.show(address, error.messages, UNPROCESSABLE)
        return HttpResponseRedirect(file.get_absolute_url())

    def show(self, address: str, problems=(), status: int = 200):
        """The page for `address`; `problems`: why it was not put in the queue."""
        match = file_at(address)
        if match is None:
            raise Http404
        is_package = match.url_name == "package"
        context = _whereabouts(address) | {
            "address": address,
            "is_package": is_package,
            "is_large": not is_package or count(Development.objects.visible_to(self.request.user)) is None,
            "days": settings.PREPARED_FILE_DAYS,
            "problems": problems,
        }
        return render(self.request, "files/prepare.html", context, status=status)


class PreparedFilePage(QueuedPage):
    """One file that is prepared: how far it is, and its download for whoever asked for it."""

    model, queue, templates = PreparedFile, FILES, "files"
    parts = (*QueuedPage.parts, "actions")

    def post(self, request, ref):
        """Cancel it, or remove it if it is done."""
        file = self.work(ref)
        if file.is_kept and request.POST.get("do") == "remove":
            PreparedFile.objects.filter(pk=file.pk).update(expires_at=timezone.now())
            prepared.remove(file)
            return HttpResponseRedirect(file.get_absolute_url())
        return super().post(request, ref)

    def about(self, work) -> dict:
        """What it is of, for its reader alone, and whether it can be downloaded."""
        is_own = work.by == self.request.user
        return {
            # They can repeat words of the address.
            "problems": work.problems_for(self.request.user) if is_own else [],
            "label": (work.name if is_own else "") or ("Data package" if work.is_package else "Workbook"),
            "is_there": work.is_kept and prepared.is_there(work),
            "is_refused": is_own and work.is_kept and not work.may_be_read_by(self.request.user),
            **(_whereabouts(work.address) if is_own else {}),
        }


class PreparedFileContent(PreparedFilePage):
    """The download of a file that is prepared, for whoever asked for it alone."""

    http_method_names = ("get", "head", "options")

    def get(self, request, ref, name):
        """The file, or the part of it that is asked for; its page if it is not ready, not kept, or not to be read."""
        file = get_object_or_404(
            PreparedFile.objects.select_related("by"), by=request.user, ref=ref, name=name
        )
        if not file.is_kept:
            return self.show(file, CONFLICT if file.is_waiting else GONE)
        if not file.may_be_read_by(request.user):
            return self.show(file, FORBIDDEN)
        content = prepared.opened(file)
        return self.show(file, GONE) if content is None else _sent(request, file, content)


def _sent(request, file: PreparedFile, content: BinaryIO) -> HttpResponseBase:
    """The response with `content`, from the byte on that `request` asks for, so that a download can be resumed.

    Other parts are not sent: whoever asks for them gets all of it, as from a server that knows none.
    """
    etag, first = f'"{file.sha256}"', 0
    resumed = FROM.fullmatch(request.headers.get("Range", ""))
    if resumed and request.headers.get("If-Range", etag) == etag:
        first = int(resumed[1])
        if first >= file.size:
            content.close()
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    content.seek(first)
    content_type = "application/zip" if file.is_package else CONTENT_TYPES["xlsx"]
    # It works out how long the rest is.
    response = FileResponse(content, as_attachment=True, filename=file.name, content_type=content_type)
    response["ETag"], response["Accept-Ranges"] = etag, "bytes"
    if resumed and first:
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{file.size - 1}/{file.size}"
    return response


def _whereabouts(address: str) -> dict:
    """What is said of the file at `address`: the page that it is of, and the moment that it is read at."""
    path, _, query = address.partition("?")
    try:
        moment = moment_text(clocks_in(QueryDict(query).dict()))
    except BadQuery:
        moment = ""
    page = f"{path.rpartition('.')[0]}/"
    return {
        "file_name": path.rpartition("/")[2],
        "moment": moment,
        "page_url": f"{page}?{query}" if query else page,
    }
