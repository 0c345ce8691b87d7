"""Search: everything recorded is found by its words, on both databases alike, and only by those who may see it."""

import json

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from tests import factories as make
from tests.examples import part
from tests.over_the_register.makers import MAKERS
from tracker import recording
from tracker.clocks import instant_iso
from tracker.models import Citation, Development, Effect, Party, SearchEntry
from tracker.models.base import writes_allowed
from tracker.recording.timestamps import last_instant, one_instant
from tracker.register import BY_URL_NAME
from tracker.search.fields import SEARCHED

pytestmark = [pytest.mark.django_db, pytest.mark.both]

LEFT_OUT = {
    "ref": "an id leads to its record by itself",
    "current_due_phrase": "a copy of what an effect says",
    "current_wording": "a copy of what an effect says",
    "current_other_texts": "a copy of what effects say",
    "other_texts": "a copy of what effects say",
    "current_wording_language": "a code",
    "wording_language": "a code",
    "current_doubt": "worked out from effects",
    "language": "a code",
    "delegation.role": "codes",
    "development.place": "a sort key",
    "effect.place": "a sort key",
    "occurred_zone": "a code",
    "follows": "an id",
    "status": "a code",
    "current_status": "a code",
    "ended_note": "why a version is no longer in force, which is shown in its history",
}
ALONG = {
    "followup.office": {"kind": "appointment"},
    "effect.due_phrase": {"item_kind": "follow_up", "review_on": "2025-03-01"},
    "assessment.author_name": {"author": None},
}
"""What must be set besides a field, by the rules of the table."""
TEXTS = {"CharField", "TextField", "JSONField", "URLField"}


@pytest.fixture
def desk(client, carol):
    """A viewer's browser."""
    client.force_login(carol)
    return client


def names(client, query, **asked):
    """What a search finds: the column of names."""
    response = client.get("/search.csv", {"q": query, **asked})
    assert response.status_code == 200, response.text
    return [line.split(",")[2] for line in response.getvalue().decode().splitlines()[1:]]


def test_every_text_of_every_record_type_is_searched_or_left_out_for_a_reason():
    for kind in BY_URL_NAME.values():
        searched = SEARCHED.get(kind.model._meta.model_name)
        held = (
            {*searched.entries.names, *searched.entries.texts, *searched.model.private_fields}
            if searched
            else set()
        )
        for field in kind.model._meta.concrete_fields:
            if {field.name, f"{kind.url_name}.{field.name}"} & LEFT_OUT.keys():
                continue
            if field.get_internal_type() in TEXTS and not field.choices:
                assert field.name in held, f"{kind.url_name}.{field.name} is not searched"


def test_the_files_have_the_hits_of_the_page_and_the_search_can_be_saved(desk):
    make.PartyFactory(name="Quokkaland")
    make.ProcessFactory(title="Quokka talks")
    page = BeautifulSoup(desk.get("/search/?q=quokka").content, "lxml")
    shown = [link.get_text() for link in page.select(".hit-name a")]
    assert len(shown) == 2
    ways = [link["href"] for link in page.select(".take a")]
    typed = json.loads(desk.get(next(way for way in ways if ".json" in way)).getvalue())
    assert [row["name"] for row in typed] == shown
    assert names(desk, "quokka") == names(desk, "quokka", profile="tools") == shown
    save = page.select_one('a[href^="/views/save/"]')["href"]
    form = BeautifulSoup(desk.get(save).content, "lxml")
    address = form.select_one("[name=address]")["value"]
    assert address == "/search/?q=quokka"
    answer = desk.post(save, {"name": "Quokkas", "address": address}, follow=True)
    assert "/search/?q=quokka" in answer.text


