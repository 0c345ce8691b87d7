"""The four kinds of item, each with the development that raises it, and who was at a talk."""

import factory

from tests.factories.actors import PartyFactory, PersonFactory
from tests.factories.base import RecordFactory, take_related
from tests.factories.developments import DevelopmentFactory
from tests.factories.processes import ProcessFactory
from tracker import models


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
