"""Parties, people with their offices, issues and sources."""

import datetime as dt

import factory

from tests.factories.base import RecordFactory
from tracker import models


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
