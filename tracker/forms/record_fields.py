"""Form fields that name other records: text inputs with suggestions, usable without JavaScript."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from tracker.models import Item, Office, Party, Person, Process, Record, Source
from tracker.models.names import NameRank
from tracker.queries.record_lookup import find
from tracker.text.names import key, visible

OFFERED = 200
"""How many records are offered within the page; where there are more, they are looked up as one types."""

SPARE = 3
"""How many empty inputs a many-valued relation has for more."""


def list_id(model: type[Record]) -> str:
    """The id of the datalist with suggestions of `model`."""
    return f"options-{model._meta.model_name}"


def suggesting(model: type[Record]) -> dict:
    """The attributes of a text input that looks up what it suggests as one types."""
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
    """What is typed for `record`: its name, and its id in brackets unless no two may have one name."""
    name = str(record)
    unique = any(record._meta.get_field(field).unique for field in record.name_fields[:1])
    return name if unique else f"{name} [{record.ref}]"


class Offer:
    """The records of one model that a reader may refer to, as far as a page offers them."""

    def __init__(self, queryset, process: Process | None = None):
        """`queryset`: what the reader may see; `process`: if known, the one whose items are meant."""
        model = queryset.model
        if process is not None and issubclass(model, Item):
            queryset = queryset.filter(process=process)
        if model is Office:
            queryset = queryset.select_related("person")
        if model is Source:
            queryset = queryset.defer("text")
        self.queryset = queryset
        self.always_searched = False
        self.id = list_id(model)

    @cached_property
    def _first(self) -> list[Record]:
        return list(self.queryset[: OFFERED + 1])

    @property
    def is_searched(self) -> bool:
        """Whether they are looked up as one types: there are too many for the page, or it is not to read them."""
        return self.always_searched or len(self._first) > OFFERED

    @property
    def attrs(self) -> dict:
        """The attributes of an input that suggests them."""
        here = {"autocomplete": "off", "list": self.id}
        return suggesting(self.queryset.model) if self.is_searched else here

    @property
    def options(self) -> list[tuple[str, str]]:
        """What is offered within the page, pairs of what is typed and a hint; none if too many."""
        return [] if self.is_searched else [option(record) for record in self._first]


def option(record: Record, typed: str = "") -> tuple[str, str]:
    """One suggestion: what is typed for `record`, and what helps to tell it from others.

    Browsers offer only what contains the letters `typed`, so the hint repeats them where they are spelt otherwise.
    """
    hints = []
    if isinstance(record, Item):
        hints.append(record.get_item_kind_display())
    elif isinstance(record, Office):
        hints.append(str(record.person))
    elif isinstance(record, Party | Person):
        typed_key = key(typed)
        others = [name for rank, name in record.names() if name and rank == NameRank.OTHER]
        hints += [name for name in others if name not in record.name and typed_key in key(name)]
    name, hint = name_of(record), ", ".join(dict.fromkeys(hints))
    if typed.casefold() not in f"{name}\n{hint}".casefold():
        hint = f"{hint} – {typed}" if hint else typed
    return name, hint


class Offers:
    """What one reader may refer to on one page; a model's records are read once for all fields."""

    def __init__(self, user, process: Process | None = None):
        self.user = user
        self.process = process
        self._by_model = {}

    def of(self, model: type[Record]) -> Offer:
        """The offer of `model`."""
        if model not in self._by_model:
            self._by_model[model] = Offer(model.objects.visible_to(self.user), self.process)
        return self._by_model[model]

    def search_all(self) -> None:
        """Offer nothing within the page, which then needs no query for its inputs."""
        for offer in self:
            offer.always_searched = True

    def __iter__(self):
        return iter(self._by_model.values())


class RelationInput(forms.TextInput):
    """One text input that suggests records."""

    offer: Offer | None = None

    def build_attrs(self, base_attrs, extra_attrs=None):
        """Django's, with what makes the input suggest."""
        return super().build_attrs(base_attrs, extra_attrs) | (self.offer.attrs if self.offer else {})


class RelationsInput(forms.Widget):
    """Several text inputs of one name, with empty ones to spare; it cleans to the list of what was typed."""

    template_name = "forms/relations.html"
    use_fieldset = True
    offer: Offer | None = None
    label = ""

    @property
    def suggestions(self) -> dict:
        """The attributes that make each input suggest."""
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
        """Left as it is; the inputs are made in `get_context`."""
        return value

    def value_from_datadict(self, data, files, name):
        """The texts of the inputs, the empty ones among them: each is shown again where it was typed."""
        return data.getlist(name)

    def id_for_label(self, id_):
        """The first input."""
        return f"{id_}_0" if id_ else id_


class RelationField(forms.ModelChoiceField):
    """A record, named by id, name, alias or `Name [id]`; else refused with the nearest or the candidates."""

    widget = RelationInput

    def prepare_value(self, value):
        """What stands in the input for a record, a primary key, or what was typed."""
        if isinstance(value, int):
            value = self.queryset.filter(pk=value).first()
        return name_of(value) if isinstance(value, Record) else value

    def to_python(self, value):
        """The record that `value` (text, primary key or record) means, or None; raises ValidationError."""
        if value in self.empty_values or isinstance(value, Record):
            return value or None
        if isinstance(value, int):
            return self.queryset.get(pk=value)
        return find_typed(self.queryset, value) if visible(value) else None

    def has_changed(self, initial, data):
        """Whether something else was typed than stood there."""
        return (self.prepare_value(initial) or "") != (data or "")


class RelationsField(forms.ModelMultipleChoiceField):
    """Several records, each named as in RelationField."""

    widget = RelationsInput

    def prepare_value(self, value):
        """What stands in the inputs for a list of records, or for what was typed."""
        texts = [value] if isinstance(value, str | Record) else value or []
        return [name_of(text) if isinstance(text, Record) else text for text in texts]

    def typed(self, value):
        """The texts of `prepare_value` in which there is something."""
        return [text for text in self.prepare_value(value) if visible(text)]

    def clean(self, value):
        """The records that the texts mean, each once; raises ValidationError for all that cannot be told."""
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
    """The record that was typed; raises ValidationError as `find` does, and for a null character."""
    if "\x00" in text:
        raise ValidationError("Null characters are not allowed.", code="null_characters_not_allowed")
    return find(queryset, text)
