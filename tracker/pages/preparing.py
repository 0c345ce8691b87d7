"""Prepares files in the background: writes what their address answers to their reader."""

import datetime as dt
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone
from django.utils.encoding import iri_to_uri

from tracker.files import prepared
from tracker.files.export.progress import telling
from tracker.jobs.queue import FILES, asker, end
from tracker.models import PreparedFile, User
from tracker.models.prepared_files import LONGEST_ADDRESS

GONE = "What it was about was deleted or moved in the meantime, or you may no longer see it."
MOST_KEPT = 10
"""How many files of one reader wait or are kept at most: they take room on the disk."""


def file_at(address: str) -> ResolverMatch | None:
    """The view of the file at `address` if it can be prepared: a data package or a workbook of this site."""
    # Pages lead to the address: so it is no whole URL, and nothing that a browser could take for one.
    path = address.partition("?")[0]
    try:
        match = resolve(path)
    except Resolver404:
        return None
    is_workbook = getattr(match.func, "view_initkwargs", {}).get("file_format") == "xlsx"
    return match if is_workbook or match.url_name == "package" else None


def ask(by: User, address: str) -> PreparedFile:
    """Put the file at `address` at the end of the queue, and return it; where it waits already, that one.

    Raises ValidationError if the address is too long, or `by` has too many files.
    """
    address = iri_to_uri(address)
    if len(address) > LONGEST_ADDRESS:
        raise ValidationError("It has too many filters or columns for that: download it directly.")
    own = PreparedFile.objects.filter(by=by)
    waiting = own.filter(state=PreparedFile.State.WAITING)
    file = waiting.filter(address=address).first()
    if file is None:
        kept = own.filter(state=PreparedFile.State.DONE, expires_at__gt=timezone.now())
        if waiting.count() + kept.count() >= MOST_KEPT:
            raise ValidationError(
                f"You have {MOST_KEPT} prepared files. Remove one first, under Background jobs in the account menu."
            )
        name = urlsplit(address).path.rpartition("/")[2]
        try:
            file = PreparedFile.objects.create(by=by, address=address, name=name)
        except IntegrityError:
            # It was asked for twice at once.
            file = waiting.get(address=address)
    FILES.begin()
    return file


def prepare(file: PreparedFile, tell: Callable[[int], None]) -> None:
    """Write `file` with the rights that its reader has by now, and say that it is done.

    `tell` hears how many rows are written. Raises ValidationError if the address has no file for this reader.
    """
    user = asker(file)
    # What is hidden from then on is in the file.
    hidden, read_at = sorted(user.hidden_process_ids), timezone.now()
    expires_at = read_at + dt.timedelta(days=settings.PREPARED_FILE_DAYS)
    with telling(tell):
        tell(0)
        response = _answer(file.address, user)
        size, sha256 = prepared.write(file, response, expires_at)
    values = {"name": _name(response), "size": size, "sha256": sha256, "expires_at": expires_at}
    if not end(file, file.State.DONE, hidden=hidden, role=user.role, read_at=read_at, **values):
        prepared.remove(file)


def _answer(address: str, user: User) -> HttpResponse:
    """The response of `address` to `user`; raises ValidationError if it is no file."""
    for _ in range(3):
        parts = urlsplit(address)
        request = HttpRequest()
        request.method, request.user = "GET", user
        request.path = request.path_info = parts.path
        request.GET, request.META["QUERY_STRING"] = QueryDict(parts.query), parts.query
        match = file_at(address)
        if match is None:
            break
        try:
            response = match.func(request, *match.args, **match.kwargs)
        except Http404:
            break
        if response.status_code == 200:
            return response
        if response.status_code == 400:
            raise ValidationError(response.content.decode().splitlines())
        if "Location" not in response:
            break
        # An instant later than the last recording leads to that, an old id to the new one.
        address = response["Location"]
    raise ValidationError(GONE)


def _name(response: HttpResponse) -> str:
    return response["Content-Disposition"].partition('filename="')[2].rstrip('"')
