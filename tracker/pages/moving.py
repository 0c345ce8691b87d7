"""The page that moves an item, with all developments that touch it, to another process, after a preview."""

from django.core.exceptions import ValidationError
from django.shortcuts import render

from tracker.forms.moving import MoveForm, ProcessForm
from tracker.jobs.changes import seconds_locked
from tracker.models import Item, Job, Process
from tracker.pages.base import CONFLICT, UNPROCESSABLE, WriteMixin
from tracker.pages.jobs import in_background
from tracker.queries.moving import preview
from tracker.queries.record_lookup import find, records_by_ref
from tracker.recording.audit import Outdated
from tracker.recording.moving import move


class MoveItem(WriteMixin):
    """Asks for the process, shows what would move or what stands in the way, and moves."""

    action = "change"

    def get(self, request, ref):
        """Ask for the process; once it is named, show the preview."""
        item = self.record(ref)
        named = self.process_form(item, request.GET if "to" in request.GET else None)
        if not named.is_bound:
            return self.ask(item, named)
        if not named.is_valid():
            return self.ask(item, named, UNPROCESSABLE)
        return self.show(item, named)

    def post(self, request, ref):
        """Move; if it was changed since the preview, or something stands in the way, show that."""
        if done := self.done_already(ref):
            return done
        item = self.record(ref)
        named, form = self.process_form(item, request.POST), MoveForm(request.POST)
        if not named.is_valid():
            return self.ask(item, named, CONFLICT, form)
        process = named.cleaned_data["to"]
        found = preview(item, process)
        if found.hindrances or not form.is_valid():
            return self.show(item, named, form, UNPROCESSABLE)
        if form.cleaned_data["seen"] != found.seen:
            return self.show_again(ref, named)
        if found.is_large:
            asked = {"seen": found.seen, "note": form.cleaned_data["note"], "total": found.total}
            return in_background(request, Job.Work.MOVE, item, process, self.record_type, **asked)
        try:
            there = move(request.user, item, process, form.cleaned_data["note"])
        except Outdated:
            return self.show_again(ref, named)
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
            return self.show(item, named, form, UNPROCESSABLE)
        return self.done(f"“{there}” was moved to “{process}”.", there.get_absolute_url())

    def done_already(self, ref: str):
        """A redirect to the item that `ref` has become, if it is in the process asked for: the form was sent twice."""
        user = self.request.user
        there = records_by_ref(self.record_type.model.objects.visible_to(user), [ref]).get(ref)
        if there is None or there.ref == ref:
            return None
        try:
            process = find(Process.objects.visible_to(user), self.request.POST.get("to", ""))
        except ValidationError:
            return None
        message = f"“{there}” has been moved to “{process}” already."
        return self.done(message, there.get_absolute_url()) if process == there.process else None

    def process_form(self, item: Item, data) -> ProcessForm:
        """The form that asks for the process."""
        return ProcessForm(
            Process.objects.visible_to(self.request.user).exclude(pk=item.process_id),
            data,
        )

    def ask(self, item: Item, form: ProcessForm, status: int = 200, reason: MoveForm | None = None):
        """The page that asks for the process; `reason`: the form with the reason, if it was given already."""
        context = {"form": form, "offers": [form.offer], "reason": reason}
        return self.page(item, "item/move_to.html", context, status)

    def show_again(self, ref: str, named: ProcessForm):
        """The preview of what is there now, with the reason as it was given."""
        if done := self.done_already(ref):
            return done
        item, process = self.record(ref), named.cleaned_data["to"]
        form = MoveForm(self.request.POST.dict() | {"seen": preview(item, process).seen})
        if not self.request.POST.get("seen"):
            # Another process was named, so that this is the first preview.
            return self.show(item, named, form)
        form.add_error(None, "It was changed while this page was open. Nothing was moved: look again.")
        return self.show(item, named, form, CONFLICT)

    def show(self, item: Item, named: ProcessForm, form=None, status: int = 200):
        """The preview."""
        process = named.cleaned_data["to"]
        found = preview(item, process)
        context = {
            "process": process,
            "named": named,
            "preview": found,
            "seconds": seconds_locked(found.total),
            "form": form or MoveForm(initial={"seen": found.seen}),
        }
        return self.page(item, "item/move.html", context, status)

    def page(self, item: Item, template: str, context: dict, status: int):
        """The page from `template`."""
        context |= {
            "record": item,
            "record_type": self.record_type,
            "breadcrumbs": [
                {"label": "Processes", "url": "/processes/"},
                {"label": item.process.title, "url": item.process.get_absolute_url()},
                {"label": str(item), "url": item.get_absolute_url()},
                {"label": "Move"},
            ],
        }
        return render(self.request, template, context, status=status)
