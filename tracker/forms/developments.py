"""Forms of developments, effects and citations, and the composite form of a new development."""

from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone

from tracker import recording
from tracker.forms.base import PageMeta, PartForm, RecordForm
from tracker.forms.composite import MOST_ROWS, CompositeForm, Parts
from tracker.forms.fields import SpanField, StatusField
from tracker.forms.record_fields import PredecessorField, find_typed
from tracker.models import Citation, Development, Effect, Item
from tracker.models.effects import DATED_KINDS
from tracker.models.sources import kept_elsewhere
from tracker.models.vocabularies import ItemKind
from tracker.recording.wordings import NOTHING_MORE, setting_too_much

OF_KINDS = {
    "firmness": (ItemKind.DEMAND,),
    "outcome": (ItemKind.TALK,),
    "due_on": DATED_KINDS,
    "due_phrase": DATED_KINDS,
    "review_on": DATED_KINDS,
}
"""{field: the item kinds that have it}; other fields apply to all kinds."""


TIME_AND_ORDER = "Time and order within the day"


class DevelopmentForm(RecordForm):
    """A development: something that happened or was said."""

    occurred_on = SpanField(precision="occurred_precision")
    follows = PredecessorField(
        Development.objects.none(),
        required=False,
        label="Comes after",
        help_text="The development of the same process and day after which it comes, if the source says so.",
    )
    fixed = ("process",)
    places = {
        "development_of_party_or_talk": "party",
        "statement_has_speech_act": "speech_act",
        "development_time_of_a_day": "occurred_time",
        "development_zone_of_a_time": "occurred_zone",
        "development_follows_within_a_day": "follows",
    }
    folded = (TIME_AND_ORDER,)
    sections = (
        ("What happened", ("process", "kind", "occurred_on", "occurred_inferred", "headline", "detail")),
        (TIME_AND_ORDER, ("occurred_time", "occurred_zone", "follows")),
        ("Who, and on what basis", ("party", "speaker", "talk", "speech_act", "strength", "basis")),
    )

    class Meta(PageMeta):
        model = Development
        fields = tuple(
            name for name in Development.CONTENT if name not in ("occurred_precision", "occurred_last")
        )
        help_texts = {
            "party": "Who acts or speaks. Default: the speaker’s own party.",
            "speech_act": "Required for a statement.",
        }

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["follows"].kept = self.initial.get("follows") or ""
        # A version that is only read has no such field.
        if zone := self.fields.get("occurred_zone"):
            zone.help_text = zone.help_text.replace(
                "that of this installation",
                f"{timezone.get_default_timezone_name()}, that of this installation",
            )

    @property
    def judged_later(self):
        """That somebody acts or speaks, while the speaker, whose party it may be, is wrong itself."""
        return frozenset({"development_of_party_or_talk"} if "speaker" in (self._errors or ()) else ())

    def clean(self):
        """Set the party to the speaker's own if none is given."""
        cleaned = super().clean()
        if "party" in cleaned and not cleaned["party"] and (speaker := cleaned.get("speaker")):
            cleaned["party"] = speaker.party
        return cleaned


