"""Every page of the worked example: readable by all, wide, narrow, light, dark and on paper; loaded from here alone."""

from collections import defaultdict

import pytest

from tests import factories as make
from tests.browser.axe import CONTRAST, failings
from tests.browser.visiting import (
    DESKTOP,
    PHONE,
    Complaints,
    choices_out_of_sight,
    failings_on_paper,
    foot_in_mid_air,
    overflow,
)
from tests.examples import daily
from tracker import recording
from tracker.models import Effect
from tracker.recording.merging import merge
from tracker.recording.moving import move
from tracker.register import PARTS, RECORD_TYPES

LISTS = [f"/{kind.path}/" for kind in (*RECORD_TYPES, *PARTS)]
BLANK = [f"/{kind.path}/new/" for kind in RECORD_TYPES]
# Of each type, one of those in the example that have most to show.
RECORDS = (
    "/processes/prc-us-russia-ukraine/",
    "/talks/tlk-riyadh-2025-02-18/",
    "/principles/pri-diplomatic-missions/",
    "/demands/dem-no-nato-troops/",
    "/follow-ups/fup-consultations-begin/",
    "/developments/dev-report-both-agreed/",
    "/parties/pty-russia/",
    "/people/per-rubio/",
    "/sources/src-rferl-riyadh/",
    "/issues/iss-seats-at-the-table/",
    "/delegations/dlg-riyadh-russia/",
    "/assessments/ase-eckel-root-causes/",
    "/watch-phrases/wph-root-causes/",
)
# Pages of the make that a delegation's, or a demand's, has as well.
PLAIN = ("/issues/", "/assessments/", "/watch-phrases/", "/principles/", "/follow-ups/")
PAGES = ("", "edit/", "history/", "delete/")
# What each change is held to: of pages of one make, one or two. `make prove` looks at all of them.
DAILY = {
    "/demands/",
    *(record for record in RECORDS if not record.startswith(PLAIN)),
    "/developments/dev-report-both-agreed/edit/",
    "/",
    "/search/?q=nato",
    "/processes/prc-us-russia-ukraine/paths/",
    "/processes/prc-us-russia-ukraine/follow-ups/", "/processes/prc-us-russia-ukraine/agreement/",
    "/processes/prc-us-russia-ukraine/positions/?since=before+2025-02-18&moved=true",
    "/imports/?type=development",
}  # fmt: skip
OTHERS = {
    "/": 200,
    "/?on=2025-02-18": 200,
    "/processes/prc-us-russia-ukraine/?on=2025-02-18": 200,
    "/processes/prc-us-russia-ukraine/?known=2025-02-18": 404,
    "/demands/dem-no-nato-troops/?on=2025-02-01": 404,
    "/issues/?on=2025-02-18": 200,
    "/timeline/": 200,
    "/timeline/?kind=readout&order=oldest": 200,
    "/timeline/?party=nobody": 400,
    "/processes/prc-us-russia-ukraine/timeline/?on=2025-02-18": 200,
    "/processes/prc-us-russia-ukraine/table/": 200,
    "/parties/pty-ukraine/?on=2025-02-18": 200,
    "/people/per-deni/": 200,
    "/codebook/": 200,
    "/api/": 200,
    "/views/": 200,
    "/views/save/?address=/demands/%3Fstatus%3Dopen": 200,
    "/demands/?columns=id,title,overdue": 400,
    "/demands/?columns=id,title,status": 200,
    "/follow-ups/?columns=title,slips": 200,
    "/search/": 200,
    "/search/?q=nato": 200,
    "/search/?q=nato&kind=nothing": 400,
    "/accounts/password/change/": 200,
    "/accounts/2fa/": 200,
    "/tokens/": 200,
    "/accounts/logout/": 200,
    "/demands/?status=met": 200,
    "/demands/?party=nobody": 400,
    "/developments/?on=Monday": 400,
    "/developments/new/?on=2025-02-18": 403,
    "/processes/prc-us-russia-ukraine/paths/": 200,
    "/processes/prc-us-russia-ukraine/paths/?on=2025-02-20&party=Russia&from=2025-02-17": 200,
    "/processes/prc-us-russia-ukraine/paths/?from=soon": 400,
    "/talks/tlk-putin-zelenskyy/path/": 200,
    "/follow-ups/?blocked=true": 200,
    "/follow-ups/?overdue=maybe": 400,
    "/processes/prc-us-russia-ukraine/follow-ups/": 200,
    "/processes/prc-us-russia-ukraine/follow-ups/?on=2025-03-05": 200,
    "/processes/prc-us-russia-ukraine/agreement/": 200,
    "/talks/tlk-riyadh-2025-02-18/agreement/": 200,
    "/processes/prc-us-russia-ukraine/positions/": 200,
    "/processes/prc-us-russia-ukraine/positions/?since=before+2025-02-18&moved=true": 200,
    "/processes/prc-us-russia-ukraine/positions/?party=nobody": 400,
    "/processes/prc-us-russia-ukraine/compare/?from=before+2025-02-18&to=2025-02-18": 200,
    "/parties/pty-russia/merge/": 200,
    "/parties/pty-russia/merge/?into=pty-russia": 422,
    "/parties/pty-russia/merge/?into=pty-ukraine": 200,
    "/demands/dem-no-nato-troops/move/": 200,
    "/demands/dem-no-nato-troops/move/?to=nowhere": 422,
    "/demands/dem-no-nato-troops/move/?to=prc-us-russia-reset-2001": 200,
    "/imports/": 200,
    "/imports/?type=development": 200,
    "/jobs/": 200,
    "/files/prepare/?address=/package.zip": 200,
    "/files/prepare/?address=/demands.xlsx": 200,
    "/datasets/": 200,
    "/nowhere/": 404,
}
EVERY = [*LISTS, *BLANK, *(record + page for page in PAGES for record in RECORDS), *OTHERS]
# What can differ between a wide page and a narrow one.
NARROW = (CONTRAST, "scrollable-region-focusable", "target-size", "link-in-text-block")


