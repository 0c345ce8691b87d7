"""The pages of a party and of a person: where each sat and with whom, what it demanded, affirmed, promised and said."""

import datetime as dt

import pytest
from django.test import TestCase

from tests import factories as make
from tests.corrections import copied, correct
from tests.example import load_example
from tests.pages.reading import Page
from tracker import recording
from tracker.models import Citation, Effect
from tracker.pages import actors
from tracker.recording.timestamps import one_instant

pytestmark = pytest.mark.django_db


def row(page, anchor, words):
    """The words of the row of the section `anchor` that begins with `words`."""
    section = page.soup.find(id=anchor).find_parent("section")
    rows = [" ".join(found.get_text(" ").split()) for found in section.select("tbody tr")]
    return next((text for text in rows if text.startswith(words)), "")


class TestRiyadh(TestCase):
    """What the pages say once the talks of Riyadh are on record."""

    @classmethod
    def setUpTestData(cls):
        cls.reader = make.UserFactory(username="head", administrator=True)
        load_example()

    def setUp(self):
        self.client.force_login(self.reader)

    def page(self, address):
        return Page(self.client, address)

    def test_where_a_party_sat_and_with_whom(self):
        page = self.page("/parties/pty-russia/")
        riyadh = row(page, "sat", "Riyadh meeting")
        for words in (
            "18 Feb 2025", "Principal in the room",
            "Sergei Lavrov , Foreign Minister head", "Yury Ushakov", "United States (Marco Rubio)",
        ):  # fmt: skip
            assert words in riyadh, words
        assert "would be in the room" in row(page, "sat", "Trump-Putin summit")
        absent = row(self.page("/parties/pty-ukraine/"), "sat", "Riyadh meeting")
        assert (
            "Absent but affected not in the room" in absent and "Russia" in absent and "Turkey" not in absent
        )

    def test_where_a_party_stands_in_which_words_and_what_it_has_not_spoken_of(self):
        page = self.page("/parties/pty-russia/")
        missions = row(page, "stands", "Diplomatic missions restored principle")
        for words in (
            "Affirms with reserve",
            "18 Feb 2025",
            "practically agreed",
            "Sergei Lavrov",
            "Own words",
            "RFE/RL",
        ):
            assert words in missions, words
        assert "Conditional" in row(page, "stands", "Delegations of Riyadh stay engaged")
        assert "Rejects" in row(page, "stands", "Membership of Ukraine in NATO follow-up")
        unspoken = page.text(".unspoken")
        assert "Cooperation once the war has ended" in unspoken and "Diplomatic missions" not in unspoken

    def test_what_a_party_demands_and_what_is_demanded_of_it(self):
        troops = row(self.page("/parties/pty-russia/"), "demanded", "No NATO troops in Ukraine")
        assert (
            "of NATO, Western governments (unnamed)" in troops and "Red line" in troops and "Open" in troops
        )
        neutral = row(self.page("/parties/pty-ukraine/"), "asked", "Neutrality of Ukraine")
        assert "by Russia" in neutral and "Stated" in neutral

    def test_what_a_party_promised_to_whom_and_what_it_waits_for(self):
        page = self.page("/parties/pty-russia/")
        envoy = row(page, "owed", "Russia names a special envoy")
        for words in (
            "to United States",
            "Appointment",
            "due as soon as possible",
            "Review due since 20 Mar 2025",
        ):
            assert words in envoy, words
        consultations = row(page, "owed", "Regular consultations on Ukraine begin")
        assert "waits for US names its team on Ukraine" in consultations and "Blocked" in consultations
        assert "by United States" in row(page, "promised", "US names its team on Ukraine")

    def test_what_a_party_said_last_leads_to_its_timeline(self):
        page = self.page("/parties/pty-russia/")
        assert "Zakharova says that NATO should disavow" in page.section("said")
        assert "/timeline/?party=pty-russia" in page.links()
        for address in (
            "/delegations/?party=pty-russia", "/demands/?party=pty-russia", "/demands/?addressed_to=pty-russia",
            "/follow-ups/?owner=pty-russia", "/follow-ups/?promised_to=pty-russia",
        ):  # fmt: skip
            assert address in page.links() and self.client.get(address).status_code == 200

    def test_a_person_sits_in_an_office_and_speaks(self):
        page = self.page("/people/per-lavrov/")
        seat = row(page, "sat", "Riyadh meeting")
        assert (
            "Head, as Foreign Minister" in seat and "Russia" in seat and "United States (Marco Rubio)" in seat
        )
        assert "Lavrov calls NATO troops in Ukraine completely unacceptable" in page.section("said")
        assert "Russia Rejects" in row(page, "stands", "Troops of NATO states in Ukraine demand")
        assert "Foreign Minister" in page.section("offices")
        assert page.soup.find(id="judgements") is None

    def test_a_stance_that_others_words_have_moved_says_where_it_is_now(self):
        refused = row(self.page("/people/per-putin/"), "stands", "Putin-Zelenskyy talks")
        assert "Rejects now Conditional" in refused

    def test_an_expert_judges_and_has_no_stance(self):
        page = self.page("/people/per-deni/")
        assert "None of it is a party’s position" in page.section("judgements")
        assert "A settlement is still far off" in page.section("judgements") and "Likely" in page.text()
        assert "Nonresident senior fellow , Atlantic Council" in page.section("offices")
        for anchor in ("sat", "said", "stands"):
            assert page.soup.find(id=anchor) is None
        judged = {"still far off", "hasty deal", "resist", "Deni", "Puglierin"}
        for party in ("pty-united-states", "pty-russia", "pty-ukraine", "pty-european-allies"):
            said = self.page(f"/parties/{party}/").section("stands")
            assert not any(words in said for words in judged), party

    def test_the_day_before_nothing_of_riyadh_was_there(self):
        page = self.page("/parties/pty-russia/?on=2025-02-16")
        assert "No talks recorded" in page.section("sat")
        assert "No statements recorded" in page.section("stands")
        assert all("on=2025-02-16" in link for link in page.links(".section-head a"))