@pytest.mark.parametrize("code", SEARCHED)
def test_each_type_is_found_by_each_of_its_texts(desk, alice, code):
    one = SEARCHED[code]
    if one.is_whole:
        desk.force_login(alice)
    kind = next(kind for kind in BY_URL_NAME.values() if kind.model is one.model)
    record = MAKERS[kind.url_name](make.ProcessFactory())
    for number, name in enumerate((*one.entries.names, *one.entries.texts)):
        word = f"quokka{number}x"
        field = one.model._meta.get_field(name)
        value = [word] if field.get_internal_type() == "JSONField" else f"A {word}, so to say"
        if name == "iso_code":
            word = value = "QX"
        with writes_allowed():
            one.model.objects.filter(pk=record.pk).update(**{name: value} | ALONG.get(f"{code}.{name}", {}))
        assert f"{kind.label}," in desk.get("/search.csv", {"q": word}).getvalue().decode(), name


def test_a_stored_text_is_searched_for_those_alone_who_may_read_it(desk, alice):
    make.SourceFactory(title="Communique", publisher="Gazette", text="They spoke of the quokka, at length.")
    make.SourceFactory(title="Quokka watch", text="Nothing else.")
    assert names(desk, "quokka") == ["Daily Gazette: Quokka watch"]
    assert names(desk, "gazette quokka") == ["Daily Gazette: Quokka watch"]
    assert "at length" not in desk.get("/search/?q=communique").text
    desk.force_login(alice)
    found = ["Daily Gazette: Quokka watch", "Gazette: Communique"]
    assert names(desk, "quokka") == found
    # Words of the text beside words of the title, and each record once.
    assert names(desk, "communique quokka") == ["Gazette: Communique"]
    assert sorted(names(desk, "gazette")) == found
    assert "<mark>quokka</mark>, at length" in desk.get("/search/?q=quokka").text


@pytest.mark.parametrize(
    "query",
    ["celik", "ÇELİK", "Çel", "лавров", "ЛАВРОВ", "артем", "Артём", "лодзь", "lodz", "зеленский", "étoile"],
)
def test_case_and_accents_do_not_matter_in_any_script(desk, query):
    make.PersonFactory(name="Çelik Лавров Артём Зеленский", aliases=["Лодзь", "Łódź", "Étoile"])
    assert len(names(desk, query)) == 1


def test_words_found_are_marked_and_nothing_else_is_markup(desk):
    make.PartyFactory(name="<b>Freedonia</b> & co", description="Of Freedonia <script>")
    text = desk.get("/search/?q=freedon").text
    assert "&lt;b&gt;<mark>Freedonia</mark>&lt;/b&gt; &amp; co" in text
    assert "<mark>Freedonia</mark> &lt;script&gt;" in text


def test_filters_narrow_the_hits(desk):
    process, party = make.ProcessFactory(title="Canal talks"), make.PartyFactory(name="Sylvania")
    make.DemandFactory(process=process, title="Canal closed", party=party)
    make.DemandFactory(title="Canal open")
    assert {*names(desk, "canal")} == {"Canal talks", "Canal closed", "Canal open"}
    assert names(desk, "canal", kind="process") == ["Canal talks"]
    assert names(desk, "canal", party="Sylvania") == ["Canal closed"]
    assert {*names(desk, "canal", process=process.ref)} == {"Canal talks", "Canal closed"}
    assert {*names(desk, "canal", since="2025-02-18")} == {"Canal closed", "Canal open"}
    assert names(desk, "canal", until="2025-02-17") == []
    assert desk.get("/search/?q=canal&kind=demnd").status_code == 400


def test_only_the_version_in_force_at_the_clocks_is_found(desk, bob, clock):
    clock("2025-02-20T10:00Z")
    old = make.DevelopmentFactory(headline="The walrus insists")
    clock("2025-03-20T10:00Z")
    content = {name: getattr(old, name) for name in Development.CONTENT} | {"headline": "The narwhal insists"}
    recording.correct(bob, old, Development(**content), [], [], "recoded")
    clock("2025-03-21T10:00Z")
    assert names(desk, "walrus") == [] and names(desk, "narwhal") == ["The narwhal insists"]
    assert names(desk, "walrus", known="2025-02-21") == ["The walrus insists"]
    assert names(desk, "narwhal", known="2025-02-21") == [] == names(desk, "narwhal", on="2025-02-17")


