"""Processes, and what belongs to one besides items."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from tests.factories.actors import PersonFactory
from tests.factories.base import RecordFactory, UserFactory
from tracker import models


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


class WatchPhraseFactory(RecordFactory):
    class Meta:
        model = models.WatchPhrase

    process = factory.SubFactory(ProcessFactory)
    phrase = factory.Sequence("phrase {}".format)
    why = "Its return would mean a harder line."


class AssessmentFactory(RecordFactory):
    class Meta:
        model = models.Assessment

    process = factory.SubFactory(ProcessFactory)
    author = factory.SubFactory(PersonFactory, expert=True)
    statement = "Still far off."
    made_on = dt.date(2025, 2, 18)
    made_precision = "day"


class SavedViewFactory(DjangoModelFactory):
    class Meta:
        model = models.SavedView

    owner = factory.SubFactory(UserFactory)
    name = factory.Sequence("view {}".format)
    path = "/demands/"
    query = "status=open&sort=-changed_on"
