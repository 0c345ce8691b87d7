"""Base of the pages with a composite form, and those that create a record, once though the form is sent twice."""

import re
from abc import ABC, abstractmethod
from urllib.parse import urlencode

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.text import get_text_list
from django.views.decorators.cache import cache_control

from tracker import recording
from tracker.forms import once
from tracker.forms.base import RecordForm
from tracker.forms.composite import RecordWithParts, rows_wanted
from tracker.forms.development_forms import NewItemWithParts
from tracker.forms.developments import DevelopmentWithParts
from tracker.forms.once import OPENED_BY_OTHER, FormKey, KeyUsed
from tracker.pages.base import CONFLICT, UNPROCESSABLE, WriteMixin
from tracker.queries.record_lookup import records_by_ref
from tracker.queries.unfound import warnings_for
from tracker.register import RECORD_TYPES

REFERRED = {each.model.prefix: each.model for each in RECORD_TYPES}
"""{prefix of a reference: its model}: the records that a link to a form may refer to."""

FILLED = {
    "process": "process",
    "talk": "talk",
    "occurred_on": "date",
    "made_on": "date",
    "source": "source",
}
"""{field: its noun}: what records from the same report share."""


# Browsers give back what was typed, when one goes back, only on pages that they may keep.
@method_decorator(cache_control(private=True, no_cache=True), name="dispatch")
class CompositeFormPage(WriteMixin, ABC):
    """Base of the pages with a composite form."""

    template_name = "records/form.html"
    form_class: type[RecordForm] = RecordForm
    verb = "Save"
    has_next = False
    """Whether it offers "Save and add another"."""

    @abstractmethod
    def make_form(self, data=None, quiet=False):
        """The composite form, bound to `data` if given; raises Http404 for a record that the user may not see."""

    @abstractmethod
    def early_response(self, composite):
        """The response to a form that must not be saved; else None."""

    @abstractmethod
    def texts(self) -> dict:
        """`title` of the page, `cancel_url`, and `breadcrumbs`."""

    def get(self, request, **kwargs):
        """The form, empty or with the recorded values."""
        return self.show(self.make_form())

    def post(self, request, **kwargs):
        """Save the form, or show it again with errors, with the changes of others, or with another row."""
        if "add" in request.POST:
            name = request.POST["add"]
            composite = self.make_form(rows_wanted(request.POST, name), quiet=True)
            if name in composite.parts and not request.htmx:
                composite.parts[name].focus_on_last()
            return self.show(composite)
        return self.save(request.POST)

    def save(self, data):
        """Save `data`, or return the response that prevents it."""
        composite = self.make_form(data)
        if answer := self.early_response(composite):
            return answer
        try:
            saved = self.write(composite) if composite.is_valid() else None
        except (recording.Outdated, KeyUsed):
            return self.save(data)
        except IntegrityError:
            return self.show(self.judged_again(), CONFLICT)
        if saved is None:
            # The error may be that the same form created the record a moment ago.
            return self.early_response(composite) or self.show(composite, UNPROCESSABLE)
        response = self.redirect_to_next(saved, composite.carried) if "another" in data else self.saved(saved)
        for warning in warnings_for(saved, self.request.user, is_new=self.action == "add"):
            messages.warning(self.request, warning)
        return response

    def write(self, composite):
        """Save a valid form; return the saved record, or None after adding errors to the form."""
        return composite.save(self.request.user)

    def judged_again(self):
        """The posted form, validated again: a name was taken or a reference deleted after the first time."""
        composite = self.make_form(self.request.POST)
        if composite.is_valid():
            composite.form.add_error(
                None, "Somebody else wrote at the same moment. Nothing was saved: try once more."
            )
        return composite

    def show(self, composite, status: int = 200, conflict=None, made=None):
        """The page with `composite`, and with the changes of others if there is a `conflict`.

        `made`: the record that the same form has already created.
        """
        context = {
            "composite": composite,
            "conflict": conflict,
            "made": made,
            "next": self.next_url,
            "verb": self.verb,
            "has_next": self.has_next,
            "record_type": self.record_type,
        }
        return render(self.request, self.template_name, context | self.texts(), status=status)

    def redirect_to_next(self, saved, carried: dict[str, str]):
        """Redirect to an empty form for the next record, prefilled with `carried`."""
        query = carried | ({"next": self.next_url} if self.next_url else {})
        messages.success(self.request, f"“{saved}” is on record. Now the next one:")
        return HttpResponseRedirect(f"{self.request.path}?{urlencode(query)}")

    def saved(self, saved):
        """Redirect to the saved record."""
        return self.done(f"“{saved}” was saved.", saved.get_absolute_url())

    @property
    def list_url(self) -> str:
        """The URL of the type's list."""
        return f"/{self.record_type.path}/"

    @property
    def list_breadcrumb(self) -> dict:
        """The breadcrumb of the type's list."""
        return {"label": self.record_type.label_plural.capitalize(), "url": self.list_url}


