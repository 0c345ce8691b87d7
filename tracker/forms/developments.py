"""Forms of developments, effects and citations, and the composite form of a new development."""

from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory

from tracker import recording
from tracker.forms.base import PageMeta, PartForm, RecordForm
from tracker.forms.composite import MOST_ROWS, CompositeForm, Parts
from tracker.forms.fields import SpanField, StatusField
from tracker.forms.record_fields import find_typed
from tracker.models import Citation, Development, Effect, Item
from tracker.models.effects import DATED_KINDS
from tracker.models.vocabularies import ItemKind

OF_KINDS = {
    "firmness": (ItemKind.DEMAND,),
    "outcome": (ItemKind.TALK,),
    "due_on": DATED_KINDS,
    "due_phrase": DATED_KINDS,
    "review_on": DATED_KINDS,
}
"""What only some kinds of item have."""


class DevelopmentForm(RecordForm):
    """What happened or was said."""

    occurred_on = SpanField(precision="occurred_precision")
    fixed = ("process",)
    places = {"development_of_party_or_talk": "party", "statement_has_speech_act": "speech_act"}
    sections = (
        ("What happened", ("process", "kind", "occurred_on", "occurred_inferred", "headline", "detail")),
        ("Who, and on what basis", ("party", "speaker", "talk", "speech_act", "strength", "basis")),
    )

    class Meta(PageMeta):
        model = Development
        fields = tuple(
            name for name in Development.CONTENT if name not in ("occurred_precision", "occurred_last")
        )
        help_texts = {"party": "Who acts or speaks. Default: the speaker’s own party."}

    def clean(self):
        """Let a speaker speak for the party that he or she belongs to, where no other is named."""
        cleaned = super().clean()
        if "party" in cleaned and not cleaned["party"] and (speaker := cleaned.get("speaker")):
            cleaned["party"] = speaker.party
        return cleaned


class RaisingForm(DevelopmentForm):
    """What first raised an item that is recorded with it; the item tells of which process and talk it is."""

    sections = (
        ("First mentioned in", ("kind", "occurred_on", "occurred_inferred", "headline", "detail")),
        ("Who, and on what basis", ("party", "speaker", "speech_act", "strength", "basis")),
    )
    FROM_LINKS = ("party", "speaker", "occurred_on", "occurred_inferred")
    """What a link to the page of a new item may fill in here."""

    class Meta(DevelopmentForm.Meta):
        fields = tuple(name for name in DevelopmentForm.Meta.fields if name not in {"process", "talk"})
        labels = {"kind": "Type of development"}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["headline"].required = False
        self.fields[
            "headline"
        ].help_text = "One sentence: who did or said what; empty for the title and how it stands."


class EffectForm(PartForm):
    """One effect on one item.

    `item`: the item of all rows, which are then not asked for it.
    """

    alike = (("item", "party"), ("item",))
    status = StatusField()
    due_on = SpanField(precision="due_precision", required=False, label="Due")
    places = {
        "effect_status_of_its_kind": "status",
        "effect_firmness_of_demand": "firmness",
        "effect_outcome_of_talk": "outcome",
        "effect_due_of_dated_kind": "due_on",
        "effect_review_of_due": "review_on",
    }
    # `recording` fills these in: the development's own party, and a day to look at a phrase again.
    judged_later = frozenset({"effect_stance_of_party", "effect_due_phrase_has_review"})

    class Meta(PageMeta):
        model = Effect
        fields = (
            "item", "status", "stance", "party", "firmness", "outcome", "due_on", "due_phrase", "review_on",
            "wording",
        )  # fmt: skip
        labels = {"party": "Whose stance"}
        help_texts = {"party": "Default: the party above."}

    def __init__(self, *args, item: Item | None = None, **options):
        super().__init__(*args, **options)
        if item is None:
            self.fields["status"].led_by(self._item_kind())
            return
        self.instance.item, self.instance.item_kind = item, item.kind_code
        del self.fields["item"]
        self.narrow(item.kind_code)

    def narrow(self, kind: str) -> None:
        """Ask only for what an item of `kind` has."""
        self.fields["status"].only_of(kind)
        for name, kinds in OF_KINDS.items():
            if kind not in kinds:
                del self.fields[name]

    def _item_kind(self) -> str | None:
        """The kind of the row's item, as far as that can be told before it is judged."""
        known = self.initial.get("item")
        text = self.data.get(self.add_prefix("item")) if self.is_bound else None
        if text and self.offers:
            try:
                known = find_typed(self.offers.of(Item).queryset, text)
            except ValidationError:
                known = None
        return known.item_kind if isinstance(known, Item) else None

    def clean(self):
        """Let an empty wording be none at all."""
        cleaned = super().clean()
        if "wording" in cleaned:
            cleaned["wording"] = cleaned["wording"] or None
        return cleaned

    def _get_validation_exclusions(self):
        # Rules that speak of the kind of item, or of fields that its kind does not have, still hold.
        exclude = super()._get_validation_exclusions()
        broken = set(self._errors or ())
        judged = {*OF_KINDS, "due_precision", "due_last"} | (set() if "item" in broken else {"item_kind"})
        return exclude - (judged - broken)


