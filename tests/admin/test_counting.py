"""Lists of the admin are counted, paged and acted on up to a number of rows, and say so."""

import pytest

from tests.admin.pages import url
from tests.factories import PartyFactory
from tests.pages.reading import Words
from tracker import recording
from tracker.models import Change, Party
from tracker.pages import pagination

pytestmark = pytest.mark.django_db
SHOWN = "Only the first 3 are counted and shown in pages."


@pytest.fixture(autouse=True)
def counted(client, dave, monkeypatch):
    """Three rows are counted, two are on a page; the administrator is signed in."""
    client.force_login(dave)
    monkeypatch.setattr(pagination, "COUNT_UP_TO", 3)
    monkeypatch.setattr("tracker.admin.counting.CappedList.list_per_page", 2)


@pytest.mark.parametrize(("rows", "said"), [(3, False), (4, True)])
def test_a_list_says_where_its_pages_end(client, rows, said):
    PartyFactory.create_batch(rows)
    response = client.get(url(Party, "changelist"))
    assert (SHOWN in Words(response).text("body")) == said
    assert response.context["cl"].paginator.num_pages == 2
    assert len(client.get(url(Party, "changelist"), {"p": 2}).context["cl"].result_list) == 1
    # One that is searched reaches the others.
    newest = Party.objects.latest("pk")
    found = client.get(url(Party, "changelist"), {"q": newest.name})
    assert [*found.context["cl"].result_list] == [newest] and SHOWN not in Words(found).text("body")


def test_the_trail_is_counted_no_further_either(client, dave):
    for name in "ABCDE":
        recording.save(dave, Party(name=f"Party {name}", kind="state"))
    assert SHOWN in Words(client.get(url(Change, "changelist"))).text("body")


@pytest.mark.parametrize(("rows", "refused"), [(3, False), (4, True)])
def test_an_action_on_all_rows_is_refused_where_not_all_are_counted(client, rows, refused):
    parties = PartyFactory.create_batch(rows)
    form = {"action": "delete_selected", "select_across": "1", "_selected_action": [parties[0].pk]}
    page = Words(client.post(url(Party, "changelist"), form, follow=True)).text("body")
    assert ("There are more than 3 of them, too many for one action. Nothing was changed" in page) == refused
    assert all(party.name in page for party in parties) != refused
