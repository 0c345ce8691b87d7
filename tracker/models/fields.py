"""Fields with a label of their own, and typed access to fields and relations that are only known at run time."""

from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from tracker.models.vocabularies.base import Vocabulary

validate_ref = RegexValidator(
    r"^[a-z]{3}-[a-z0-9-]{1,60}$",
    "A reference looks like dem-7k2mqx0v9c4t: three letters, a hyphen, then a-z, 0-9 and -.",
)


class Labelled(models.Field):
    """Mixin for a field whose label (`verbose_name`) is not its name; to change the label needs no migration."""

    def deconstruct(self):
        """That of the field of Django without a label, which is all that a migration needs."""
        name, _, args, options = super().deconstruct()
        options.pop("verbose_name", None)
        return name, f"django.db.models.{type(self).__name__.removeprefix('Labelled')}", args, options

    def clone(self):
        """A copy, with the label."""
        _, _, args, options = super().deconstruct()
        return type(self)(*args, **options)


class LabelledCharField(Labelled, models.CharField):
    """A text or code."""


class BytewiseCharField(models.CharField):
    """A text of ASCII that both databases compare by its bytes, as Python does; SQLite does so by itself."""

    def db_parameters(self, connection):
        """Those of Django, with the collation where the database would else use that of a language."""
        collation = {"collation": "C"} if connection.vendor == "postgresql" else {}
        return super().db_parameters(connection) | collation


BETWEEN_CODES = "; "


class CodeListField(models.CharField):
    """One or more codes of `vocabulary` in a text: "mediator; host", in its order. A new code needs no migration.

    Codes that are among `apart` and codes that are not contradict each other.
    """

    def __init__(self, *args, vocabulary: type[Vocabulary], apart: Collection[str] = frozenset(), **options):
        super().__init__(*args, **options)
        self.vocabulary, self.apart = vocabulary, apart

    def deconstruct(self):
        """That of a text, which is all that a migration needs."""
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options

    def clone(self):
        """A copy, with the vocabulary."""
        _, _, args, options = super().deconstruct()
        return type(self)(*args, vocabulary=self.vocabulary, apart=self.apart, **options)

    def formfield(self, **options):
        """The form field that is asked for, without the length, which is no choice of the user."""
        return super(models.CharField, self).formfield(**options)

    @property
    def validators(self):
        """Those of a text, and that each code is of the vocabulary and contradicts no other."""
        return [*super().validators, self._require_codes]

    def _require_codes(self, text: str) -> None:
        if unknown := [code for code in text.split(BETWEEN_CODES) if code not in self.vocabulary.values]:
            raise ValidationError(f"“{unknown[0]}” is not one of {', '.join(self.vocabulary.values)}.")
        if text != self.joined([text]):
            raise ValidationError("Each code stands once, in the order of the vocabulary.")
        if contradiction := self.contradiction(text):
            raise ValidationError(contradiction)

    def contradiction(self, text: str) -> str:
        """Why one record cannot have all codes in `text`, with the first two that contradict each other; or empty."""
        first, *others = text.split(BETWEEN_CODES)
        against = next((code for code in others if (code in self.apart) != (first in self.apart)), "")
        return against and f"It cannot be both “{self.labels(first)}” and “{self.labels(against)}”."

    def to_python(self, value):
        """The codes in order, each once."""
        return value if value is None else self.joined([str(value)])

    def joined(self, texts: Iterable[str]) -> str:
        """All codes of `texts`, each a code or several; unknown ones come last."""
        codes = dict.fromkeys(code for text in texts for code in text.split(BETWEEN_CODES) if code)
        ranks = {code: rank for rank, code in enumerate(self.vocabulary.values)}
        return BETWEEN_CODES.join(sorted(codes, key=lambda code: ranks.get(code, len(ranks))))

    def labels(self, text: str) -> str:
        """The labels of the codes in `text`, separated like them."""
        names = dict(self.vocabulary.choices)
        return BETWEEN_CODES.join(str(names.get(code, code)) for code in text.split(BETWEEN_CODES))


def starting_with(lookup: str, code: str) -> Q:
    """Whether `code` is the first in the list of codes at `lookup`."""
    return Q(**{lookup: code}) | Q(**{f"{lookup}__startswith": f"{code}{BETWEEN_CODES}"})


def having(lookup: str, code: str) -> Q:
    """Whether `code` is in the list of codes at `lookup`."""
    last, amid = f"{BETWEEN_CODES}{code}", f"{BETWEEN_CODES}{code}{BETWEEN_CODES}"
    return (
        starting_with(lookup, code) | Q(**{f"{lookup}__endswith": last}) | Q(**{f"{lookup}__contains": amid})
    )


class LabelledForeignKey(Labelled, models.ForeignKey):
    """A relation."""


def concrete_field(model: type[models.Model], name: str) -> models.Field:
    """The field `name` of `model`; raises TypeError for a reverse relation."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{name} of {model.__name__} is declared elsewhere.")
    return field


def related_model(field: models.Field) -> type[models.Model]:
    """The model that `field` refers to; raises TypeError if it is not a relation."""
    model = field.related_model
    if not isinstance(model, type):
        raise TypeError(f"{field.name} refers to no record.")
    return model


def model_at(model: type[models.Model], path: Iterable[str]) -> type[models.Model]:
    """The model that the relations of `path` lead to from `model`; raises FieldDoesNotExist if one is missing."""
    for step in path:
        model = model._meta.get_field(step).related_model  # type: ignore[assignment]  # the path is of relations
    return model
