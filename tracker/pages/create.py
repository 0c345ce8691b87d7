"""Pages that create a record, only once even if the form is sent several times."""

import re

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.utils.text import get_text_list

from tracker.forms import once
from tracker.forms.composite import RecordWithParts
from tracker.forms.development_forms import NewItemWithParts
from tracker.forms.developments import DevelopmentWithParts
from tracker.forms.once import OPENED_BY_OTHER, FormKey
from tracker.pages.base import CONFLICT, UNPROCESSABLE
from tracker.pages.edit import CompositeFormPage
from tracker.queries.record_lookup import records_by_ref
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

    def saved(self, saved):
        return self.done(f"“{saved}” is on record.", saved.get_absolute_url())


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

    def saved(self, saved):
        return self.done(f"“{saved}” is on record.", saved.get_absolute_url())


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
