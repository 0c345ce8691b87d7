"""Form fields that name other records: text inputs with suggestions, usable without JavaScript."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from tracker.clocks import READ_AT, Clocks
from tracker.models import Development, Item, Office, Party, Person, Process, Record, Source
from tracker.models.names import NameRank
from tracker.queries.record_lookup import find, ref_in
from tracker.text.folding import key, visible

OFFERED = 200
"""How many records are suggested within the page; if there are more, they are looked up while typing."""

SPARE = 3
"""The number of empty inputs of a many-valued relation."""


def list_id(model: type[Record]) -> str:
    """The id of the datalist with suggestions of `model`."""
    return f"options-{model._meta.model_name}"


def suggesting(model: type[Record]) -> dict:
    """The attributes of a text input that looks up suggestions while typing."""
    name = list_id(model)
    return {
        "autocomplete": "off",
        "list": name,
        "hx-get": f"/options/{model._meta.model_name}/",
        "hx-trigger": "input changed delay:200ms, focus once",
        "hx-target": f"#{name}",
        "hx-swap": "innerHTML",
        "hx-push-url": "false",
        "hx-include": "[name='process'], #kept",
    }


def name_of(record: Record) -> str:
    """The text to enter for `record`: its name, with its id in brackets unless names are unique."""
    name = str(record)
    unique = any(getattr(rule, "fields", ()) == record.name_fields[:1] for rule in record._meta.constraints)
    return name if unique else f"{name} [{record.ref}]"


class Offer:
    """The records of one model that a form may refer to, with suggestions."""

    def __init__(self, queryset, process: Process | None = None):
        """`queryset`: the records that the user may see; `process`: limits items to one process, if known."""
        model = queryset.model
        if process is not None and issubclass(model, Item | Development):
            queryset = queryset.filter(process=process)
        if model is Development:
            queryset = queryset.at(Clocks(known=READ_AT.get()))
        if model is Office:
            queryset = queryset.select_related("person")
        if model is Source:
            queryset = queryset.defer("text")
        self.queryset = queryset
        # Of a process there are too many to be put into a page for the few that name one.
        self.always_searched = model is Development
        self.id = list_id(model)

    @cached_property
    def _first(self) -> list[Record]:
        return list(self.queryset[: OFFERED + 1])

    @property
    def is_searched(self) -> bool:
        """Whether suggestions are looked up while typing: there are too many, or `search_all` was called."""
        return self.always_searched or len(self._first) > OFFERED

    @property
    def attrs(self) -> dict:
        """The attributes of an input with these suggestions."""
        here = {"autocomplete": "off", "list": self.id}
        return suggesting(self.queryset.model) if self.is_searched else here

    @property
    def options(self) -> list[tuple[str, str]]:
        """The suggestions within the page, pairs of text and hint; empty if too many."""
        return [] if self.is_searched else [option(record) for record in self._first]


def option(record: Record, typed: str = "") -> tuple[str, str]:
    """One suggestion: the text for `record`, and a hint that distinguishes it from others.

    Browsers only show options that contain the letters `typed`, so the hint repeats them if the name does not.
    """
    hints = []
    if isinstance(record, Item):
        hints.append(record.get_item_kind_display())
    elif isinstance(record, Office):
        hints.append(str(record.person))
    elif isinstance(record, Development):
        hints.append(str(record.occurred))
    elif isinstance(record, Party | Person):
        typed_key = key(typed)
        others = [name for rank, name in record.names() if name and rank == NameRank.OTHER]
        hints += [name for name in others if name not in record.name and typed_key in key(name)]
    name, hint = name_of(record), ", ".join(dict.fromkeys(hints))
    if typed.casefold() not in f"{name}\n{hint}".casefold():
        hint = f"{hint} – {typed}" if hint else typed
    return name, hint


class Offers:
    """The records that one user may refer to on one page, loaded once per model for all fields."""

    def __init__(self, user, process: Process | None = None):
        self.user = user
        self.process = process
        self._by_model = {}

    def of(self, model: type[Record]) -> Offer:
        """The Offer of `model`."""
        if model not in self._by_model:
            self._by_model[model] = Offer(model.objects.visible_to(self.user), self.process)
        return self._by_model[model]

    def search_all(self) -> None:
        """Put no suggestions into the page, which then needs no query for them."""
        for offer in self:
            offer.always_searched = True

    def __iter__(self):
        return iter(self._by_model.values())


class RelationInput(forms.TextInput):
    """One text input that suggests records."""

    offer: Offer | None = None

    def build_attrs(self, base_attrs, extra_attrs=None):
        """Django's attributes, with those for suggestions."""
        return super().build_attrs(base_attrs, extra_attrs) | (self.offer.attrs if self.offer else {})


