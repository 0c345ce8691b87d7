"""What a page costs: the same number of queries for two rows as for twelve, and at most twelve."""

import datetime as dt

import pytest
from django.test import Client

from tests import factories as make
from tests.examples import is_thorough
from tests.pages.reading import Page
from tracker.models import Citation, Effect
from tracker.recording.timestamps import one_instant

pytestmark = pytest.mark.django_db
MOST = 13


def said(party, talk, source):
    """What raises an item, in words."""
    return {"party": party, "talk": talk, "citations": [Citation(source=source, quote="so")]}


@one_instant()
def fill(process, talk, item, rows):
    """Give each page `rows` of everything it shows."""
    source = make.SourceFactory()
    for _ in range(rows):
        party, issue = make.PartyFactory(), make.IssueFactory()
        speaker = make.PersonFactory(party=party)
        office = make.OfficeFactory(person=speaker, party=party)
        delegation = make.DelegationFactory(talk=talk, party=party)
        make.DelegateFactory(delegation=delegation, person=speaker, office=office)
        shared = {"process": process, "talk": talk, "issues": [issue]}
        items = [
            make.PrincipleFactory(**shared, parties=[party], development=said(party, talk, source)),
            make.DemandFactory(
                **shared, party=party, addressed_to=[party], development=said(party, talk, source)
            ),
            make.FollowUpFactory(
                **shared,
                owner=party,
                promised_to=[party],
                waits_for=item,
                development=said(party, talk, source),
            ),
            make.TalkFactory(process=process, predecessor=talk, issues=[issue], development={"party": party}),
        ]
        make.DevelopmentFactory(
            process=process, talk=talk, party=party, speaker=speaker, occurred_on=dt.date(2025, 2, 19),
            effects=[Effect(item=one, stance="affirms") for one in (*items, talk, item)],
            citations=[Citation(source=source, quote="yes"), Citation(source=make.SourceFactory())],
        )  # fmt: skip
        make.DevelopmentFactory(process=process, party=party)
        make.AssessmentFactory(process=process)
        make.WatchPhraseFactory(process=process, whose_parties=[party])
        make.ProcessLinkFactory(from_process=process)
    return items


def test_pages_cost_the_same_however_much_they_show():
    process = make.ProcessFactory()
    talk = make.TalkFactory(process=process)
    item = make.FollowUpFactory(process=process, waits_for=talk, talk=talk)
    principle, demand, follow_up, _ = fill(process, talk, item, 2)
    records = (process, talk, item, principle, demand, follow_up, process.developments.first())
    addresses = ["/", *(record.get_absolute_url() for record in records)]
    # A viewer's pages have less on them.
    roles = ("viewer", "analyst") if is_thorough() else ("analyst",)
    readers = {role: make.UserFactory(**{role: True}) for role in roles}
    before = costs(readers, addresses)
    fill(process, talk, item, 10)
    after = costs(readers, addresses)
    assert before == after
    assert max(after.values()) <= MOST, after


def costs(readers, addresses):
    """{(role, address): queries}, in the present and as of a day."""
    found = {}
    for role, reader in readers.items():
        client = Client()
        client.force_login(reader)
        for address in addresses:
            for query in ("", "?on=2025-02-20"):
                found[role, address + query] = Page(client, address + query).queries
    return found
