"""What all pages that write share: who may write, and when, and what a link fills in."""

import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import View

from tracker.models import (
    Delegation,
    Demand,
    FollowUp,
    Issue,
    Party,
    Person,
    Principle,
    Process,
    Source,
    Talk,
)
from tracker.record_type import RecordType
from tracker.roles import READERS, refusal
from tracker.views.reading import BadQuery, clocks_of

REFERRED = {
    model.prefix: model
    for model in (Process, Talk, Principle, Demand, FollowUp, Delegation, Issue, Party, Person, Source)
}
"""What a link to a form may name, by the letters that a reference begins with."""

CONFLICT, UNPROCESSABLE = 409, 422


class Writing(View):
    """A view that writes: for those whose role permits it, and in the present only."""

    record_type: RecordType = None
    action = "add"
    """What is done to a record, as Django's permissions call it."""

    def dispatch(self, request, *args, **kwargs):
        """Answer, unless the role or the clocks forbid it; clocks that cannot be read are answered with 400."""
        try:
            clocks = clocks_of(request)
        except BadQuery as error:
            return render(request, "400.html", {"reason": str(error)}, status=400)
        if not clocks.is_present:
            return self.refuse_past(request)
        if not request.user.records:
            raise PermissionDenied(READERS)
        return super().dispatch(request, *args, **kwargs)

    def refuse_past(self, request):
        """Answer that nothing is written while the past is read, with the way back."""
        query = request.GET.copy()
        query.pop("on", None)
        query.pop("known", None)
        present = f"{request.path}?{query.urlencode()}" if query else request.path
        return render(request, "records/past.html", {"present_url": present}, status=403)

    def record(self, ref):
        """The record called `ref`, if the user may see it; raises PermissionDenied unless it may be written."""
        rows = self.record_type.model.objects.visible_to(self.request.user)
        return self.permitted(get_object_or_404(rows, ref=ref))

    def permitted(self, record):
        """`record` itself; raises PermissionDenied, saying why, where the user may not do to it what the page does."""
        if why := refusal(self.request.user, self.action, record):
            raise PermissionDenied(why)
        return record

    @property
    def next_url(self) -> str:
        """Where to go after, if a local address was asked for."""
        asked = self.request.POST.get("next") or self.request.GET.get("next") or ""
        local = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
        return asked if local else ""

    def done(self, said: str, url: str):
        """Say what was done and go on."""
        messages.success(self.request, said)
        return HttpResponseRedirect(self.next_url or url)


def prefilled(request) -> dict:
    """What the query string fills in: records by reference, with their process, and other values as they are.

    Raises Http404 for a reference to what does not exist or may not be seen.
    """
    values = {}
    for name, text in request.GET.items():
        match = re.fullmatch(r"([a-z]{3})-[a-z0-9-]{1,60}", text)
        if match and match[1] in REFERRED:
            values[name] = REFERRED[match[1]].objects.visible_to(request.user).filter(ref=text).first()
            if values[name] is None:
                raise Http404
        elif name != "next":
            values[name] = text
    for record in list(values.values()):
        if "process" not in values and getattr(record, "of_process", None) is not None:
            values["process"] = record.of_process
    return values
