"""What background work will keep others from saving for, as its preview says."""

import pytest
from django.db import connection

from tests import factories as make
from tests.pages.reading import Page
from tests.pages.test_jobs import pair, started  # noqa: F401
from tracker.files.importing import ahead
from tracker.jobs import changes
from tracker.models import Effect

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.mark.parametrize(("seconds", "shown"), [(1, ""), (2, "about 4 seconds"), (90, "about 3 minutes")])
def test_a_preview_says_for_how_long_others_cannot_save(client, pair, monkeypatch, seconds, shown):  # noqa: F811
    monkeypatch.setattr(changes, "SECONDS_EACH", seconds)
    item = make.DemandFactory()
    make.DevelopmentFactory(process=item.process, effects=[Effect(item=item, firmness="red_line")])
    for address in (
        f"/parties/{pair[0].ref}/merge/?into={pair[1].ref}",
        f"/demands/{item.ref}/move/?to={make.ProcessFactory().ref}",
    ):
        require_told(Page(client, address).text(), shown)


def require_told(page, shown, when="while it is written"):
    """That the words of a `page` say for how long others cannot save, where that is so."""
    told = f"Nobody else can save for {shown} {when}; reading goes on."
    is_told = bool(shown) and connection.vendor == "sqlite"
    assert (told in page, "Nobody else" in page) == (is_told, is_told)


@pytest.mark.parametrize(("seconds", "shown"), [(2, ""), (3, "about 3 seconds"), (300, "about 5 minutes")])
def test_the_preview_of_an_import_says_for_how_long_others_cannot_save(client, monkeypatch, seconds, shown):
    monkeypatch.setattr(ahead, "SECONDS_EACH", seconds)
    response = client.post("/imports/", {"type": "party", "text": "name,kind\nRuritania,state\n"})
    require_told(Page(client, response["Location"]).text(), shown, "meanwhile")