SHAPES = "[...new Set([...document.querySelectorAll('body *')].map(e => `${e.localName} ${e.getAttribute('class')}`))]"


def hold(page, address, expected=200):
    """Load `address` and hold it against what every page promises.

    What is made of nothing that the pages before did not have is not looked at again in the dark and when narrow.
    """
    page.complaints.clear()
    page.set_viewport_size(DESKTOP)
    page.emulate_media(media="screen", color_scheme="light", reduced_motion="reduce")
    assert page.goto(address).status == expected
    found = failings(page, seen=page.seen["light"])
    shapes = set(page.evaluate(SHAPES))
    if is_new := not shapes <= page.seen["shapes"]:
        page.seen["shapes"] |= shapes
        page.emulate_media(color_scheme="dark")
        found += [f"dark: {line}" for line in failings(page, [CONTRAST], page.seen["dark"])]
    page.set_viewport_size(PHONE)
    if is_new:
        found += [f"phone: {line}" for line in failings(page, NARROW, page.seen["phone"])]
    found += [f"phone, too wide: {part}" for part in overflow(page)]
    found += failings_on_paper(page)
    # Last, since it unfolds what is folded.
    page.emulate_media(media="screen")
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        found += [f"foot in mid-air, {size['width']}: {gap} px" for gap in foot_in_mid_air(page)]
        found += [f"out of sight, {size['width']}: {choice}" for choice in choices_out_of_sight(page)]
    found += page.complaints
    assert not found, "\n".join(found)


def test_of_every_type_in_the_example_one_is_looked_at(tour):
    files = {kind.path: tour.request.get(f"/{kind.path}.csv").text().splitlines() for kind in RECORD_TYPES}
    assert {path for path, lines in files.items() if len(lines) > 1} == {
        address.split("/")[1] for address in RECORDS
    }


def test_what_is_looked_at_daily_is_part_of_all():
    assert set(EVERY) > DAILY


@pytest.mark.parametrize("address", daily(EVERY, DAILY.__contains__))
def test_every_page(tour, address):
    hold(tour, address, OTHERS.get(address, 200))


@pytest.mark.prove
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("address", EVERY)
def test_every_page_in_every_state(tour, address, width, colours):
    tour.complaints.clear()
    tour.set_viewport_size({"width": width, "height": 900})
    tour.emulate_media(media="screen", color_scheme=colours, reduced_motion="reduce")
    assert tour.goto(address).status == OTHERS.get(address, 200)
    found = [*overflow(tour), *failings(tour), *tour.complaints]
    assert not found, "\n".join(str(line) for line in found)


@pytest.mark.prove
@pytest.mark.django_db(transaction=True)
def test_what_is_merged_moved_or_gone(visit):
    editor, clerk = make.UserFactory(editor=True), make.UserFactory(administrator=True)
    here, there = make.ProcessFactory(), make.ProcessFactory()
    secret = make.ProcessFactory(restricted=True, members=[clerk])
    party = make.PartyFactory(name="Graustark")
    old, new, moved, alone = (
        make.DemandFactory(process=here, title=title, party=party)
        for title in ("Old", "New", "Moved", "Alone")
    )
    make.FollowUpFactory(process=here, waits_for=new.item)
    stances = [
        Effect(item=item, party=party, stance=stance) for item, stance in ((old, "affirms"), (new, "rejects"))
    ]
    make.DevelopmentFactory(process=here, party=party, effects=stances)
    merged, stays, gone = (make.IssueFactory() for _ in range(3))
    merge(editor, merged, stays, "The same")
    recording.delete(editor, gone)
    seat = make.DelegationFactory(talk__process=here)
    for item in (moved, seat.talk):
        move(clerk, item, secret, "Filed by mistake")
    page = visit(editor)
    page.seen = defaultdict(set)
    for address, status in {
        f"/demands/{old.ref}/merge/?into={new.ref}": 200,
        f"/issues/{merged.ref}/unmerge/": 200,
        f"/issues/{stays.ref}/delete/": 200,
        f"/demands/{alone.ref}/move/?to={there.ref}": 200,
        f"/demands/{new.ref}/move/?to={there.ref}": 200,
        f"/demands/{moved.ref}/": 410,
        f"/delegations/{seat.ref}/": 410,
        f"/issues/{gone.ref}/": 410,
    }.items():
        hold(page, address, status)


def test_the_way_in(browser, example):
    with browser.new_context(base_url=example["URL"]) as context:
        complaints = Complaints(context, example["URL"])
        page = context.new_page()
        page.complaints, page.seen = complaints, defaultdict(set)
        hold(page, "/accounts/login/")


@pytest.mark.django_db(transaction=True)
def test_a_heading_of_one_long_word_fits_a_narrow_window(visit):
    demand = make.DemandFactory(title="https://graustark.example/" + "notes/" * 20)
    page = visit(make.UserFactory(), viewport={"width": 500, "height": 800})
    for address in (demand.get_absolute_url(), f"{demand.get_absolute_url()}edit/"):
        page.goto(address)
        assert not overflow(page)
