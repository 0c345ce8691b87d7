"""Every form of date, wherever a record has one, is shown by every page and file of it."""

import datetime as dt

import pytest
from django.db import transaction
from django.test import Client

from tests import factories as make
from tests.pages.ledger.owing import due
from tracker.models import Effect
from tracker.models.dates import Span
from tracker.models.vocabularies import DatePrecision
from tracker.recording.timestamps import one_instant

FORMS = {
    DatePrecision.DAY: "2025-03-12",
    DatePrecision.MONTH: "2025-03",
    DatePrecision.YEAR: "2025",
    DatePrecision.BEFORE: "before 2025-03-12",
    DatePrecision.AFTER: "after 2025-03-12",
    DatePrecision.BETWEEN: "between 2025-03-12 and 2025-04-14",
    DatePrecision.LASTED: "2025-03-12 to 2025-03-14",
    DatePrecision.ABOUT_DAY: "about 2025-03-12",
    DatePrecision.ABOUT_MONTH: "about 2025-03",
    DatePrecision.ABOUT_YEAR: "about 2025",
}
OF_TALKS = (DatePrecision.LASTED,)
EDGES = ("before 0001-01-02", "after 9999-12-30", "9999-12-31", "about 9999")
"""Of a due date too, on which no bound is set."""


def dated(field, text):
    date, stem = Span.parse(text), field.removesuffix("_on")
    return {field: date.day, f"{stem}_precision": date.precision, f"{stem}_last": date.end}


def items_dated(process, text, is_of_talks):
    """A talk and a follow-up that are due, and were raised and then reworded, on what `text` says."""
    makers = [make.TalkFactory] if is_of_talks else [make.TalkFactory, make.FollowUpFactory]
    items = []
    for maker in makers:
        status = "scheduled" if maker is make.TalkFactory else "promised"
        item = maker(process=process, effect={"status": status, **due(text)})
        again = [Effect(item=item, **due("2025-05-01")), Effect(item=item, **due(text))]
        for effect in again:
            make.DevelopmentFactory(process=process, effects=[effect], occurred_on=dt.date(2025, 2, 20))
        items.append(item)
    return items


def records_dated(process, text):
    """Everything else that can be dated so: what happened, an office, a source, an assessment, a talk that was held."""
    person = make.PersonFactory()
    demand = make.DemandFactory(process=process, development=dated("occurred_on", text))
    make.EffectFactory(
        item=demand,
        stance="rejects",
        development={"party": demand.party, "speaker": person, "occurred_on": dt.date(2025, 3, 1)},
    )
    source = make.SourceFactory(**dated("published_on", text))
    cited = make.CitationFactory(
        source=source, development={"process": process, **dated("occurred_on", text)}
    )
    make.OfficeFactory(person=person, **dated("held_from", text), **dated("held_to", text))
    make.AssessmentFactory(process=process, source=source, **dated("made_on", text))
    make.TalkFactory(process=process, development=dated("occurred_on", text))
    return [demand, cited.development, person, source]


@pytest.fixture(scope="class")
def addresses(django_db_setup, django_db_blocker):
    """{form or edge: the pages of all records dated so}; the process is `prc-all`."""
    with django_db_blocker.unblock(), transaction.atomic():
        with one_instant():
            make.UserFactory(username="carol", viewer=True)
            process = make.ProcessFactory(ref="prc-all")
            pages = {}
            for code, text in FORMS.items():
                records = items_dated(process, text, code in OF_TALKS)
                if code in OF_TALKS:
                    records.append(
                        make.TalkFactory(
                            process=process, development={"kind": "talks", **dated("occurred_on", text)}
                        )
                    )
                else:
                    records += records_dated(process, text)
                pages[text] = [record.get_absolute_url() for record in records]
            for text in EDGES:
                pages[text] = [item.get_absolute_url() for item in items_dated(process, text, False)]
        yield pages
        transaction.set_rollback(True)


@pytest.fixture
def reader(addresses):
    client = Client()
    client.force_login(make.UserFactory(username="carol"))
    return client


def answers(client, address):
    """Whether `address` is answered, a redirect to the last instant followed."""
    response = client.get(address, follow=True)
    return response.status_code == 200 and bool(
        b"".join(response.streaming_content) if response.streaming else response.content
    )


LISTS = (
    "developments",
    "talks",
    "follow-ups",
    "demands",
    "offices",
    "people",
    "sources",
    "assessments",
    "effects",
)
PROCESS = ("", "agreement", "positions", "compare", "paths", "timeline", "follow-ups", "table")


@pytest.mark.django_db
class TestPages:
    """All forms of date in one process, which is as hard as a process gets."""

    def test_every_form_is_one_that_the_vocabulary_has(self):
        assert set(FORMS) == set(DatePrecision)
        for code, text in FORMS.items():
            assert Span.parse(text).precision == code

    @pytest.mark.parametrize("text", [*FORMS.values(), *EDGES])
    def test_the_pages_of_what_is_dated_so(self, reader, addresses, text):
        for address in addresses[text]:
            assert answers(reader, address), address
            if address.startswith(("/talks/", "/follow-ups/", "/demands/")):
                assert answers(reader, f"{address}path/"), address

    @pytest.mark.parametrize("name", PROCESS)
    def test_the_pages_of_the_process(self, reader, name):
        page = f"/processes/prc-all/{name}"
        for query in ("", "?on=2025-03-13"):
            assert answers(reader, f"{page}/{query}" if name else page + query), query
        if name:
            assert answers(reader, f"{page}.csv") and answers(reader, f"{page}.json")

    @pytest.mark.parametrize("query", ["from=2025-02-19", "from=2025-02-19&to=2025-03-13"])
    def test_periods(self, reader, query):
        for name in ("compare", "paths"):
            assert answers(reader, f"/processes/prc-all/{name}/?{query}")

    @pytest.mark.parametrize("name", LISTS)
    def test_the_lists_and_their_files(self, reader, name):
        for ending in ("/", ".csv", ".json", ".xlsx"):
            assert answers(reader, f"/{name}{ending}"), name + ending
        assert answers(reader, f"/{name}/?on=2025-03-13")

    @pytest.mark.parametrize(
        "address",
        [
            "/",
            "/?on=2025-03-13",
            "/timeline/",
            "/timeline.csv",
            "/calendar.ics",
            "/search/?q=Follow-up",
            "/search.csv?q=talk",
            "/package.zip",
        ],
    )
    def test_all_else(self, reader, address):
        assert answers(reader, address)
