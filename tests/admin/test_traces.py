"""What the admin could tell a stranger about a restricted process without showing it."""

import pytest
from django.contrib.admin.models import LogEntry

from tests import factories as make
from tests.admin.pages import typed, url
from tracker import recording
from tracker.models import Citation, Party, Process, ProcessLink

pytestmark = pytest.mark.django_db


@pytest.fixture
def hidden(restricted_process):
    """A development of the restricted process that names shared records."""
    make.DemandFactory(process=restricted_process, issues=[make.IssueFactory(name="Salt")])
    return make.DevelopmentFactory(
        process=restricted_process,
        party=make.PartyFactory(name="Graustark"),
        citations=[Citation(source=make.SourceFactory(title="Memo"))],
    )


@pytest.mark.parametrize(
    "query",
    [
        "party/?developments__isnull=0",
        "party/?developments__id__exact={pk}",
        "party/?developments={pk}",
        "source/?citations__isnull=0",
        "issue/?items__isnull=0",
        "process/?linked_from__isnull=0",
    ],
)
def test_no_list_can_be_asked_which_shared_records_a_hidden_one_names(client, bob, hidden, query):
    client.force_login(bob)
    assert client.get(f"/admin/tracker/{query.format(pk=hidden.pk)}").status_code == 400


def test_what_one_did_while_a_member_is_not_told_afterwards(client, bob, dave, restricted_process):
    recording.save(dave, restricted_process, {"members": [bob]})
    client.force_login(bob)
    page = client.get(url(Process, "change", restricted_process.pk))
    saved = client.post(url(Process, "change", restricted_process.pk), typed(page, aim="To keep it quiet."))
    assert saved.status_code == 302
    client.get("/admin/")  # which says that it was saved
    recording.save(dave, restricted_process, {"members": []})
    assert "Secret" not in client.get("/admin/").text and not LogEntry.objects.exists()


def test_the_ends_of_a_link_are_not_typed_over(client, bob):
    link, other = make.ProcessLinkFactory(), make.ProcessFactory()
    client.force_login(bob)
    page = client.get(url(ProcessLink, "change", link.pk))
    client.post(url(ProcessLink, "change", link.pk), typed(page, to_process=other.pk, note="Read again."))
    changed = ProcessLink.objects.get()
    assert (changed.to_process_id, changed.note) == (link.to_process_id, "Read again.")


@pytest.mark.parametrize("key", ["9" * 23, "9" * 5000, "abc"])
def test_a_filter_by_what_is_no_key_is_refused(client, bob, key):
    client.force_login(bob)
    assert client.get(url(Party, "changelist")).status_code == 200
    assert client.get(f"/admin/tracker/development/?process__id__exact={key}").status_code == 400
