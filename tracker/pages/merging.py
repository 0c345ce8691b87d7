"""Pages that merge a record into another one, after a preview, and that undo it."""

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, render

from tracker.forms.merged_records import MergeForm, ReasonForm, SurvivorForm
from tracker.jobs.changes import seconds_locked, seen_of
from tracker.models import Change, Item, Job, Record
from tracker.models.mergeable import Mergeable
from tracker.pages.base import CONFLICT, UNPROCESSABLE, WriteMixin
from tracker.pages.jobs import in_background
from tracker.queries.merging import MOST, obstacles, preview, require_no_circle
from tracker.queries.record_lookup import find, records_by_ref, ref_in
from tracker.recording.audit import Outdated
from tracker.recording.merging import merge, require_alike
from tracker.recording.unmerging import BuiltOn, renewed_by, unmerge


class MergeRecord(WriteMixin):
    """Asks which record stays, shows what would move, and merges."""

    action = "merge"

    def get(self, request, ref):
        """Ask for the other record; once it is named, show the preview."""
        merged = self.record(ref)
        survivor = self.survivor_form(merged, request.GET if "into" in request.GET else None)
        if not survivor.is_bound:
            return self.ask(merged, survivor)
        if not self.names_another(merged, survivor):
            return self.ask(merged, survivor, UNPROCESSABLE)
        return self.show(merged, survivor.cleaned_data["into"])

    def post(self, request, ref):
        """Merge; if one of the two was changed since the preview, or a question is open, show it again."""
        if done := self.done_already(ref):
            return done
        merged = self.record(ref)
        if gone := self.merged_meanwhile(request.POST):
            return self.ask_again(merged, gone)
        named = self.survivor_form(merged, request.POST)
        reason = ReasonForm(initial={"note": request.POST.get("note", "")})
        if not self.names_another(merged, named):
            return self.ask(merged, named, CONFLICT, reason)
        survivor = named.cleaned_data["into"]
        if not request.POST.get("seen"):
            # The other record was asked for again, so that this is its first preview.
            return self.show(merged, survivor)
        found = preview(merged, survivor, request.user)
        form = MergeForm(found.questions, request.POST)
        if not form.is_valid():
            return self.show(merged, survivor, form, UNPROCESSABLE)
        if form.cleaned_data["seen"] != seen_of(merged, survivor):
            return self.show_again(ref, survivor)
        note, choices = form.cleaned_data["note"], form.choices
        if found.is_large:
            asked = {
                "seen": seen_of(merged, survivor),
                "note": note,
                "choices": choices,
                "total": found.total,
            }
            return in_background(request, Job.Work.MERGE, merged, survivor, self.record_type, **asked)
        try:
            merge(request.user, merged, survivor, note, choices)
        except Outdated:
            return self.show_again(ref, survivor)
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
            return self.show(merged, survivor, form, UNPROCESSABLE)
        return self.done(f"“{merged}” was merged into “{survivor}”.", _page(survivor))

    def survivor_form(self, merged: Mergeable, data) -> SurvivorForm:
        """The form that asks for the record that `merged` is merged into."""
        everything = self.record_type.model.objects.visible_to(self.request.user)
        others = everything.exclude(pk=merged.pk)
        if merged.part_of:
            others = others.filter(**{merged.part_of: merged.whole})
        if isinstance(merged, Item):
            others = others.filter(process=merged.process_id)
        return SurvivorForm(others, everything, data)

    @staticmethod
    def names_another(merged: Mergeable, form: SurvivorForm) -> bool:
        """Whether `form` names a record that `merged` can be merged into; it says why if not."""
        if form.is_valid():
            try:
                require_alike(merged, form.cleaned_data["into"])
                require_no_circle(merged, form.cleaned_data["into"])
            except ValidationError as error:
                form.add_error("into", error)
        return not form.errors

    def ask(self, merged: Mergeable, form: SurvivorForm, status: int = 200, reason: ReasonForm | None = None):
        """The page that asks for the other record; `reason`: the form with the reason, if it was given already."""
        context = {"form": form, "offers": [form.offer], "reason": reason}
        return self.page(merged, "records/merge_into.html", context, status)

    def done_already(self, ref: str):
        """A redirect to what `ref` was merged into, if that is what is asked for: the form was sent twice."""
        rows = self.record_type.model.objects.visible_to(self.request.user)
        stands = records_by_ref(rows, [ref]).get(ref)
        if stands is None or stands.ref == ref:
            return None
        try:
            asked = find(rows, self.request.POST.get("into", ""))
        except ValidationError:
            return None
        # It may have come from a process that the user may not see, under another title.
        seen = self.record_type.model.everything.visible_to(self.request.user)
        merged = seen.filter(ref=ref).first() if asked == stands else None
        message = f"“{merged}” has been merged into “{stands}” already."
        return self.done(message, _page(stands)) if merged else None

    def merged_meanwhile(self, data) -> Mergeable | None:
        """The record that is named as the one that stays, if it was merged itself since the preview."""
        seen = self.record_type.model.everything.visible_to(self.request.user)
        rows = seen.filter(ref=ref_in(data.get("into", ""))).exclude(merged_into=None)
        return rows.first() if data.get("seen") else None

    def ask_again(self, merged: Mergeable, gone: Mergeable):
        """The page that asks for another record than `gone`, with what became of that, and with the reason."""
        model = self.record_type.model
        found = records_by_ref(model.objects.visible_to(self.request.user), [gone.ref])
        stands = found.get(gone.ref)
        if stands is None:
            became = "was deleted, or is out of your sight,"
        elif isinstance(stands, Item) and stands.process_id != gone.of_process.pk:
            became = f"was moved to “{stands.process}”"
        else:
            became = f"was merged into “{stands}”"
        is_other = (
            stands is not None and stands.whole == merged.whole and stands.of_process == merged.of_process
        )
        into = stands.ref if is_other and stands != merged else ""
        form = self.survivor_form(merged, {"into": into})
        form.add_error(None, f"“{gone}” {became} in the meantime. Nothing was merged.")
        reason = ReasonForm(initial={"note": self.request.POST.get("note", "")})
        return self.ask(merged, form, CONFLICT, reason)

    def show_again(self, ref: str, survivor: Mergeable):
        """The preview of what is there now, with the reason and the answers as they were given."""
        if done := self.done_already(ref):
            return done
        merged = self.record(ref)
        rows = self.record_type.model.objects.visible_to(self.request.user)
        if not rows.filter(pk=survivor.pk).exists():
            return self.ask_again(merged, survivor)
        survivor = self.record(survivor.ref)
        data = self.request.POST.dict() | {"seen": seen_of(merged, survivor)}
        form = MergeForm(preview(merged, survivor, self.request.user).questions, data)
        form.add_error(
            None, "One of the two was changed while this page was open. Nothing was merged: look again."
        )
        return self.show(merged, survivor, form, CONFLICT)

    def show(self, merged: Mergeable, survivor: Mergeable, form=None, status: int = 200):
        """The preview."""
        found = preview(merged, survivor, self.request.user)
        begun = {"seen": seen_of(merged, survivor), "note": self.request.POST.get("note", "")}
        context = {
            "survivor": survivor,
            "survivor_url": _page(survivor),
            "preview": found,
            "seconds": seconds_locked(found.total),
            "form": form or MergeForm(found.questions, initial=begun),
        }
        return self.page(merged, "records/merge.html", context, status)

    def page(self, merged: Mergeable, template: str, context: dict, status: int):
        """The page from `template`."""
        context |= {
            "record": merged,
            "url": _page(merged),
            "record_type": self.record_type,
            "breadcrumbs": _breadcrumbs(self.record_type, merged),
        }
        return render(self.request, template, context, status=status)


