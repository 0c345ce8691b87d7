"""How often something owed has slipped, as it is known now and as it was known then."""

import datetime as dt
from random import Random

import pytest

from tests import factories as make
from tests.corrections import copied, correct
from tests.over_the_register.reading import read_csv
from tests.pages.ledger.owing import line, owe, row, slip
from tests.pages.reading import Page
from tracker import recording
from tracker.domain.movement import moved, slipped_days, value_of
from tracker.models import Citation, Development, Effect
from tracker.models.vocabularies import Movement

pytestmark = pytest.mark.django_db


def test_it_slips_in_the_order_of_what_happened_and_not_of_recording(client):
    item = owe("2025-03-10")
    slip(item, "2025-03-20", 20)
    slip(item, "2025-03-30", 19)
    found = line(client, item)
    assert (found["slips"], found["slipped_days"]) == ("1", "20")


def test_how_often_it_slipped_and_why(client):
    item = owe("2025-03-01", development={"occurred_on": dt.date(2025, 2, 1)})
    source = make.SourceFactory(publisher="Gazette")
    slip(
        item,
        "2025-04",
        10,
        headline="They need a month more",
        citations=[Citation(source=source, place="p. 3")],
    )
    slip(item, "2025-04-30", 11, headline="The day is named")
    slip(item, "when the time is ripe", 12, headline="No date any more")
    slip(item, "2025-05-02", 13, headline="A date again")
    slip(item, "2025-05-01", 14, headline="A day sooner")
    slip(item, "2025-05-01", 15, headline="Said again")
    slip(item, "2025-05-02", 16, headline="And back")
    found = line(client, item)
    assert (found["slips"], found["slipped_days"]) == ("3", "61")
    said = row(client, item)["Slips"]
    assert said.startswith("3 times, 61 days 1 Mar 2025 → moved to Apr 2025 , 60 days later 10 Feb 2025")
    for words in (
        "They need a month more Gazette", "p. 3", "30 Apr 2025 → moved to when the time is ripe 12 Feb 2025",
        "1 May 2025 → moved to 2 May 2025 , 1 day later", "no source yet",
    ):  # fmt: skip
        assert words in said
    for words in ("The day is named", "A date again", "A day sooner", "Said again"):
        assert words not in said


def test_what_was_corrected_or_withdrawn_no_longer_slips_but_did_as_far_as_was_known(
    client, alice, bob, turn
):
    item = owe("2025-03-01")
    process = item.process
    first, second = slip(item, "2025-04-01", 19), slip(item, "2025-05-01", 20)
    turn("2025-03-11T12:00Z")
    make.PartyFactory()  # later than the instant that is read
    known = "?known=2025-03-10T18:00Z"
    addresses = [f"/follow-ups.csv{known}", f"/processes/{process.ref}/follow-ups.csv{known}"]
    pages = [f"/follow-ups/{known}", f"/processes/{process.ref}/follow-ups/{known}"]
    files = [client.get(address).getvalue() for address in addresses]
    told = [str(Page(client, address).soup.select_one("main .table")) for address in pages]
    correct(first, effects=[copied(first.effects.get(), due_on=dt.date(2025, 3, 8))], by=alice)
    recording.withdraw(bob, Development.objects.get(pk=second.pk), "Never said.")
    turn("2025-03-15T12:00Z")
    now = line(client, item)
    assert (now["slips"], now["slipped_days"], now["due_on"], now["overdue_days"]) == (
        "1",
        "7",
        "2025-03-08",
        "7",
    )
    then = line(client, item, known)
    assert (then["slips"], then["slipped_days"], then["due_on"], then["overdue_days"]) == (
        "2",
        "61",
        "2025-05-01",
        "",
    )
    assert [client.get(address).getvalue() for address in addresses] == files
    assert [str(Page(client, address).soup.select_one("main .table")) for address in pages] == told


def test_page_and_file_count_slips_as_movement_does(client):
    random = Random(7)
    texts = [
        "2025-03-01",
        "2025-03",
        "2025",
        "2026",
        "before 2025-03-02",
        "2025-04-30",
        "soon",
        "later",
        "2024-02",
    ]
    process = make.ProcessFactory()
    party = make.PartyFactory()
    for _ in range(12):
        item = owe(random.choice(texts), process=process, owner=party, development={"party": party})
        for _ in range(random.randint(0, 5)):
            slip(item, random.choice(texts), random.randint(1, 28), party=party)
    lines = {line["id"]: line for line in read_csv(client, "/follow-ups.csv")}
    page = Page(client, "/follow-ups/")
    slipped = 0
    for ref, found in lines.items():
        dues = list(Effect.objects.filter(item__ref=ref).latest_first().reverse())
        pairs = [
            [value_of(effect, "due") for effect in pair]
            for pair in zip(dues, dues[1:], strict=False)
            if moved("due", *pair) == Movement.SLIPPED
        ]
        days = [number for pair in pairs if (number := slipped_days(*pair)) is not None]
        assert (int(found["slips"]), found["slipped_days"]) == (len(pairs), str(sum(days)) if days else "")
        cells = page.soup.select_one(f'.table a[href="/follow-ups/{ref}/"]').find_parent("tr")
        assert len(cells.select(".slips li")) == len(pairs)
        slipped += bool(pairs)
    assert 0 < slipped < len(lines)
    assert len(read_csv(client, "/follow-ups.csv?slipped=true")) == slipped
    assert len(read_csv(client, "/follow-ups.csv?slipped=false")) == len(lines) - slipped
