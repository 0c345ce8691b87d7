"""What a page costs: the same number of queries for two rows as for twenty, and at most twelve."""

import datetime as dt

import pytest

from tests import factories as make
from tests.pages.reading import Page
from tracker.models import Citation, Effect

pytestmark = pytest.mark.django_db
MOST = 12


def said(party, talk, source):
    """What raises an item, in words."""
    return {"party": party, "talk": talk, "citations": [Citation(source=source, quote="so")]}


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
                **shared, owner=party, promised_to=[party], waits_for=item, development=said(party, talk, source)
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


@pytest.mark.parametrize("reader", ["viewer", "analyst"])
@pytest.mark.parametrize("query", ["", "?on=2025-02-20"])
def test_pages_cost_the_same_however_much_they_show(client, reader, query):
    process = make.ProcessFactory()
    talk = make.TalkFactory(process=process)
    item = make.FollowUpFactory(process=process, waits_for=talk, talk=talk)
    principle, demand, follow_up, _ = fill(process, talk, item, 2)
    client.force_login(make.UserFactory(**{reader: True}))
    records = (process, talk, item, principle, demand, follow_up, process.developments.first())
    addresses = ["/", *(record.get_absolute_url() + query for record in records)]
    before = {address: Page(client, address).queries for address in addresses}
    fill(process, talk, item, 20)
    after = {address: Page(client, address).queries for address in addresses}
    assert before == after
    assert max(after.values()) <= MOST, after
