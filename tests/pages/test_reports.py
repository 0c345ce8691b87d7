"""What every page about a process promises, whatever it reports: the same as a file, both clocks, plain refusals."""

import pytest
from django.test import TestCase

from tests import factories as make
from tests.example import load_example
from tests.pages.reading import Page
from tracker.models import Assessment
from tracker.urls import PROCESS_REPORTS

pytestmark = pytest.mark.django_db
NAMES = [view.name for view in PROCESS_REPORTS]
EXAMPLE = "/processes/prc-us-russia-ukraine"


@pytest.fixture
def process(clock, client, carol):
    """A process that a viewer reads, recorded on 20 February."""
    clock("2025-02-20T10:00Z")
    process = make.ProcessFactory()
    clock("2025-03-20T10:00Z")
    client.force_login(carol)
    return process


@pytest.mark.parametrize("name", NAMES)
def test_what_a_report_does_not_know_is_refused_with_the_nearest(client, process, name):
    page, file = (client.get(f"/processes/{process.ref}/{name}{end}?onn=2025-02-20") for end in ("/", ".csv"))
    assert page.status_code == file.status_code == 400
    assert "Nearest: on." in page.content.decode() and "Nearest: on." in file.content.decode()
    assert file["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("query", ["on=Monday", "known=Monday"])
def test_clocks_that_cannot_be_read_are_refused(client, process, name, query):
    for end in ("/", ".csv"):
        answer = client.get(f"/processes/{process.ref}/{name}{end}?{query}")
        assert answer.status_code == 400 and query.partition("=")[0] in answer.content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_a_process_is_not_there_before_it_was_recorded(client, process, name):
    for end in ("/", ".csv"):
        address = f"/processes/{process.ref}/{name}{end}"
        assert client.get(f"{address}?known=2025-02-19").status_code == 404
        assert client.get(f"{address}?known=2025-02-21", follow=True).status_code == 200


@pytest.mark.parametrize("name", NAMES)
def test_every_report_is_a_tab_of_all_others_and_keeps_the_clocks(client, process, name):
    page = Page(client, f"/processes/{process.ref}/{name}/?on=2025-02-20")
    tabs = page.links(".tabs a")
    for other in NAMES:
        assert f"/processes/{process.ref}/{other}/?on=2025-02-20" in tabs
    assert (
        page.soup.select_one(".tabs [aria-current]")["href"]
        == f"/processes/{process.ref}/{name}/?on=2025-02-20"
    )
    assert "Nothing can be changed here" in page.text(".banner")
    assert not page.soup.select("main form[method=post]")


class Experts(TestCase):
    """What experts expect is nobody's position, and stands in no report."""

    @classmethod
    def setUpTestData(cls):
        make.UserFactory(administrator=True)
        load_example()
        cls.reader = make.UserFactory(viewer=True)

    def test_no_expert_and_no_judgement_is_in_any_report_of_the_example(self):
        self.client.force_login(self.reader)
        judged = list(Assessment.objects.all())
        assert len({row.author_id for row in judged}) > 2
        for name in NAMES:
            said = Page(self.client, f"{EXAMPLE}/{name}/").text()
            file = self.client.get(f"{EXAMPLE}/{name}.csv").getvalue().decode()
            for row in judged:
                for words in (row.statement, row.quote):
                    assert words not in said and words not in file, (name, words)
