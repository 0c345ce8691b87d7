"""What else could give a restricted process away: filters, histories and what was once readable."""

import re

import pytest
from django.core.exceptions import ValidationError

from tests import factories as make
from tracker import recording
from tracker.models import Citation
from tracker.register import BY_URL_NAME, RECORD_TYPES

pytestmark = pytest.mark.django_db


def test_a_filter_counts_no_use_that_the_reader_may_not_see(client, alice, bob, restricted_process):
    make.DemandFactory(process=restricted_process, issues=[make.IssueFactory(name="Salt")])
    make.DemandFactory(issues=[make.IssueFactory(name="Pepper")])
    found = {}
    for user in (alice, bob):
        client.force_login(user)
        texts = [client.get(f"/issues.csv?used={used}").getvalue().decode() for used in ("true", "false")]
        found[user] = ["Salt" in text for text in texts]
        assert "Pepper" in texts[0] and "Pepper" not in texts[1]
    assert found == {alice: [True, False], bob: [False, True]}


@pytest.mark.parametrize("end", ["from_process", "to_process"])
def test_a_link_never_leads_elsewhere_so_that_its_history_names_nothing_hidden(
    client, bob, restricted_process, end
):
    process, other = make.ProcessFactory(title="Open talks"), make.ProcessFactory(title="Other talks")
    ends = {"from_process": process, "to_process": process} | {end: restricted_process}
    link = make.ProcessLinkFactory(**ends)
    setattr(link, end, other)
    with pytest.raises(ValidationError, match="stays between its two processes"):
        recording.save(make.UserFactory(administrator=True), link)
    client.force_login(bob)
    for address in (
        f"/processes/{process.ref}/history/",
        f"/processes/{other.ref}/history/",
        "/process-links/",
    ):
        assert "Secret" not in client.get(address).text


def test_whoever_is_no_longer_a_member_reads_nothing_of_it_any_more(client, alice, dave, restricted_process):
    demand = make.DemandFactory(process=restricted_process, title="Secret demand")
    addresses = ["/", "/demands/", f"/processes/{restricted_process.ref}/history/", demand.get_absolute_url()]
    client.force_login(alice)
    assert all("Secret" in client.get(address).text for address in addresses)
    recording.save(dave, restricted_process, {"members": []})
    for address in (
        *addresses,
        "/developments/",
        "/demands.csv",
        "/options/item/?q=secret",
        "/options/process/?q=s",
    ):
        response = client.get(address)
        assert "Secret" not in (response.getvalue() if response.streaming else response.content).decode()


def read(client, address):
    """What `client` reads at `address`, but for what differs from one answer to the next."""
    response = client.get(address)
    assert response.status_code == 200
    text = (response.getvalue() if response.streaming else response.content).decode()
    differing = r'"X-CSRFToken": "\w+"|name="(csrfmiddlewaretoken|opened_by)" value="[\w:-]+"|\d\d:\d\d'
    return re.sub(differing, "", text)


def test_a_stranger_reads_the_same_with_and_without_it(client, bob, restricted_process):
    party, person, source, issue = shared = (
        make.PartyFactory(), make.PersonFactory(party=None), make.SourceFactory(), make.IssueFactory()
    )  # fmt: skip
    process = make.ProcessFactory(title="Open talks")
    make.DemandFactory(process=process, party=party, issues=[issue])
    addresses = ["/", process.get_absolute_url(), *(record.get_absolute_url() for record in shared)]
    addresses += [f"/{kind.path}{ending}" for kind in BY_URL_NAME.values() for ending in ("/", ".csv")]
    addresses += ["/admin/", *(f"/admin/tracker/{kind.model._meta.model_name}/" for kind in RECORD_TYPES)]
    client.force_login(bob)
    before = {address: read(client, address) for address in addresses}
    own = {"process": restricted_process}
    demand = make.DemandFactory(**own, party=party, addressed_to=[party], issues=[issue])
    talk = make.TalkFactory(**own, development__party=party, issues=[issue], host=party)
    make.FollowUpFactory(**own, owner=party, promised_to=[party], waits_for=demand, development__party=party)
    make.DevelopmentFactory(**own, party=party, speaker=person, citations=[Citation(source=source)])
    make.DelegateFactory(
        delegation=make.DelegationFactory(talk=talk, party=party, source=source), person=person
    )
    make.AssessmentFactory(**own, author=person, source=source, item=demand)
    make.WatchPhraseFactory(**own, whose_parties=[party], whose_people=[person])
    make.ProcessLinkFactory(from_process=process, to_process=restricted_process, source=source)
    assert [address for address in addresses if read(client, address) != before[address]] == []
