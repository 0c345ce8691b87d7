"""The rules of a wording in several languages: which text comes first, and what a row of another language may set."""

from collections.abc import Iterable, Iterator, Sequence

from django.core.exceptions import ValidationError

from tracker.models import Effect
from tracker.models.fields import concrete_field
from tracker.text.languages import language_suffix

MORE = tuple(name for name in Effect.CONTENT if name not in ("item", "party", "wording", "wording_language"))
"""The fields by which an effect sets something besides a wording."""

NOTHING_MORE = "A row with the wording in another language sets nothing else: leave this to the other row."


def unite_texts(effects: Sequence[Effect]) -> None:
    """Store `other_texts` of the `effects` of one development.

    Of the texts that they set of one item, the one without a language comes first, or else the first one.
    """
    wordings: dict[int, dict[str, str]] = {}
    for effect in effects:
        if effect.wording:
            wordings.setdefault(effect.item_id, {}).setdefault(effect.wording_language, effect.wording)
    for effect in effects:
        effect.other_texts = []
        if effect.wording:
            texts = wordings[effect.item_id]
            first, *others = sorted(texts, key=bool)
            is_first = effect.wording_language == first
            effect.other_texts = [[code, texts[code]] for code in others] if is_first else None


def setting_too_much(effects: Iterable[Effect]) -> Iterator[tuple[Effect, str]]:
    """Each of the `effects` of one development that sets something else than its wording, and what, though another one
    on the same item, with a wording in another language, does so already."""
    setting: dict[tuple, Effect] = {}
    for effect in effects:
        more, key = what_more(effect), (effect.item_id, effect.party_id)
        if more and setting.setdefault(key, effect).wording_language != effect.wording_language:
            yield effect, more


def require_nothing_more(effects: Iterable[Effect]) -> None:
    """Raise ValidationError for what `setting_too_much` finds."""
    for effect, name in setting_too_much(effects):
        label = concrete_field(Effect, name).verbose_name
        raise ValidationError(
            f"“{effect.item}”, {label}{language_suffix(effect.wording_language)}: {NOTHING_MORE}"
        )


def what_more(effect: Effect) -> str:
    """The first field by which `effect` sets something besides a wording; empty if there is none."""
    return next((name for name in MORE if getattr(effect, name)), "")
