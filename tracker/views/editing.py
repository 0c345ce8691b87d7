"""Pages that write: what they all refuse, and making and changing all records but developments."""

import re
from abc import ABC, abstractmethod
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.generic import View

from tracker.forms.base import RecordForm
from tracker.forms.entries import ItemSheet
from tracker.forms.sheets import RecordSheet, rows_wanted
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
from tracker.queries.unfound import warnings_for
from tracker.record_type import RecordType
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
        if not request.user.has_perm(f"tracker.{self.action}_{self.record_type.model._meta.model_name}"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def refuse_past(self, request):
        """Answer that nothing is written while the past is read, with the way back."""
        query = request.GET.copy()
        query.pop("on", None)
        query.pop("known", None)
        present = f"{request.path}?{query.urlencode()}" if query else request.path
        return render(request, "records/past.html", {"present_url": present}, status=403)

    def record(self, ref):
        """The record called `ref`, if the user may see it."""
        return get_object_or_404(self.record_type.model.objects.visible_to(self.request.user), ref=ref)

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


# Browsers give back what was typed, when one goes back, only on pages that they may keep.
@method_decorator(cache_control(private=True, no_cache=True), name="dispatch")
class SheetPage(Writing, ABC):
    """A page on which a sheet is filled in."""

    template_name = "records/form.html"
    form_class: type[RecordForm] = RecordForm
    verb = "Save"
    has_next = False
    """Whether one may go on with another record of the kind at once."""

    @abstractmethod
    def make_sheet(self, data=None, quiet=False):
        """The sheet, with `data` typed into it; raises Http404 for what the user may not see."""

    @abstractmethod
    def texts(self) -> dict:
        """`title` of the page, `cancel_url`, and `crumbs`."""

    def get(self, request, **kwargs):
        """The sheet, empty or as it is recorded."""
        return self.show(self.make_sheet())

    def post(self, request, **kwargs):
        """Save what was typed; or show it again, with what is wrong or with more room."""
        if "add" in request.POST:
            return self.show(self.make_sheet(rows_wanted(request.POST, request.POST["add"]), quiet=True))
        sheet = self.make_sheet(request.POST)
        try:
            saved = sheet.save(request.user) if sheet.is_valid() else None
        except IntegrityError:
            return self.show(self.judged_again(), CONFLICT)
        if saved is None:
            return self.show(sheet, UNPROCESSABLE)
        response = self.go_on(saved, sheet.carried) if "another" in request.POST else self.saved(saved)
        for warning in warnings_for(saved, request.user, is_new=self.action == "add"):
            messages.warning(request, warning)
        return response

    def judged_again(self):
        """The sheet as posted, when somebody took its name or deleted what it names after it had been judged."""
        sheet = self.make_sheet(self.request.POST)
        if sheet.is_valid():
            sheet.form.add_error(
                None, "Somebody else wrote at the same moment. Nothing was saved: try once more."
            )
        return sheet

    def show(self, sheet, status: int = 200):
        """The page with `sheet`."""
        context = {
            "sheet": sheet,
            "next": self.next_url,
            "verb": self.verb,
            "has_next": self.has_next,
            "record_type": self.record_type,
        }
        return render(self.request, self.template_name, context | self.texts(), status=status)

    def go_on(self, saved, carried: dict[str, str]):
        """Open the page again for the next one, with what it most likely shares."""
        query = carried | ({"next": self.next_url} if self.next_url else {})
        messages.success(self.request, f"“{saved}” is on record. Now the next one:")
        return HttpResponseRedirect(f"{self.request.path}?{urlencode(query)}")

    def saved(self, saved):
        """Go to what was saved."""
        return self.done(f"“{saved}” was saved.", saved.get_absolute_url())

    @property
    def list_url(self) -> str:
        """The list of the type."""
        return f"/{self.record_type.path}/"

    @property
    def list_crumb(self) -> dict:
        """The way to the list of the type."""
        return {"label": self.record_type.label_plural.capitalize(), "url": self.list_url}


class CreateRecord(SheetPage):
    """A page for a new record, with what the query string names filled in."""

    sheet_class = RecordSheet
    verb = "Record"
    has_next = True

    def make_sheet(self, data=None, quiet=False):
        """An empty sheet, or one with `data`."""
        return self.sheet_class(
            self.request.user, self.form_class, data, prefilled(self.request), quiet=quiet
        )

    def texts(self):
        title = f"Record a new {self.record_type.label}"
        crumbs = [self.list_crumb, {"label": "New"}]
        return {"title": title, "crumbs": crumbs, "cancel_url": self.next_url or self.list_url}

    def saved(self, saved):
        return self.done(f"“{saved}” is on record.", saved.get_absolute_url())


class CreateItem(CreateRecord):
    """A page for a new item, together with the development that raises it."""

    sheet_class = ItemSheet


class EditRecord(SheetPage):
    """A page that changes a record, though not how an item stands, which only developments do."""

    action = "change"

    def make_sheet(self, data=None, quiet=False):
        """The sheet of the record as it is, or with `data`."""
        self.instance = self.record(self.kwargs["ref"])
        self.name, self.url = str(self.instance), self.instance.get_absolute_url()
        return RecordSheet(self.request.user, self.form_class, data, instance=self.instance, quiet=quiet)

    def texts(self):
        crumbs = [self.list_crumb, {"label": self.name, "url": self.url}, {"label": "Edit"}]
        return {"title": f"Edit {self.name}", "crumbs": crumbs, "cancel_url": self.next_url or self.url}


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
