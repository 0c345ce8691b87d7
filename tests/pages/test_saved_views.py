"""Views that somebody has named: saved from the page, found again, and seen by nobody else."""

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError
from django.test import Client

from tests.factories import DemandFactory, SavedViewFactory, UserFactory
from tracker.models import SavedView

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return UserFactory(viewer=True)


@pytest.fixture
def reader(client, user):
    client.force_login(user)
    return client


def test_what_is_on_the_page_is_saved_and_found_again(reader, user):
    demand = DemandFactory(effect__status="open")
    DemandFactory(effect__status="met")
    address = "/demands/?status=open&sort=-title&columns=title%2Cid&on=2099-01-01".replace(
        "&on=2099-01-01", ""
    )
    page = BeautifulSoup(reader.get(f"{address}&after={demand.ref}").content, "lxml")
    link = next(link["href"] for link in page.select(".list-bar a") if link.get_text() == "Save view")
    form = BeautifulSoup(reader.get(link).content, "lxml").select_one("form.form")
    sent = {one["name"]: one.get("value", "") for one in form.select("input")} | {"name": "What is open"}
    answer = reader.post(form["action"], sent, follow=True)
    assert "Saved as “What is open”." in answer.text
    named = BeautifulSoup(answer.content, "lxml").find("a", string="What is open")
    listed = BeautifulSoup(reader.get(named["href"]).content, "lxml")
    assert [cell.get_text() for cell in listed.select(".table tbody tr > *")] == [demand.title, demand.ref]
    saved = SavedView.objects.get(owner=user)
    assert (saved.path, saved.query) == ("/demands/", "status=open&sort=-title&columns=title%2Cid")


def test_a_name_is_taken_once_and_what_was_typed_stays(reader, user):
    SavedViewFactory(owner=user, name="Open demands")
    SavedViewFactory(name="Of somebody else")
    sent = {"address": "/demands/?status=met", "name": "open DEMANDS"}
    answer = reader.post("/views/save/", sent)
    assert answer.status_code == 422
    assert "You have a view called “Open demands”; give this one another name." in answer.text
    assert 'value="open DEMANDS"' in answer.text and "/demands/?status=met" in answer.text
    assert SavedView.objects.filter(owner=user).count() == 1
    reader.post("/views/save/", sent | {"name": "Of somebody else"})
    assert SavedView.objects.filter(owner=user).count() == 2
    with pytest.raises(IntegrityError):
        SavedViewFactory(owner=user, name="OPEN demands")


@pytest.mark.parametrize(
    "address",
    [
        "", "https://example.org/demands/", "//example.org/demands/", "javascript:alert(1)", "/demands.csv",
        "/nowhere/", "/admin/", "/accounts/logout/", "/views/", "/demands/dmd-1/", "/demands/new/",
    ],
)  # fmt: skip
def test_only_pages_of_lists_and_reports_are_saved(reader, address):
    answer = reader.post("/views/save/", {"address": address, "name": "x"})
    assert answer.status_code == 422
    assert "Only pages of lists and reports" in answer.text or "required" in answer.text
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "address", ["/timeline/?order=oldest", "/processes/prc-1/positions/?on=2025-02-20", "/follow-ups/"]
)
def test_reports_and_timelines_are_saved(reader, user, address):
    reader.post("/views/save/", {"address": address, "name": "x"})
    assert SavedView.objects.get(owner=user).get_absolute_url() == address


def test_a_view_is_renamed_and_deleted_by_its_owner(reader, user):
    view = SavedViewFactory(owner=user)
    answer = reader.post(f"/views/{view.pk}/", {"name": "Another"}, follow=True)
    assert "Saved as “Another”." in answer.text
    assert SavedView.objects.get().query == view.query
    assert reader.get(f"/views/{view.pk}/delete/").status_code == 200
    answer = reader.post(f"/views/{view.pk}/delete/", follow=True)
    assert "“Another” is no longer among your views." in answer.text
    assert not SavedView.objects.exists()


def test_nobody_else_sees_or_changes_a_view(user):
    view = SavedViewFactory(owner=user, name="Private")
    other = Client()
    other.force_login(UserFactory(administrator=True))
    assert "Private" not in other.get("/views/").text
    for address in (f"/views/{view.pk}/", f"/views/{view.pk}/delete/"):
        assert other.get(address).status_code == 404
        assert other.post(address, {"name": "Mine"}).status_code == 404
    assert SavedView.objects.get().name == "Private"


def test_the_list_of_views_costs_the_same_for_two_as_for_twenty(reader, user, django_assert_max_num_queries):
    for number in (2, 18):
        SavedViewFactory.create_batch(number, owner=user)
        with django_assert_max_num_queries(5):
            reader.get("/views/")
