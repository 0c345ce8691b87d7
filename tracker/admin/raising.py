"""The admin page that adds an item together with the development that first mentions it."""

from functools import partial

from django.forms import modelform_factory

from tracker import recording
from tracker.admin.base import RecordAdmin
from tracker.admin.corrections import with_predecessors
from tracker.admin.evidence import CitationInline, EffectInline
from tracker.forms.developments import OF_KINDS, TIME_AND_ORDER, RaisingForm
from tracker.models import Citation, Development, Effect
from tracker.models.vocabularies import LADDERS

SEPARATOR = "-"
"""The separator between the name of a part and its field, in inputs and fieldsets."""


class Raised:
    """Mixin for an item's form that includes the forms of the development that raises it."""

    makers: dict

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        data = self.data if self.is_bound else None
        kind = self.instance.kind_code
        self.raising = {
            "raised": self.makers["raised"](data, prefix="raised"),
            "effect": self.makers["effect"](
                data, prefix="effect", item=self.instance, initial={"status": LADDERS[kind].values[0]}
            ),
            "citation": self.makers["citation"](data, prefix="citation", empty_permitted=True),
        }
        self.raising["effect"].fields["status"].required = True

    def __getitem__(self, name):
        part, separator, field = name.partition(SEPARATOR)
        return self.raising[part][field] if separator else super().__getitem__(name)

    @property
    def media(self):
        """The media of all the forms."""
        return sum((part.media for part in self.raising.values()), super().media)

    def clean(self):
        """Validate all the forms, so that all errors are shown at once."""
        cleaned = super().clean()
        judged = [part.is_valid() for part in self.raising.values()]
        raised = self.raising["raised"]
        if not (raised.cleaned_data.get("party") or self.raised_by() or self.raised_in()):
            raised.add_error("party", "Name the party that acts or speaks, or above, the talk.")
        if not all(judged) or raised.errors:
            self.add_error(None, "What raises it is not complete: see below.")
        return cleaned

    def record(self, by):
        """Record the item of a valid form with its development; raises ValidationError."""
        item, development = self.instance, self.raising["raised"].instance
        development.process = item.process
        development.talk = self.raised_in()
        development.party = development.party or self.raised_by()
        effect = self.raising["effect"].instance
        development.headline = development.headline or self.headline(effect)
        citation = self.raising["citation"]
        citations = [citation.instance] if citation.has_changed() else []
        recording.record(by, development, [effect], citations, [(item, self.related)])


class RaisedAdmin(RecordAdmin):
    """The admin of one kind of item; an item is added together with the development that raises it."""

    change_form_template = "admin/item_change_form.html"

    def get_fieldsets(self, request, obj=None):
        """The fieldsets of the item's form, and for a new item those of its development."""
        if obj is not None:
            return self.of_the_form
        kind = self.model.kind_code
        stands = [name for name in ("status", "firmness", "outcome") if kind in OF_KINDS.get(name, (kind,))]
        due = [name for name in ("due_on", "due_phrase", "review_on") if kind in OF_KINDS[name]]
        how = [
            _named("effect", stands),
            *([_named("effect", due)] if due else []),
            _named("effect", ("wording", "wording_language")),
        ]
        return (
            *self.of_the_form,
            ("First mentioned in", {"fields": (
                _named("raised", ("occurred_on", "occurred_inferred")),
                "raised-kind", "raised-headline", "raised-detail",
                "raised-party", "raised-speaker", _named("raised", ("speech_act", "strength")), "raised-basis",
            )}),
            (TIME_AND_ORDER, {
                "fields": _named("raised", ("occurred_time", "occurred_zone", "follows")), "classes": ("collapse",),
            }),
            ("How it stands from then on", {"fields": (*how, "effect-stance", "effect-party")}),
            ("What that rests on", {"fields": (
                "citation-source", "citation-quote", _named("citation", ("place", "credibility")),
            )}),
        )  # fmt: skip

    def get_readonly_fields(self, request, obj=None):
        """The process is read-only for an existing item."""
        return ("process",) if obj else ()

    def get_form(self, request, obj=None, change=False, **options):
        """The item's form; for a new item it includes the forms of its development."""
        if not change:
            options["fields"] = [name for name in options["fields"] if SEPARATOR not in name]
            options["form"] = type(self.form)(
                "RaisedForm", (Raised, self.form), {"makers": self._makers(request)}
            )
        return super().get_form(request, obj, change, **options)

    def _makers(self, request) -> dict:
        """The form classes of a new item's development, with the fields of the respective admins."""
        development = self.admin_site.get_model_admin(Development)
        effect = EffectInline(Development, self.admin_site)
        citation = CitationInline(Development, self.admin_site)
        makers = {
            name: modelform_factory(
                model,
                form=form,
                fields=form.Meta.fields,
                formfield_callback=partial(maker.formfield_for_dbfield, request=request),
            )
            for name, model, form, maker in (
                ("raised", Development, RaisingForm, development),
                ("effect", Effect, effect.form, effect),
                ("citation", Citation, citation.form, citation),
            )
        }
        return makers | {"raised": with_predecessors(makers["raised"], request.user)}

    def joined_forms(self, form):
        """The forms of a new item's development."""
        return getattr(form, "raising", {}).values()

    def save_model(self, request, obj, form, change):
        """Save an existing item, or record a new one with its development."""
        if change:
            super().save_model(request, obj, form, change)
        else:
            form.record(request.user)

    def has_delete_permission(self, request, obj=None):
        """Never: its developments are withdrawn instead."""
        return False


def _named(part: str, names) -> tuple[str, ...]:
    return tuple(f"{part}{SEPARATOR}{name}" for name in names)
