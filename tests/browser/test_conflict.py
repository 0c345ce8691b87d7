"""Two corrections at once in a browser: both texts can be read by all, wide and narrow, and what was typed goes on."""

import pytest

from tests.browser.visiting import PHONE, failings, overflow
from tests.corrections import copied, correct
from tests.factories import DemandFactory, DevelopmentFactory, SourceFactory, UserFactory
from tracker.models import Citation, Development, Effect

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
    page.wait_for_selector("text=Corrected in the meantime")
    assert not failings(page)
    page.set_viewport_size(PHONE)
    # Colours that are still on their way from light to dark are no colours to judge.
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert not failings(page, ("color-contrast", "target-size")) and not overflow(page)
    # The page begins at what happened; the first button puts both together.
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Yours has all that only they changed")
    page.get_by_label("Headline").press("Enter")
    page.wait_for_url(f"**{old.get_absolute_url()}")
    # That the first answer was a conflict is no complaint.
    assert not page.complaints
    current = Development.objects.get(ref=old.ref, ended_at=None)
    assert (current.version, current.headline) == (3, "They refuse to talk today")
    assert current.effects.get().firmness == "red_line"
