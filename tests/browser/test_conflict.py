"""Two corrections at once in a browser: both texts can be read by all, wide and narrow, and what was typed goes on."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import CONTRAST, failings
from tests.browser.visiting import PHONE, overflow
from tests.corrections import copied, correct
from tests.factories import DemandFactory, DevelopmentFactory, PartyFactory, SourceFactory, UserFactory
from tracker import recording
from tracker.models import Citation, Development, Effect, Party

pytestmark = pytest.mark.django_db(transaction=True)


def test_both_texts_can_be_read_by_all_and_put_together_by_keyboard(visit):
    demand = DemandFactory(title="Withdrawal")
    old = DevelopmentFactory(
        headline="They refuse to talk",
        effects=[Effect(item=demand, firmness="insisted")],
        citations=[Citation(source=SourceFactory(), quote="no and no")],
    )
    page = visit(UserFactory())
    page.goto(f"{old.get_absolute_url()}edit/")
    page.get_by_label("Headline").fill("They refuse to talk today")
    page.get_by_label("Reason").select_option("recoded")
    (effect,) = old.effects.all()
    correct(
        old,
        note="Heard again.",
        headline="They decline to talk",
        effects=[copied(effect, firmness="red_line")],
    )
    page.get_by_label("Headline").press("Enter")
    expect(page.get_by_text("Changed in the meantime")).to_be_visible()
    assert not failings(page, seen=set())
    page.set_viewport_size(PHONE)
    # Colours that are still on their way from light to dark are no colours to judge.
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert not failings(page, [CONTRAST, "target-size"], set()) and not overflow(page)
    # The page begins at what happened; the first link leads to the form, which has both.
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**#mine")
    page.get_by_label("Headline").press("Enter")
    page.wait_for_url(f"**{old.get_absolute_url()}*")
    # That the first answer was a conflict is no complaint.
    assert not page.complaints
    current = Development.objects.get(ref=old.ref, ended_at=None)
    assert (current.version, current.headline) == (3, "They refuse to talk today")
    assert current.effects.get().firmness == "red_line"


def test_a_late_save_in_the_admin_can_be_read_by_all(visit):
    party = PartyFactory(name="Ruritania")
    page = visit(UserFactory(username="dave", administrator=True))
    page.goto(f"/admin/tracker/party/{party.pk}/change/")
    page.get_by_label("Short name").fill("RU")
    party.description = "A kingdom."
    recording.save(UserFactory(username="bob"), party)
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_text("Changed in the meantime")).to_be_visible()
    assert not failings(page, seen=set())
    page.get_by_role("link", name="Keep mine").click()
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.wait_for_url("**/admin/tracker/party/")
    party.refresh_from_db()
    assert (party.short_name, party.description) == ("RU", "A kingdom.")


@pytest.mark.parametrize(
    "address", ["/parties/new/", pytest.param("/admin/tracker/party/add/", marks=pytest.mark.prove)]
)
def test_going_back_and_pressing_again_makes_no_second_record(visit, address):
    page = visit(UserFactory(username="dave", administrator=True))
    page.goto(address)
    page.get_by_label("Name", exact=False).first.fill("Ruritania")
    page.locator("[name=kind]").select_option("state")
    page.locator("[name=name]").press("Enter")
    page.wait_for_url(lambda url: address not in url)
    page.go_back()
    page.locator("[name=name]").press("Enter")
    expect(page.get_by_text("on record already")).to_be_visible()
    assert [party.name for party in Party.objects.all()] == ["Ruritania"]
