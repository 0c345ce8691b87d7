"""What all pages that write share: who may write, and when."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import View

from tracker.accounts.roles import READERS, refusal
from tracker.clocks import BadQuery
from tracker.pages.clocks import clocks_of
from tracker.register.types import RecordType

CONFLICT, UNPROCESSABLE = 409, 422


class WriteMixin(View):
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