class RaisingForm(DevelopmentForm):
    """The development that raises a new item, which determines its process and talk."""

    sections = (
        ("First mentioned in", ("kind", "occurred_on", "occurred_inferred", "headline", "detail")),
        (TIME_AND_ORDER, ("occurred_time", "occurred_zone", "follows")),
        ("Who, and on what basis", ("party", "speaker", "speech_act", "strength", "basis")),
    )
    FROM_LINKS = ("party", "speaker", "occurred_on", "occurred_inferred")
    """The fields that a link to the page of a new item may prefill."""

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

    `item`: the item of all rows, which then have no field for it.
    """

    alike = (("item", "party", "wording_language"), ("item", "party"), ("item",))
    status = StatusField()
    due_on = SpanField(precision="due_precision", required=False, label="Due")
    places = {
        "effect_status_of_its_kind": "status",
        "effect_firmness_of_demand": "firmness",
        "effect_outcome_of_talk": "outcome",
        "effect_due_of_dated_kind": "due_on",
        "effect_review_of_due": "review_on",
        "effect_language_of_wording": "wording_language",
    }
    # `recording` fills in the development's party, and the review date of a phrase.
    judged_later = frozenset({"effect_stance_of_party", "effect_due_phrase_has_review"})

    class Meta(PageMeta):
        model = Effect
        fields = (
            "item", "status", "stance", "party", "firmness", "outcome", "due_on", "due_phrase", "review_on",
            "wording", "wording_language",
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
        """Remove the fields that an item of `kind` does not have."""
        self.fields["status"].only_of(kind)
        for name, kinds in OF_KINDS.items():
            if kind not in kinds:
                del self.fields[name]

    def _item_kind(self) -> str | None:
        """The kind of the row's item, if known before validation."""
        known = self.initial.get("item")
        text = self.data.get(self.add_prefix("item")) if self.is_bound else None
        if text and self.offers:
            try:
                known = find_typed(self.offers.of(Item).queryset, text)
            except ValidationError:
                known = None
        return known.item_kind if isinstance(known, Item) else None

    def clean(self):
        """Convert an empty wording to None."""
        cleaned = super().clean()
        if "wording" in cleaned:
            cleaned["wording"] = cleaned["wording"] or None
        return cleaned

    def _get_validation_exclusions(self):
        # Constraints on the item kind, and on fields that it does not have, must still be checked.
        exclude = super()._get_validation_exclusions()
        broken = set(self._errors or ())
        judged = {*OF_KINDS, "due_precision", "due_last"} | (set() if "item" in broken else {"item_kind"})
        return exclude - (judged - broken)


def refuse_more(effects: BaseFormSet) -> None:
    """Add an error to each row that sets more than its wording, beside one on its item in another language."""
    kept = (row for row in effects.forms if row.has_changed() and not effects._should_delete_form(row))
    rows = {id(row.instance): row for row in kept}
    if len(rows) > 1:
        for effect, name in setting_too_much(row.instance for row in rows.values()):
            rows[id(effect)].add_error(name, NOTHING_MORE)


class CitationForm(PartForm):
    """A source of a development, with a quote."""

    alike = (("source", "quote"), ("source",))

    class Meta(PageMeta):
        model = Citation
        fields = ("source", "quote", "place", "credibility")
        labels = {"place": "Location in source"}


class EffectRows(Parts, BaseFormSet):
    """The effects of a development."""

    name, heading, noun = "effects", "What it changes", "Effect"

    def clean(self):
        """Refuse more than a wording in a row with the wording in another language."""
        refuse_more(self)


class CitationRows(Parts, BaseFormSet):
    """The citations of a development."""

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
        """The initial rows of a formset: one with the record `name` of `initial`, if given."""
        return [{name: self.initial[name]}] if self.initial.get(name) else []

    def add_citations(self, initial: list[dict]) -> None:
        """Set up the rows of citations."""
        self.parts["citations"] = Citations(
            self.data, prefix="citations", initial=initial, form_kwargs={"offers": self.offers}
        )
        # What is entered for a restricted process is kept to it, unless that is taken out of the form.
        process = self.offers.process
        kept = f"?process={process.ref}" if process and process.restricted else ""
        self.parts["citations"].new_url = f"/sources/new/{kept}"

    def is_valid(self):
        """Validate every form and row; a source is citable in the process, and a stance has a party."""
        valid = super().is_valid() and self.are_citable()
        if {"party", "speaker"} & set(self.development.errors):
            return False
        for row in self.parts["effects"].forms:
            cleaned = getattr(row, "cleaned_data", {})
            lacks_party = cleaned.get("stance") and not (cleaned.get("party") or "party" in row.errors)
            if lacks_party and not self.speaking_party():
                row.add_error("party", "A stance is somebody’s: name the party here or above.")
                valid = False
        return valid

    def are_citable(self) -> bool:
        """Whether no source is kept to another process; shows at each that is, that it cannot be cited."""
        process = getattr(self.form, "cleaned_data", {}).get("process")
        valid = True
        for row in self.parts["citations"].forms:
            source = getattr(row, "cleaned_data", {}).get("source")
            if process and source and source.process_id not in (None, process.pk):
                row.add_error("source", kept_elsewhere(source))
                valid = False
        return valid

    def speaking_party(self):
        """The party of the development, or None."""
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
