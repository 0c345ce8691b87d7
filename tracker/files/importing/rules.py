"""What import shares with the forms, and what tells the records of a type apart where a row gives no id."""

from collections.abc import Iterator

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import UniqueConstraint

from tracker.files.importing.columns import precision_of
from tracker.forms.actors import OfficeForm, PartyForm, PersonForm
from tracker.forms.assessments import AssessmentForm, WatchPhraseForm
from tracker.forms.developments import CitationForm, DevelopmentForm, EffectForm
from tracker.forms.follow_ups import FollowUpForm
from tracker.forms.positions import DemandForm, PrincipleForm
from tracker.forms.processes import IssueForm, ProcessForm, ProcessLinkForm
from tracker.forms.sources import SourceForm
from tracker.forms.talks import DelegateForm, DelegationForm, TalkForm
from tracker.models import (
    Assessment,
    Citation,
    Delegate,
    Delegation,
    Demand,
    Development,
    Effect,
    FollowUp,
    Issue,
    Item,
    Office,
    Party,
    Person,
    Principle,
    Process,
    ProcessLink,
    Source,
    Talk,
    WatchPhrase,
)

FORMS = {
    form._meta.model: form
    for form in (
        AssessmentForm, CitationForm, DelegateForm, DelegationForm, DemandForm, DevelopmentForm, EffectForm,
        FollowUpForm, IssueForm, OfficeForm, PartyForm, PersonForm, PrincipleForm, ProcessForm, ProcessLinkForm,
        SourceForm, TalkForm, WatchPhraseForm,
    )
}  # fmt: skip

WHOLE = {Office: "person", Delegate: "delegation", Effect: "development", Citation: "development"}
"""What a part is part of, which stays as it was recorded."""

IDENTITY = {
    Assessment: ("process", "author", "author_name", "statement", "made_on"),
    Citation: ("development", "source", "quote", "place"),
    Delegate: ("delegation", "person"),
    Delegation: ("talk", "party"),
    Development: Development.CONTENT,
    Effect: ("development", "item", "party"),
    Issue: ("name",),
    Item: ("process", "title"),
    Office: ("person", "title", "held_from"),
    Party: ("name",),
    Person: ("name", "party"),
    Process: ("title",),
    ProcessLink: ("from_process", "to_process", "kind"),
    Source: ("publisher", "title", "published_on"),
    WatchPhrase: ("process", "phrase"),
}
"""By what a row without an id means the record on file that says the same: a file brought in twice makes nothing."""

APART = {
    Assessment: ("item", "source"),
    Demand: ("party",),
    FollowUp: ("owner", "talk"),
    Office: ("party", "organisation"),
    Person: ("affiliation",),
    Principle: ("talk", "number"),
    Source: ("url",),
    Talk: ("place", "host"),
}
"""What else tells records of one identity apart, where both say it: a row that leaves it out may mean any of them."""

SOUGHT = {Development: ("process", "happened_key", "headline")}
"""By which of these the database finds the record at once, where it has another way than the fields themselves."""


def fixed(model) -> tuple[str, ...]:
    """The fields of `model` that stay as they were recorded."""
    own = FORMS[model].fixed
    return (*own, WHOLE[model]) if model in WHOLE else own


def identity(model) -> tuple[str, ...]:
    """The fields that tell the records of `model` apart."""
    return IDENTITY[Item if issubclass(model, Item) else model]


def apart(model) -> tuple[str, ...]:
    """The fields that tell records of `model` with one identity apart."""
    return APART.get(model, ())


def said(record, names: tuple[str, ...]) -> tuple:
    """What `record` says in the fields called `names`, dates with their precision; None for nothing."""
    fields = []
    for name in names:
        fields.append(record._meta.get_field(name).attname)
        fields += filter(None, [precision_of(type(record), name)])
    return tuple(getattr(record, field) or None for field in fields)


def key(record) -> tuple:
    """What `record` says in the fields of its identity."""
    return said(record, identity(type(record)))


def lookups(records: list) -> dict:
    """The conditions that leave, among the records of a model, all that may be those of `records`, and few others."""
    model = type(records[0])
    names = SOUGHT.get(model, identity(model))
    found = {}
    for name in names:
        field = model._meta.get_field(name)
        values = {getattr(record, field.attname) for record in records}
        # A list of values finds no row that has none.
        if None not in values and not field.null:
            found[f"{name}__in"] = list(values)
    return found


def placed(
    record, error: ValidationError, left_out: frozenset[str] = frozenset()
) -> Iterator[tuple[str, str]]:
    """Pairs of a field, empty where the rule is of no one field, and what is wrong; but for constraints `left_out`."""
    form = FORMS[type(record)]
    rules = {
        rule.get_violation_error_message(): rule
        for model in (*record._meta.parents, type(record))
        for rule in model._meta.constraints
    }
    errors = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for name, some in errors.items():
        for one in some:
            rule = rules.get(one.message)
            if rule is None or rule.name not in left_out:
                field = name if name != NON_FIELD_ERRORS else ""
                field = form.places.get(rule.name, _told_by(rule) or field) if rule else field
                yield from ((field, message) for message in one.messages)


def _told_by(rule) -> str:
    """Which field of one that must be unique is most likely wrong: the one that it depends on, or else the last."""
    if not isinstance(rule, UniqueConstraint):
        return ""
    return next(iter(rule.condition.referenced_base_fields)) if rule.condition else rule.fields[-1]
