"""Composite forms for a correction, for a new item with its development, and for an update of an item."""

from tracker import recording
from tracker.forms.composite import codebook_of_form
from tracker.forms.corrections import CorrectionForm
from tracker.forms.developments import (
    DevelopmentForm,
    DevelopmentWithParts,
    EffectsAsTheyAre,
    RaisingEffects,
    RaisingForm,
)
from tracker.models import Development, Effect, Item
from tracker.models.vocabularies import LADDERS

MOVING = (
    "Name another process to move it there, and give “Wrong process” as the reason. Then name items and a talk of that "
    "process, and sources that it may cite."
)
"""What is said beside the process of a development that is corrected."""


class NewItemWithParts(DevelopmentWithParts):
    """A new item, together with the development that raises it."""

    def __init__(self, user, form_class, data=None, initial=None, quiet=False):
        self.form_class = form_class
        super().__init__(user, data, initial, quiet)

    def fill(self):
        """Set up the forms and formsets; the first effect sets the item's initial standing."""
        self.form = self.form_class(self.data, initial=self.initial, offers=self.offers)
        raised = {name: self.initial[name] for name in RaisingForm.FROM_LINKS if name in self.initial}
        self.development = RaisingForm(self.data, prefix="development", initial=raised, offers=self.offers)
        self.others.append(self.development)
        item = self.form.instance
        self.parts["effects"] = RaisingEffects(
            self.data,
            prefix="effects",
            initial=[{"status": LADDERS[item.kind_code].values[0]}],
            form_kwargs={"offers": self.offers, "item": item},
        )
        self.add_citations(self.first("source"))

    def is_valid(self):
        """Validate every form and row; the development's talk and party default to those of the item."""
        valid = super().is_valid()
        if valid and not (self.speaking_party() or self.form.raised_in()):
            self.development.add_error("party", "Name the party that acts or speaks, or above, the talk.")
            return False
        return valid

    def speaking_party(self):
        """The party that raises the item."""
        cleaned = getattr(self.form, "cleaned_data", {})
        return super().speaking_party() or (self.form.raised_by() if cleaned else None)

    def write(self, by):
        """Record the item with its development; return the item."""
        item, development = self.form.instance, self.development.instance
        development.process = item.process
        development.talk = self.form.raised_in()
        development.party = self.speaking_party()
        effects = self.effects()
        development.headline = development.headline or self.form.headline(next(iter(effects), Effect()))
        recording.record(by, development, effects, self.citations(), [(item, self.form.related)])
        return item


class CorrectionWithParts(DevelopmentWithParts):
    """The current version of a development, to be corrected, with the reason."""

    def __init__(self, user, old: Development, data=None, quiet=False):
        self.old = old
        super().__init__(user, data, None, quiet)

    def process(self):
        """The process of the development, or the one that it is to be moved to."""
        return super().process() or self.old.process

    @property
    def versions(self):
        """The version to be corrected."""
        return {self.old.ref: self.old.version}

    def fill(self):
        """Set up the forms with the values of the old version."""
        old = self.old
        self.reason = CorrectionForm(self.data)
        self.others.append(self.reason)
        initial = {name: getattr(old, name) for name in DevelopmentForm.Meta.fields} | {
            "occurred_on": old.occurred
        }
        self.form = self.development = DevelopmentForm(self.data, initial=initial, offers=self.offers)
        self.form.fields["process"].help_text = MOVING
        effects = old.effects.select_related("item", "party").order_by("pk")
        self.parts["effects"] = EffectsAsTheyAre(
            self.data,
            prefix="effects",
            initial=[
                {name: getattr(row, name) for name in Effect.CONTENT} | {"due_on": row.due} for row in effects
            ],
            form_kwargs={"offers": self.offers},
        )
        citations = old.citations.select_related("source")
        self.add_citations([{name: getattr(row, name) for name in row.CONTENT} for row in citations])

    def write(self, by):
        """Record the correction; raises ValidationError and Outdated."""
        why = self.reason.cleaned_data
        new = self.development.instance
        return recording.correct(
            by, self.old, new, self.effects(), self.citations(), why["reason"], why["note"]
        )


SHORT = ("occurred_on", "kind", "headline", "party", "speaker", "talk", "speech_act", "strength", "basis")
"""The fields of a development in the form for an update of an item, in their order."""


def next_development(item: Item, user, data=None, quiet=False) -> DevelopmentWithParts:
    """The form for an update of `item`, rendered by `development/_next_form.html`."""
    composite = DevelopmentWithParts(user, data, {"process": item.process, "item": item}, quiet)
    composite.item = item
    composite.form.sections = (("", SHORT),)
    composite.effect = _first_row(composite.parts["effects"])
    composite.effect.narrow(item.item_kind)
    composite.codebook = codebook_of_form(composite.effect)
    composite.citation = _first_row(composite.parts["citations"])
    composite.offers.search_all()
    return composite


def _first_row(part):
    # A form that no page has sent may lack all rows.
    return part.forms[0] if part.forms else part.empty_form