def test_a_restricted_process_is_found_by_its_members_alone(client, restricted_process, alice, bob):
    for name in ("talk", "demand", "development", "assessment", "watch-phrase"):
        MAKERS[name](restricted_process)
    with writes_allowed():
        Development.objects.update(detail="Secret")
    for user, expected in ((alice, True), (bob, False)):
        client.force_login(user)
        assert bool(names(client, "secret")) is expected
        assert ("Secret" in client.get("/search/suggestions/?q=secr").text) is expected
        assert (client.get(f"/search/?q={restricted_process.ref}").status_code == 302) is expected


def test_the_order_of_hits_does_not_tell_which_words_stand_where_one_may_not_read(desk, restricted_process):
    for name, words in (("Graustark", "ferry ferry quay"), ("Ruritania", "ferry quay quay")):
        make.PartyFactory(name=name, description=words)
    orders = [names(desk, "ferry quay")]
    for word in ("ferry", "quay"):
        for number in range(5):
            make.SourceFactory(
                title=f"Cable {word} {number}", text=f"The {word} sails.", process=restricted_process
            )
            make.WatchPhraseFactory(process=restricted_process, phrase=f"{word} {number * 'long '}")
        orders.append(names(desk, "ferry quay"))
    assert orders == [orders[0]] * 3 and len(orders[0]) == 2
    # What has more of the words in its name comes first.
    make.PartyFactory(name="Quay ferry")
    make.PartyFactory(name="Quay", description="ferry")
    assert names(desk, "ferry quay")[:2] == ["Quay ferry", "Quay"]


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "(",
        "NEAR(",
        "a NEAR b",
        "\\",
        "%",
        "' OR 1=1",
        "*",
        "-",
        ":*",
        "a:b",
        "x" * 10_000,
        "a " * 5_000,
        "",
    ],
)
def test_whatever_is_typed_is_answered(desk, query):
    for address in ("/search/", "/search.csv", "/search/suggestions/"):
        assert desk.get(address, {"q": query}).status_code == 200


@part(1 / 2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40))
def test_any_text_is_answered(desk, query):
    assert desk.get("/search/", {"q": query}).status_code in (200, 302)


def test_what_is_renamed_or_deleted_is_not_found_by_its_old_name(desk, bob):
    party = make.PartyFactory(name="Walrusland")
    party.name = "Narwhalia"
    recording.save(bob, party)
    assert names(desk, "walrus") == [] and names(desk, "narwhalia") == ["Narwhalia"]
    with writes_allowed():
        Party.objects.bulk_create([Party(ref="pty-bulk", name="Bulkland", kind="state")])
    assert names(desk, "bulkland") == ["Bulkland"]
    recording.delete(bob, party, "Twice")
    assert names(desk, "narwhalia") == []
    assert not SearchEntry.objects.filter(record_type="party", record_id=party.pk).exists()


def test_an_id_leads_to_its_record(desk):
    demand = make.DemandFactory()
    assert desk.get("/search/", {"q": f" {demand.ref.upper()} "})["Location"] == demand.get_absolute_url()


@pytest.mark.parametrize("is_past", [False, True])
def test_twenty_hits_cost_what_two_cost(desk, is_past):
    counts = []
    for _ in range(2):
        with one_instant():
            for _ in range(2 if not counts else 16):
                item = make.DemandFactory(title="Quagga", effect__wording="Quagga", effect__status="open")
                effect = [
                    Effect(item=item, stance="rejects", party=make.PartyFactory(name=f"Quagga {item.pk}"))
                ]
                quote = [Citation(source=make.SourceFactory(title="Quagga"), quote="Quagga")]
                make.DevelopmentFactory(headline="Quagga", effects=effect, citations=quote)
                make.DelegationFactory(note="Quagga")
                make.AssessmentFactory(statement="Quagga")
        known = f"&known={instant_iso(last_instant())}" if is_past else ""
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(f"/search/?q=quagga&kind=demand&kind=development{known}").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