@pytest.fixture
def party(client, alice):
    client.force_login(alice)
    return make.PartyFactory(name="Graustark")


@one_instant()
def busy(party, process, number):
    """Give `party`, and somebody who speaks for it, so many of everything that a page shows."""
    person = party.people.first() or make.PersonFactory(party=party)
    for _ in range(number):
        other = make.PartyFactory()
        talk = make.TalkFactory(process=process, development={"party": other})
        delegation = make.DelegationFactory(talk=talk, party=party)
        make.DelegateFactory(delegation=delegation, person=person, office=make.OfficeFactory(person=person))
        make.DelegateFactory(delegation=make.DelegationFactory(talk=talk, party=other))
        demand = make.DemandFactory(process=process, party=party, addressed_to=[other, make.PartyFactory()])
        make.DemandFactory(process=process, party=other, addressed_to=[party])
        make.FollowUpFactory(process=process, owner=party, promised_to=[other], waits_for=demand)
        make.FollowUpFactory(process=process, owner=other, promised_to=[party])
        make.FollowUpFactory(process=process, owner=other, appointment=True, person=person)
        make.PrincipleFactory(process=process, parties=[party])
        make.DevelopmentFactory(
            statement=True, process=process, party=party, speaker=person, talk=talk,
            effects=[Effect(item=demand, stance="affirms"), Effect(item=talk, stance="rejects", party=other)],
            citations=[Citation(source=make.SourceFactory(), quote="so")],
        )  # fmt: skip
        make.AssessmentFactory(process=process, author=person)
        make.PersonFactory(party=party)
    return person


def test_the_pages_cost_the_same_however_much_they_show(client, party):
    process = make.ProcessFactory()
    person = busy(party, process, 2)
    addresses = [
        one.get_absolute_url() + query for one in (party, person) for query in ("", "?on=2025-02-20")
    ]
    before = [Page(client, address).queries for address in addresses]
    busy(party, process, 8)
    busy(party, make.ProcessFactory(), 8)
    assert [Page(client, address).queries for address in addresses] == before
    assert max(before) <= 14


def test_what_belongs_to_several_processes_is_grouped_by_process(client, party):
    for title in ("Border talks", "River talks"):
        busy(party, make.ProcessFactory(title=title), 1)
    page = Page(client, party.get_absolute_url())
    for anchor in ("sat", "stands", "demanded", "asked", "owed", "promised"):
        heads = page.soup.find(id=anchor).find_parent("section").select('th[scope="rowgroup"]')
        assert {" ".join(head.get_text().split()) for head in heads} == {"Border talks", "River talks"}, (
            anchor
        )
    assert "in Border talks" in page.section("said")


