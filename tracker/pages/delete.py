"""Pages that delete a record, or withdraw a development."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import PROTECT, Exists, OuterRef, ProtectedError, Q
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render

from tracker import recording
from tracker.clocks import PRESENT
from tracker.forms.corrections import DeletionForm, WithdrawalForm
from tracker.models import Change, Development, Effect, Record
from tracker.models.mergeable import MergedInto
from tracker.pages.base import CONFLICT, UNPROCESSABLE, WriteMixin
from tracker.queries.history import changes_to, latest_changes
from tracker.queries.versions import events, versions_of
from tracker.recording.merged_rows import follow_their_survivors
from tracker.recording.references import RECORDED, in_force
from tracker.recording.unmerging import is_undoable

NAMED = 5
"""How many blocking records of each type are listed."""


@dataclass(frozen=True)
class Obstacle:
    """The records of one type that block a deletion: the type's label, their number, and the first of them."""

    label: str
    count: int = 0
    first: tuple[Record, ...] = ()
    are_merged: bool = False
    """Whether they were merged into the record, which can be deleted once that is undone."""
    undoable: frozenset[str] = frozenset()
    """The references of those whose merge can still be undone."""


def obstacles(record: Record, user) -> list[Obstacle]:
    """The records that block the deletion of `record`; those that `user` may not see are only counted."""
    result, some_are_hidden = [], False
    naming, naming_now = Q(), Q()
    for relation in record._meta.related_objects:
        if not (relation.many_to_many or relation.on_delete is PROTECT):
            continue
        rows = relation.related_model._base_manager.filter(**{relation.field.name: record})
        if not isinstance(relation.field, MergedInto):
            rows = rows.exclude(follow_their_survivors(relation.related_model))
        seen = rows.visible_to(user) if hasattr(rows, "visible_to") else rows
        are_merged = isinstance(relation.field, MergedInto)
        moved = Change.objects.moved_away(OuterRef("ref"), OuterRef("recorded_at"))
        if are_merged and seen.filter(Exists(moved)).exists():
            result.append(Obstacle("What was said of it before it was moved to this process"))
            rows, seen = (some.exclude(Exists(moved)) for some in (rows, seen))
        named = in_force(seen)
        if count := named.count():
            first = tuple(named[:NAMED])
            undoable = frozenset(row.ref for row in first if are_merged and is_undoable(user, row))
            label = _noun(relation.related_model, count)
            result.append(Obstacle(label, count, first, are_merged, undoable))
        if relation.related_model in RECORDED:
            path = "ref" if relation.related_model is Development else "development__ref"
            naming |= Q(ref__in=seen.order_by().values(path))
            naming_now |= Q(ref__in=named.order_by().values(path))
        some_are_hidden = some_are_hidden or (not seen.exists() and rows.exists())
    if naming:
        result += _in_earlier_versions(naming, naming_now, user)
    return result + [Obstacle("Records that you may not see")] * some_are_hidden


def _in_earlier_versions(naming: Q, naming_now: Q, user) -> list[Obstacle]:
    """The developments of `naming` that are not of `naming_now`: only versions that have ended name the record."""
    # One version of each, the last one that the user may see: a later one may be of a restricted process.
    seen = Development.objects.visible_to(user)
    later = seen.filter(ref=OuterRef("ref"), version__gt=OuterRef("version"))
    developments = seen.filter(~Exists(later), naming).exclude(naming_now)
    if not (count := developments.count()):
        return []
    label = f"{_noun(Development, count)} in earlier versions, which are kept"
    return [Obstacle(label, count, tuple(developments[:NAMED]))]


def _noun(model: type[Record], count: int) -> str:
    names = model._meta
    return str(names.verbose_name if count == 1 else names.verbose_name_plural)