class CreatePage(CompositeFormPage):
    """Base of pages that create a record, only once even if the form is sent several times."""

    verb = "Record"
    has_next = True
    key: FormKey | None
    """The key that was sent with the form; None if it is not valid."""

    def write(self, composite):
        return self.key.make(composite.data, lambda: super(CreatePage, self).write(composite))

    def early_response(self, composite):
        """The response to a form whose key was used, has expired, or belongs to another account; else None."""
        sent = composite.data.get(once.FIELD, "")
        self.key = key = FormKey.read(sent, self.request.user, composite.model)
        if key is None:
            return self.ask_again(composite, self.new_key(composite), "This form has expired")
        used = key.used
        if used is None:
            return self.ask_again(composite, key.signed, OPENED_BY_OTHER) if key.is_foreign else None
        if used.is_same(composite.data):
            messages.info(
                self.request, f"“{used.record}” is on record already: the same form was sent twice."
            )
            return HttpResponseRedirect(used.record.get_absolute_url())
        url = used.record and used.record.get_absolute_url()
        made = {"key": key, "used": used, "url": url, "again": f"press {self.verb} again"}
        return self.show(
            self.make_form(self.with_key(composite, self.new_key(composite))), CONFLICT, made=made
        )

    def ask_again(self, composite, key: str, why: str):
        """The form with a new key, and the reason why it must be sent again."""
        composite = self.make_form(self.with_key(composite, key))
        composite.form.add_error(None, f"{why}, so nothing has been saved: press {self.verb} once more.")
        return self.show(composite, UNPROCESSABLE)

    @staticmethod
    def new_key(composite) -> str:
        """A new, unused key."""
        return FormKey.new(composite.user, composite.model)

    @staticmethod
    def with_key(composite, key: str):
        """The data posted to `composite`, with `key` in place of its own."""
        data = composite.data.copy()
        data[once.FIELD] = key
        return data

    def saved(self, saved):
        return self.done(f"“{saved}” is on record.", saved.get_absolute_url())


class CreateRecord(CreatePage):
    """A page for a new record, prefilled from the query string."""

    composite_class = RecordWithParts

    def make_form(self, data=None, quiet=False):
        """An empty form, or one bound to `data`."""
        return self.composite_class(
            self.request.user, self.form_class, data, prefilled(self.request), quiet=quiet
        )

    def texts(self):
        title = f"Record a new {self.record_type.label}"
        breadcrumbs = [self.list_breadcrumb, {"label": "New"}]
        return {
            "title": title,
            "breadcrumbs": breadcrumbs,
            "cancel_url": self.next_url or self.list_url,
            "filled": filled(self.request, "process" in self.form_class.base_fields),
        }


class CreateItem(CreateRecord):
    """A page for a new item, together with the development that raises it."""

    composite_class = NewItemWithParts


class RecordDevelopment(CreatePage):
    """A page for a new development with its effects and citations."""

    def make_form(self, data=None, quiet=False):
        """An empty form, or one bound to `data`."""
        return DevelopmentWithParts(self.request.user, data, prefilled(self.request), quiet)

    def texts(self):
        breadcrumbs = [self.list_breadcrumb, {"label": "New"}]
        return {
            "title": "Record a development",
            "breadcrumbs": breadcrumbs,
            "cancel_url": self.next_url or self.list_url,
            "filled": filled(self.request),
        }


def filled(request, has_process: bool = True) -> str:
    """What a link carried over from another record, as a sentence; empty once the form has been sent.

    `has_process`: whether the form has a field for the process, which another record may tell as well.
    """
    values = prefilled(request) if request.method == "GET" else {}
    nouns = [noun for name, noun in FILLED.items() if values.get(name) and (has_process or name != "process")]
    if not nouns:
        return ""
    return f"The {get_text_list(nouns, 'and')} {'are' if len(nouns) > 1 else 'is'} filled in already."


def prefilled(request) -> dict:
    """Initial values from the query string: records by reference, with their process, and plain values.

    Raises Http404 for a reference to a record that does not exist or that the user may not see.
    """
    values = {}
    for name, text in request.GET.items():
        match = re.fullmatch(r"([a-z]{3})-[a-z0-9-]{1,60}", text)
        if match and match[1] in REFERRED:
            visible = REFERRED[match[1]].objects.visible_to(request.user)
            found = visible.filter(ref=text).first()
            values[name] = found or records_by_ref(visible, [text]).get(text)
            if values[name] is None:
                raise Http404
        elif name != "next":
            values[name] = text
    for record in list(values.values()):
        if "process" not in values and getattr(record, "of_process", None) is not None:
            values["process"] = record.of_process
    return values