class RelationsInput(forms.Widget):
    """Several text inputs with the same name, some of them empty; its value is the list of texts."""

    template_name = "forms/relations.html"
    use_fieldset = True
    offer: Offer | None = None
    label = ""

    @property
    def suggestions(self) -> dict:
        """The attributes for suggestions of each input."""
        return self.offer.attrs if self.offer else {}

    def get_context(self, name, value, attrs):
        """Django's context with `inputs` (id, value and number of each), `base` of the ids, `suggestions`, `label`."""
        context = super().get_context(name, value, attrs)
        base = context["widget"]["attrs"].get("id", name)
        values = list(value or [])
        filled = max((number for number, text in enumerate(values, start=1) if text.strip()), default=0)
        values += [""] * (filled + SPARE - len(values))
        inputs = [(f"{base}_{number}", text, number + 1) for number, text in enumerate(values)]
        return context | {
            "inputs": inputs,
            "base": base,
            "suggestions": self.suggestions,
            "label": self.label,
        }

    def format_value(self, value):
        """`value` unchanged; `get_context` creates the inputs."""
        return value

    def value_from_datadict(self, data, files, name):
        """The texts of all inputs, including empty ones, so that each is shown again in its place."""
        return data.getlist(name)

    def id_for_label(self, id_):
        """The id of the first input."""
        return f"{id_}_0" if id_ else id_


class RelationField(forms.ModelChoiceField):
    """A record, entered by id, name, alias or `Name [id]`; errors suggest the nearest or list the candidates."""

    widget = RelationInput

    def prepare_value(self, value):
        """The text of the input, for a record, a primary key, or typed text."""
        if isinstance(value, int):
            value = self.queryset.filter(pk=value).first()
        return name_of(value) if isinstance(value, Record) else value

    def to_python(self, value):
        """The record for `value` (text, primary key or record), or None; raises ValidationError."""
        if value in self.empty_values or isinstance(value, Record):
            return value or None
        if isinstance(value, int):
            return self.queryset.get(pk=value)
        return find_typed(self.queryset, value) if visible(value) else None

    def has_changed(self, initial, data):
        """Whether something else was typed than stood there."""
        return (self.prepare_value(initial) or "") != (data or "")


class PredecessorField(RelationField):
    """A development that another one comes after, entered by headline or id; cleans to its id.

    `kept`: the id that stood there, which may stay even if that development was withdrawn meanwhile.
    """

    kept = ""

    def prepare_value(self, value):
        """The text of the input; for the id that stood there, with the headline."""
        if value and value == self.kept:
            value = self.queryset.filter(ref=value).first() or value
        return super().prepare_value(value)

    def clean(self, value):
        """The id of the development, or an empty text; raises ValidationError like RelationField."""
        if self.kept and self.kept in (value, ref_in(str(value))):
            return self.kept
        development = super().clean(value)
        return development.ref if development else ""


class RelationsField(forms.ModelMultipleChoiceField):
    """Several records, each named as in RelationField."""

    widget = RelationsInput

    def prepare_value(self, value):
        """The texts of the inputs, for a list of records or typed texts."""
        texts = [value] if isinstance(value, str | Record) else value or []
        return [name_of(text) if isinstance(text, Record) else text for text in texts]

    def typed(self, value):
        """The non-empty texts of `prepare_value`."""
        return [text for text in self.prepare_value(value) if visible(text)]

    def clean(self, value):
        """The distinct records for the texts; raises ValidationError for all that cannot be resolved."""
        records, errors = {}, []
        for text in self.typed(value):
            try:
                records[find_typed(self.queryset, text)] = None
            except ValidationError as error:
                errors.extend(error.error_list)
        if errors:
            raise ValidationError(errors)
        if self.required and not records:
            raise ValidationError(self.error_messages["required"], code="required")
        return list(records)

    def has_changed(self, initial, data):
        """Whether something else was typed than stood there."""
        return self.typed(initial) != self.typed(data)


def find_typed(queryset, text: str) -> Record:
    """The record for `text`; raises ValidationError like `find`, and for a null character."""
    if "\x00" in text:
        raise ValidationError("Null characters are not allowed.", code="null_characters_not_allowed")
    return find(queryset, text)
