"""The input rules of developments, of what they do to items, and of what they rest on."""

from django.core.exceptions import ValidationError

from tracker.forms.base import PageMeta, PartForm, RecordForm
from tracker.forms.fields import PartialDateField, StatusField
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

    occurred_on = PartialDateField(precision="occurred_precision")
    fixed = ("process",)
    places = {"development_of_party_or_talk": "party", "statement_has_speech_act": "speech_act"}
    sections = (
        ("What happened", ("process", "kind", "occurred_on", "occurred_inferred", "headline", "detail")),
        ("Who, and on what basis", ("party", "speaker", "talk", "speech_act", "strength", "basis")),
    )

    class Meta(PageMeta):
        model = Development
        fields = tuple(name for name in Development.CONTENT if name != "occurred_precision")
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
    due_on = PartialDateField(precision="due_precision", required=False, label="Due")
    places = {
        "effect_status_of_its_kind": "status",
        "effect_firmness_of_demand": "firmness",
        "effect_outcome_of_talk": "outcome",
        "effect_due_of_dated_kind": "due_on",
        "effect_review_of_due": "review_on",
    }
    # The door fills these in: the development's own party, and a day to look at a phrase again.
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
        judged = {*OF_KINDS, "due_precision"} | (set() if "item" in broken else {"item_kind"})
        return exclude - (judged - broken)


class CitationForm(PartForm):
    """The source of a development, and the words in it."""

    alike = (("source", "quote"), ("source",))

    class Meta(PageMeta):
        model = Citation
        fields = ("source", "quote", "place", "credibility")
        labels = {"place": "Location in source"}
