"""What else could give a restricted process away: filters, histories and what was once readable."""

import pytest
from django.core.exceptions import ValidationError

from tests import factories as make
from tracker import recording

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
    for address in (f"/processes/{process.ref}/history/", f"/processes/{other.ref}/history/", "/process-links/"):
        assert "Secret" not in client.get(address).text


def test_whoever_is_no_longer_a_member_reads_nothing_of_it_any_more(client, alice, dave, restricted_process):
    demand = make.DemandFactory(process=restricted_process, title="Secret demand")
    addresses = ["/", "/demands/", f"/processes/{restricted_process.ref}/history/", demand.get_absolute_url()]
    client.force_login(alice)
    assert all("Secret" in client.get(address).text for address in addresses)
    recording.save(dave, restricted_process, {"members": []})
    for address in (*addresses, "/developments/", "/demands.csv", "/options/item/?q=secret", "/options/process/?q=s"):
        response = client.get(address)
        assert "Secret" not in (response.getvalue() if response.streaming else response.content).decode()