class UnmergeRecord(WriteMixin):
    """Undoes a merge, unless somebody has built on it since."""

    action = "merge"

    def record(self, ref):
        """The merged record `ref`, if the user may see what it was merged into.

        An item that was moved itself leads to another one too, but is moved back rather than parted from it.
        """
        moved = Change.objects.moved_away(OuterRef("ref"), OuterRef("recorded_at"))
        seen = self.record_type.model.everything.visible_to(self.request.user)
        rows = seen.filter(~Exists(moved), merged_into__in=seen.values("pk"))
        return self.permitted(get_object_or_404(rows.select_related("merged_into"), ref=ref))

    def get(self, request, ref):
        """Ask for the reason."""
        return self.show(self.record(ref), ReasonForm())

    def post(self, request, ref):
        """Undo it, or say what is in the way."""
        merged, form = self.record(ref), ReasonForm(request.POST)
        if merged.merged_into.merged_into_id:
            return self.show(merged, form, CONFLICT)
        if not form.is_valid():
            return self.show(merged, form, UNPROCESSABLE)
        note, total = form.cleaned_data["note"], renewed_by(merged, request.user)
        if total > MOST:
            survivor, asked = merged.merged_into, {"note": note, "total": total}
            return in_background(request, Job.Work.UNMERGE, merged, survivor, self.record_type, **asked)
        try:
            unmerge(request.user, merged, note)
        except BuiltOn as built_on:
            return self.show(merged, form, CONFLICT, obstacles(built_on, request.user))
        except (Outdated, ValidationError) as error:
            form.add_error(None, ValidationError(getattr(error, "messages", [str(error)])))
            return self.show(merged, form, CONFLICT)
        return self.done(f"“{merged}” stands on its own again.", _page(merged))

    def show(self, merged, form, status: int = 200, in_the_way=()):
        """The page; `in_the_way`: what has been changed since the merge."""
        context = {
            "record": merged,
            "survivor": merged.merged_into,
            "survivor_url": _page(merged.merged_into),
            "record_type": self.record_type,
            "form": form,
            "in_the_way": in_the_way,
            "breadcrumbs": _breadcrumbs(self.record_type, merged.merged_into),
        }
        return render(self.request, "records/unmerge.html", context, status=status)


def _page(record: Record) -> str:
    """The address of the page that shows `record`: its own, or that of what it is part of."""
    return (record.whole or record).get_absolute_url()


def _breadcrumbs(record_type, record: Record) -> list[dict]:
    return [
        {"label": record_type.label_plural.capitalize(), "url": f"/{record_type.path}/"},
        {"label": str(record), "url": _page(record)},
        {"label": "Merge"},
    ]
