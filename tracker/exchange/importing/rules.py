"""What import shares with the forms, and what tells the records of a type apart where a row gives no id."""

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
    Development,
    Effect,
    Issue,
    Item,
    Office,
    Party,
    Person,
    Process,
    ProcessLink,
    Source,
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

SOUGHT = {Development: ("process", "happened_key", "headline")}
"""By which of these the database finds the record at once, where it has another way than the fields themselves."""


def fixed(model) -> tuple[str, ...]:
    """The fields of `model` that stay as they were recorded."""
    own = FORMS[model].fixed
    return (*own, WHOLE[model]) if model in WHOLE else own


def identity(model) -> tuple[str, ...]:
    """The fields that tell the records of `model` apart."""
    return IDENTITY[Item if issubclass(model, Item) else model]


def key(record) -> tuple:
    """What `record` says in the fields of its identity."""
    fields = (record._meta.get_field(name) for name in identity(type(record)))
    return tuple(getattr(record, field.attname) or None for field in fields)


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