def test_a_page_shows_the_first_and_leads_to_all(client, party, monkeypatch):
    monkeypatch.setattr(actors, "SHOWN", 2)
    for number in range(3):
        make.DemandFactory(
            party=party, title=f"Demand {number}", development__occurred_on=dt.date(2025, 2, number + 1)
        )
    said = Page(client, party.get_absolute_url()).section("demanded")
    assert "All demands" in said and "Demand 2" in said and "Demand 1" in said and "Demand 0" not in said


def test_a_restricted_process_leaves_no_trace_on_the_pages_of_others(
    client, party, restricted_process, alice, bob
):
    person = busy(party, restricted_process, 1)
    for item in restricted_process.items.all():
        item.title = f"Secret {item.title}"
        recording.save(alice, item)
    for name in (party, person):
        client.force_login(alice)
        assert "Secret" in Page(client, name.get_absolute_url()).text()
        client.force_login(bob)
        for query in ("", "?on=2025-02-20"):
            page = Page(client, name.get_absolute_url() + query)
            assert "Secret" not in page.text() and "Development" not in page.section("said")
            assert not page.soup.select(".sat tbody tr, .stood tbody tr, .play tbody tr")


def test_both_clocks_are_obeyed_and_the_past_stays_the_same_to_the_byte(client, alice, clock):
    clock("2025-02-20T10:00Z")
    party, process = make.PartyFactory(name="Graustark"), make.ProcessFactory()
    person = busy(party, process, 2)
    clock("2025-03-20T10:00Z")
    make.PartyFactory()  # later than the instant that is read
    client.force_login(alice)
    addresses = [f"{one.get_absolute_url()}?known=2025-02-21" for one in (party, person)]
    before = [str(Page(client, address).soup.main) for address in addresses]
    said = process.developments.filter(speaker=person).last()
    correct(
        said,
        effects=[copied(effect, stance="disputes") for effect in said.effects.all()],
        headline="Otherwise",
    )
    raised = process.developments.filter(effects__item__item_kind="demand", speaker=None).first()
    recording.withdraw(alice, raised, "Not so.")
    busy(party, process, 1)
    busy(party, make.ProcessFactory(), 1)
    demand = party.demands.order_by("pk").first()
    recording.save(
        alice, demand, {"addressed_to": [*demand.addressed_to.all(), make.PartyFactory(name="Latecomer")]}
    )
    make.DelegateFactory(delegation=party.delegations.order_by("pk").first(), person__name="Latecomer")
    make.OfficeFactory(person=person, title="Latecomer")
    assert [str(Page(client, address).soup.main) for address in addresses] == before
    for one in (party, person):
        now = Page(client, one.get_absolute_url()).text()
        assert "Otherwise" in now and "Latecomer" in now


def test_what_was_not_yet_said_or_promised_is_not_shown(client, party):
    make.DemandFactory(party=party, title="Later demand", development__occurred_on=dt.date(2025, 2, 19))
    make.FollowUpFactory(owner=party, title="Earlier promise", development__occurred_on=dt.date(2025, 2, 17))
    page = Page(client, f"{party.get_absolute_url()}?on=2025-02-18")
    assert "Later demand" not in page.text() and "Earlier promise" in page.section("owed")
    assert "Later demand" in Page(client, party.get_absolute_url()).section("demanded")


def test_the_pages_keep_facts_history_and_what_one_may_do(client, party, bob, carol):
    party.aliases, party.description = ["The Duchy"], "A small state."
    recording.save(bob, party)
    person = make.PersonFactory(party=party, name="The Minister", aliases=["He"])
    for one, facts in ((party, ["The Duchy", "A small state."]), (person, ["He", "Graustark"])):
        address = one.get_absolute_url()
        client.force_login(carol)
        page = Page(client, address)
        assert all(fact in page.text(".record-side") for fact in facts)
        assert f"{address}history/" in page.links() and f"{address}edit/" not in page.links()
        client.force_login(bob)
        assert {f"{address}edit/", f"{address}delete/"} <= set(Page(client, address).links())
    assert "The Minister" in Page(client, party.get_absolute_url()).text()


def test_nothing_on_record_is_said_so(client, party):
    page = Page(client, party.get_absolute_url())
    for anchor, words in {
        "sat": "No talks recorded", "stands": "No statements", "demanded": "No demands recorded",
        "asked": "No demands on it recorded", "owed": "No promises recorded",
        "promised": "No promises to it recorded", "said": "Nothing recorded",
    }.items():  # fmt: skip
        assert words in page.section(anchor)
    page = Page(client, make.PersonFactory(party=party).get_absolute_url())
    assert "No delegations" in page.section("sat") and "No office" in page.section("offices")