class CitationForm(PartForm):
    """The source of a development, and the words in it."""

    alike = (("source", "quote"), ("source",))

    class Meta(PageMeta):
        model = Citation
        fields = ("source", "quote", "place", "credibility")
        labels = {"place": "Location in source"}


class EffectRows(Parts, BaseFormSet):
    """What a development does."""

    name, heading, noun = "effects", "What it changes", "Effect"


class CitationRows(Parts, BaseFormSet):
    """What a development rests on."""

    name, heading, noun = "citations", "Sources", "Citation"


_SIZES = {"max_num": MOST_ROWS, "absolute_max": MOST_ROWS, "can_delete": True}
Effects = formset_factory(EffectForm, EffectRows, extra=1, **_SIZES)
RaisingEffects = formset_factory(EffectForm, EffectRows, extra=0, min_num=1, **_SIZES)
EffectsAsTheyAre = formset_factory(EffectForm, EffectRows, extra=0, **_SIZES)
Citations = formset_factory(CitationForm, CitationRows, extra=1, **_SIZES)


class DevelopmentWithParts(CompositeForm):
    """A development with its effects and citations.

    `initial` may name an `item` for the first effect and a `source` for the first citation.
    """

    def fill(self):
        """Set up the development's form and its rows."""
        self.form = self.development = DevelopmentForm(self.data, initial=self.initial, offers=self.offers)
        self.parts["effects"] = Effects(
            self.data, prefix="effects", initial=self.first("item"), form_kwargs={"offers": self.offers}
        )
        self.add_citations(self.first("source"))

    def first(self, name: str) -> list[dict]:
        """The initial rows of a formset: one naming the record `name` of `initial`, if there is one."""
        return [{name: self.initial[name]}] if self.initial.get(name) else []

    def add_citations(self, initial: list[dict]) -> None:
        """Set up the rows of citations."""
        self.parts["citations"] = Citations(
            self.data, prefix="citations", initial=initial, form_kwargs={"offers": self.offers}
        )

    def is_valid(self):
        """Judge every form and row; a stance must be somebody's, if only the development's own party's."""
        valid = super().is_valid()
        if "party" in self.development.errors:
            return False
        for row in self.parts["effects"].forms:
            cleaned = getattr(row, "cleaned_data", {})
            if (
                cleaned.get("stance")
                and not cleaned.get("party")
                and "party" not in row.errors
                and not self.speaking_party()
            ):
                row.add_error("party", "A stance is somebody’s: name the party here or above.")
                valid = False
        return valid

    def speaking_party(self):
        """The party that acts or speaks, or None."""
        return self.development.cleaned_data.get("party")

    def effects(self) -> list[Effect]:
        """The unsaved effects of a valid form."""
        return [row.instance for row in self.parts["effects"].typed]

    def citations(self) -> list:
        """The unsaved citations of a valid form."""
        return [row.instance for row in self.parts["citations"].typed]

    def write(self, by) -> Development:
        """Record a valid form; raises ValidationError."""
        return recording.record(by, self.development.instance, self.effects(), self.citations())

    def save(self, by):
        """Record a valid form in the name of `by`; return the development, or None after adding errors to the form."""
        try:
            return self.write(by)
        except ValidationError as error:
            self.development.take(error)
            return None
