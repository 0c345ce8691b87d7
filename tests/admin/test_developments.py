"""A development in the admin: recorded with all it does, and found by what it lacks."""

import datetime as dt

import pytest

from tests.admin.pages import errors, typed, url
from tests.factories import (
    CitationFactory,
    DevelopmentFactory,
    SourceFactory,
    TalkFactory,
)
from tracker.models import Development

pytestmark = pytest.mark.django_db


@pytest.fixture
def new_page(client, alice):
    """The page on which an analyst records, as it stands empty."""
    client.force_login(alice)
    return client.get(url(Development, "add"))


def a_statement(page, demand, **changes):
    """What an analyst types to record a statement on `demand`."""
    return (
        typed(page)
        | {
            "process": demand.process_id,
            "occurred_on": "2025-02",
            "kind": "statement",
            "headline": "The minister makes it a red line",
            "party": demand.party_id,
            "speech_act": "demands",
            "basis": "own_words",
            "effects-0-item": demand.pk,
            "effects-0-firmness": "red_line",
            "effects-0-stance": "affirms",
            "citations-0-source": SourceFactory(text="It is a red line for us.").pk,
            "citations-0-quote": "a red line",
        }
        | changes
    )


def test_a_development_is_recorded_with_its_effects_and_citations(client, new_page, alice, demand):
    response = client.post(url(Development, "add"), a_statement(new_page, demand), follow=True)
    assert response.redirect_chain[-1][0] == url(Development, "changelist")
    development = Development.objects.get(headline="The minister makes it a red line")
    assert str(development.occurred) == "Feb 2025"
    assert development.recorded_by == alice
    assert development.citations.get().found
    effect = development.effects.get()
    assert (effect.item.pk, effect.firmness, effect.party) == (demand.pk, "red_line", demand.party)


def test_the_next_one_is_of_the_same_report(client, new_page, demand):
    talk = TalkFactory(process=demand.process)
    more = {"talk": talk.pk, "_addanother": "on"}
    response = client.post(url(Development, "add"), a_statement(new_page, demand, **more), follow=True)
    kept = typed(response)
    assert (kept["process"], kept["talk"]) == (str(demand.process_id), str(talk.pk))
    assert kept["occurred_on"] == "2025-02"
    assert not kept.get("headline") and not kept.get("party")


def test_the_date_of_a_list_is_shown_as_precisely_as_it_is_known(client, alice):
    client.force_login(alice)
    DevelopmentFactory(occurred_on=dt.date(2025, 2, 1), occurred_precision="month")
    DevelopmentFactory(occurred_on=dt.date(2025, 2, 18), occurred_precision="before")
    page = client.get(url(Development, "changelist")).content.decode()
    assert "Feb 2025" in page
    assert "before 18 Feb 2025" in page
    assert "1 Feb 2025" not in page.replace("before 18 Feb 2025", "")


@pytest.mark.parametrize(
    ("field", "text", "said_at"),
    [
        ("occurred_on", "2999-01-01", "occurred_on"),
        ("occurred_on", "03/04/2025", "occurred_on"),
        ("effects-0-status", "held", "effects-0-status"),
        ("effects-0-outcome", "walk_out", "effects-0-outcome"),
        ("speech_act", "", "speech_act"),
        ("party", "", "party"),
        ("citations-0-source", "", "citations-0-source"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written(
    client, new_page, demand, field, text, said_at
):
    before = Development.objects.count()
    response = client.post(url(Development, "add"), a_statement(new_page, demand, **{field: text}))
    assert response.status_code == 200
    assert said_at in errors(response)
    assert "The minister makes it a red line" in response.content.decode()
    assert Development.objects.count() == before


def test_what_only_recording_can_check_comes_back_with_what_was_typed(client, new_page, demand):
    elsewhere = TalkFactory()
    before = Development.objects.count()
    twice = {"effects-TOTAL_FORMS": 2, "effects-1-item": elsewhere.pk, "effects-1-status": "held"}
    response = client.post(url(Development, "add"), a_statement(new_page, demand, **twice))
    assert "belongs to another process" in str(errors(response))
    assert "The minister makes it a red line" in response.content.decode()
    assert Development.objects.count() == before


def test_a_link_from_an_item_fills_in_process_and_item(client, alice, demand):
    client.force_login(alice)
    page = client.get(url(Development, "add"), {"process": demand.process_id, "item": demand.pk})
    assert typed(page)["effects-0-item"] == str(demand.pk)
    assert typed(page)["process"] == str(demand.process_id)


def test_filters_find_what_lacks_a_source(client, alice, insisted):
    client.force_login(alice)
    bare = DevelopmentFactory(headline="Hearsay")
    misquoted = DevelopmentFactory(
        headline="Misquoted",
        citations=[CitationFactory.build(source=SourceFactory(text="No."), quote="Yes.")],
    )
    wordless = DevelopmentFactory(
        headline="Wordless", citations=[CitationFactory.build(source=SourceFactory())]
    )

    def found(evidence):
        page = client.get(url(Development, "changelist"), {"evidence": evidence})
        return {row.headline for row in page.context["cl"].result_list}

    raising = Development.objects.exclude(pk__in=[bare.pk, insisted.pk, misquoted.pk, wordless.pk]).get()
    assert found("unsourced") == {bare.headline, raising.headline}
    assert found("unfound") == {misquoted.headline}
    assert found("unquoted") == {wordless.headline}
    assert found("sourced") == {insisted.headline, misquoted.headline, wordless.headline}


def test_every_choice_of_the_filters_can_be_taken(client, alice):
    """Also that of a talk, whose key is called otherwise than that of other records."""
    client.force_login(alice)
    talk = TalkFactory()
    there = DevelopmentFactory(process=talk.process, talk=talk, headline="At the table")
    DevelopmentFactory(process=talk.process)
    listing = url(Development, "changelist")
    page = client.get(listing, {"process__id__exact": talk.process_id})
    changelist = page.context["cl"]
    choices = [choice for spec in changelist.filter_specs for choice in spec.choices(changelist)]
    offered = {choice["query_string"] for choice in choices}
    assert len(offered) > 20
    assert {client.get(f"{listing}{query}").status_code for query in offered} == {200}
    [of_the_talk] = [query for query in offered if f"talk__item__exact={talk.pk}" in query]
    rows = client.get(f"{listing}{of_the_talk}").context["cl"].result_list
    assert [row.pk for row in rows if row.talk_id] == [there.pk]
    assert client.get(listing, {"talk__item__exact": "x"}).status_code == 400