class DeleteRecord(WriteMixin):
    """A page that deletes a record, or lists what refers to it."""

    action = "delete"

    def get(self, request, ref):
        """Ask for confirmation, or say why it cannot be deleted."""
        return self.show(self.record(ref))

    def post(self, request, ref):
        """Delete; if others changed it since the page was opened, show their changes and keep the reason."""
        record = self.record(ref)
        message = f"“{record}” was deleted."
        form = DeletionForm(request.POST)
        if obstacles(record, request.user):
            return self.show(record, CONFLICT)
        if not form.is_valid():
            return self.show(record, UNPROCESSABLE, form)
        try:
            if changes_to(record) != form.cleaned_data["version"]:
                raise recording.Outdated(record)
            recording.delete(request.user, record, form.cleaned_data["note"], record.version)
        except recording.Outdated:
            return self.show_again(self.record(ref), form.cleaned_data["version"])
        except (ProtectedError, IntegrityError):
            # Another record has referred to it in the meantime.
            return self.show(self.record(ref), CONFLICT)
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
            return self.show(self.record(ref), UNPROCESSABLE, form)
        return self.done(message, f"/{self.record_type.path}/")

    def show_again(self, record, seen: int):
        """The page again, with the changes that others made after the first `seen` ones."""
        data = self.request.POST.copy()
        data["version"] = str(changes_to(record))
        form = DeletionForm(data)
        form.add_error(
            None, "It was changed while this page was open. Nothing was deleted: read what changed first."
        )
        number = max(0, changes_to(record) - seen)
        return self.show(record, CONFLICT, form, latest_changes(self.request.user, [record], number))

    def show(self, record, status: int = 200, form=None, since=()):
        """The page; `since`: what others have changed meanwhile, newest first."""
        breadcrumbs = [
            {"label": self.record_type.label_plural.capitalize(), "url": f"/{self.record_type.path}/"},
            {"label": str(record), "url": record.get_absolute_url()},
            {"label": "Delete"},
        ]
        context = {
            "record": record,
            "form": form or DeletionForm(initial={"version": changes_to(record)}),
            "since": since,
            "record_type": self.record_type,
            "obstacles": obstacles(record, self.request.user),
            "next": self.next_url,
            "breadcrumbs": breadcrumbs,
        }
        return render(self.request, "records/confirm_delete.html", context, status=status)


class WithdrawDevelopment(WriteMixin):
    """A page that withdraws a development, with the reason."""

    action = "delete"

    def get(self, request, ref):
        """Ask for the reason."""
        development = self.current(ref)
        return self.show(development, WithdrawalForm(initial={"version": development.version}))

    def post(self, request, ref):
        """Withdraw the version shown; if others changed it first, show their changes and keep the reason."""
        development = self.latest(ref)
        form = WithdrawalForm(request.POST)
        if not development.is_current:
            return self.withdrawn_already(development)
        if not form.is_valid():
            return self.show(development, form, UNPROCESSABLE)
        seen = form.cleaned_data["version"]
        try:
            if seen != development.version:
                raise recording.Outdated(development)
            recording.withdraw(request.user, development, form.cleaned_data["note"])
        except recording.Outdated:
            return self.show_again(self.latest(ref), seen)
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
            return self.show(development, form, UNPROCESSABLE)
        return self.done(
            f"“{development}” was withdrawn; it is kept in its history.", development.get_absolute_url()
        )

    def current(self, ref) -> Development:
        """The version in force, if there is one that the user may see."""
        development = self.latest(ref)
        if not development.is_current:
            raise Http404
        return development

    def latest(self, ref) -> Development:
        """The latest version, if the user may see it."""
        versions = Development.objects.visible_to(self.request.user).filter(ref=ref)
        latest = versions.select_related("process").order_by("-version").first()
        if latest is None:
            raise Http404
        return self.permitted(latest)

    def show_again(self, development, seen: int):
        """The page again, with the changes that others made since the version `seen`."""
        if not development.is_current:
            return self.withdrawn_already(development)
        data = self.request.POST.copy()
        data["version"] = str(development.version)
        form = WithdrawalForm(data)
        form.add_error(
            None, "It was corrected while you wrote. Nothing was withdrawn: read what changed first."
        )
        history = events(versions_of(self.request.user, development.ref, PRESENT))
        since = [event for event in history if event.replaced and event.replaced.development.version >= seen]
        return self.show(development, form, CONFLICT, since)

    def withdrawn_already(self, development):
        """Redirect to the development, which says who withdrew it and why; the typed reason is shown in a message."""
        note = self.request.POST.get("note", "")
        messages.warning(
            self.request, f"It had been withdrawn already. Your reason was not recorded: “{note}”"
        )
        return HttpResponseRedirect(development.get_absolute_url())

    def show(self, development, form, status: int = 200, since=()):
        """The page; `since`: what others have changed meanwhile, newest first."""
        breadcrumbs = [
            {"label": "Developments", "url": f"/{self.record_type.path}/"},
            {"label": development.headline, "url": development.get_absolute_url()},
            {"label": "Withdraw"},
        ]
        effects = list(development.effects.select_related("item", "party"))
        items = {effect.item_id: effect.item for effect in effects}
        others = Effect.objects.at(PRESENT).filter(item__in=items).exclude(development=development)
        kept = set(others.values_list("item_id", flat=True))
        context = {
            "development": development,
            "effects": [effect for effect in effects if effect.item_id in kept],
            "lost": [item for key, item in items.items() if key not in kept],
            "form": form,
            "since": since,
            "next": self.next_url,
            "breadcrumbs": breadcrumbs,
        }
        return render(self.request, "development/withdraw.html", context, status=status)
