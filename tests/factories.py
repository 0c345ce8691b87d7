"""Makers of records for tests; each goes through the one door, as the application does."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from tests.trusting import trusting
from tracker import models, recording
from tracker.models.vocabularies import UserRole

PASSWORD = "correct horse battery staple"  # noqa: S105


class UserFactory(DjangoModelFactory):
    """A user with PASSWORD; UserFactory(editor=True) and its like choose the role."""

    class Meta:
        model = models.User
        django_get_or_create = ("username",)

    class Params:
        viewer = factory.Trait(role=UserRole.VIEWER)
        analyst = factory.Trait(role=UserRole.ANALYST)
        editor = factory.Trait(role=UserRole.EDITOR)
        administrator = factory.Trait(role=UserRole.ADMINISTRATOR)

    username = factory.Sequence("user-{}".format)
    password = factory.django.Password(PASSWORD)
    role = UserRole.ANALYST


class RecordFactory(DjangoModelFactory):
    """Saves through the door, in the name of `by`; many-valued relations are given as lists."""

    class Meta:
        abstract = True

    by = factory.LazyFunction(lambda: UserFactory(username="clerk", administrator=True))

    @classmethod
    def _create(cls, model_class, *args, by, **values):
        related = take_related(model_class, values)
        record = model_class(*args, **values)
        with trusting():
            recording.save(by, record, related)
        return record


def take_related(model_class, values):
    """Take out of `values` what belongs to the many-valued relations of `model_class`."""
    return {
        field.name: values.pop(field.name) for field in model_class._meta.many_to_many if field.name in values
    }


class PartyFactory(RecordFactory):
    class Meta:
        model = models.Party

    name = factory.Sequence("Party {}".format)
    kind = "state"


class PersonFactory(RecordFactory):
    class Meta:
        model = models.Person

    class Params:
        expert = factory.Trait(party=None, affiliation="Institute of International Studies")

    name = factory.Sequence("Person {}".format)
    party = factory.SubFactory(PartyFactory)


class OfficeFactory(RecordFactory):
    class Meta:
        model = models.Office

    person = factory.SubFactory(PersonFactory)
    title = factory.Sequence("Office {}".format)


class IssueFactory(RecordFactory):
    class Meta:
        model = models.Issue

    name = factory.Sequence("Issue {}".format)


class SourceFactory(RecordFactory):
    class Meta:
        model = models.Source

    publisher = "Daily Gazette"
    title = factory.Sequence("Report {}".format)
    kind = "news_report"
    published_on = dt.date(2025, 2, 18)
    published_precision = "day"


class ProcessFactory(RecordFactory):
    class Meta:
        model = models.Process

    class Params:
        secret = factory.Trait(restricted=True)

    title = factory.Sequence("Process {}".format)
    aim = "To end the dispute."


class ProcessLinkFactory(RecordFactory):
    class Meta:
        model = models.ProcessLink

    from_process = factory.SubFactory(ProcessFactory)
    to_process = factory.SubFactory(ProcessFactory)
    kind = "precedent"


class DevelopmentFactory(RecordFactory):
    """A development of unsaved `effects`, `citations` and `items`, as `recording.record` takes them."""

    class Meta:
        model = models.Development

    class Params:
        statement = factory.Trait(kind="statement", speech_act="states", basis="own_words")

    effects = ()
    citations = ()
    items = ()
    process = factory.LazyAttribute(lambda new: of_effects(new.effects) or ProcessFactory())
    occurred_on = dt.date(2025, 2, 18)
    occurred_precision = "day"
    kind = "report"
    headline = factory.Sequence("Development {}".format)
    party = factory.SubFactory(PartyFactory)
    basis = "paraphrase"

    @classmethod
    def _create(cls, model_class, *args, by, effects, citations, items, **values):
        with trusting():
            return recording.record(by, model_class(*args, **values), effects, citations, items)


def of_effects(effects):
    """The process that `effects` belong to, None where there are none."""
    return effects[0].item.process if effects else None


class ItemFactory(RecordFactory):
    """Records an item with what raises it, which `effect__status`, `development__party` etc. describe."""

    class Meta:
        abstract = True

    process = factory.SubFactory(ProcessFactory)
    development = factory.Dict({})

    @classmethod
    def _create(cls, model_class, *args, by, effect, development, **values):
        related = take_related(model_class, values)
        item = model_class(*args, **values)
        raised = {"process": item.process, "effects": [models.Effect(item=item, **effect)]}
        DevelopmentFactory(by=by, items=[(item, related)], **raised | development)
        item.refresh_from_db()
        return item


class TalkFactory(ItemFactory):
    class Meta:
        model = models.Talk

    title = factory.Sequence("Talk {}".format)
    form = "in_person_bilateral"
    level = "minister"
    effect = factory.Dict({"status": "held"})


class PrincipleFactory(ItemFactory):
    class Meta:
        model = models.Principle

    title = factory.Sequence("Principle {}".format)
    parties = factory.LazyFunction(lambda: [PartyFactory(), PartyFactory()])
    effect = factory.Dict({"status": "claimed"})


class DemandFactory(ItemFactory):
    class Meta:
        model = models.Demand

    title = factory.Sequence("Demand {}".format)
    kind = "demand"
    party = factory.SubFactory(PartyFactory)
    development = factory.Dict({"party": factory.SelfAttribute("..party")})
    effect = factory.Dict({"status": "open", "firmness": "stated"})


class FollowUpFactory(ItemFactory):
    class Meta:
        model = models.FollowUp

    class Params:
        appointment = factory.Trait(kind="appointment", office="Special envoy")

    title = factory.Sequence("Follow-up {}".format)
    kind = "drafting"
    owner = factory.SubFactory(PartyFactory)
    effect = factory.Dict({"status": "promised", "due_phrase": "as soon as possible"})


class PartFactory(RecordFactory):
    """Records a development (`development__occurred_on` ...) with this part; `build` leaves it unsaved."""

    class Meta:
        abstract = True

    development = factory.Dict({})

    @classmethod
    def _build(cls, model_class, *args, by, development, **values):
        return model_class(*args, **values)

    @classmethod
    def _create(cls, model_class, *args, by, development, **values):
        part = model_class(*args, **values)
        DevelopmentFactory(by=by, **{cls._whole: [part]}, **development)
        return part


class EffectFactory(PartFactory):
    class Meta:
        model = models.Effect

    class Params:
        silent = factory.LazyAttribute(lambda effect: not (effect.status or effect.stance or effect.firmness))

    _whole = "effects"
    item = factory.SubFactory(DemandFactory)
    status = stance = firmness = None
    wording = factory.Maybe("silent", "As it stands.", None)


class CitationFactory(PartFactory):
    class Meta:
        model = models.Citation

    _whole = "citations"
    source = factory.SubFactory(SourceFactory)


class DelegationFactory(RecordFactory):
    class Meta:
        model = models.Delegation

    talk = factory.SubFactory(TalkFactory)
    party = factory.SubFactory(PartyFactory)
    role = "principal"


class DelegateFactory(RecordFactory):
    class Meta:
        model = models.Delegate

    class Params:
        head = factory.Trait(capacity="head")

    delegation = factory.SubFactory(DelegationFactory)
    person = factory.SubFactory(PersonFactory)


class AssessmentFactory(RecordFactory):
    class Meta:
        model = models.Assessment

    process = factory.SubFactory(ProcessFactory)
    author = factory.SubFactory(PersonFactory, expert=True)
    statement = "Still far off."
    made_on = dt.date(2025, 2, 18)
    made_precision = "day"


class WatchPhraseFactory(RecordFactory):
    class Meta:
        model = models.WatchPhrase

    process = factory.SubFactory(ProcessFactory)
    phrase = factory.Sequence("phrase {}".format)
    why = "Its return would mean a harder line."


class SavedViewFactory(DjangoModelFactory):
    class Meta:
        model = models.SavedView

    owner = factory.SubFactory(UserFactory)
    name = factory.Sequence("view {}".format)
    path = "/demands/"
    query = "status=open&sort=-changed_on"
