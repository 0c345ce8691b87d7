"""No row of a file tells its author of records that they may not see."""

import pytest

from tests import factories as make
from tests.files.test_importing import as_file, brought_in
from tracker.recording.merging import merge
from tracker.register import BY_URL_NAME

pytestmark = pytest.mark.django_db


@pytest.fixture
def readers(alice):
    """Whether they may see what is restricted, by user: a member, and an editor who is none."""
    return {alice: True, make.UserFactory(username="eve", editor=True): False}


def rows(user, url_name, *cells, **options):
    """The rows of an import by `user`, as (outcome, rules)."""
    run = brought_in(user, BY_URL_NAME[url_name], as_file(list(cells)), **options)
    return [(row.outcome, [message["rule"] for message in row.messages]) for row in run.rows.all()]


def test_the_nearest_id_is_that_of_a_record_that_they_may_see(readers, restricted_process):
    development = make.DevelopmentFactory(process=restricted_process)
    for user, may_see in readers.items():
        ((_, (rule,)),) = rows(user, "development", {"id": f"{development.ref[:-1]}_", "headline": "Mine"})
        hint = f"Nearest: {development.ref}." if may_see else "Leave the id empty for a new one."
        assert rule == f"There is no development with this id. {hint}"


def test_what_a_record_was_merged_into_is_told_to_those_who_may_see_it(readers, restricted_process):
    old, new = (make.DemandFactory(process=restricted_process, title=title) for title in ("Hush", "Hushed"))
    merge(make.UserFactory(administrator=True), old, new, "The same")
    for user, may_see in readers.items():
        ((outcome, (rule, *_)),) = rows(user, "demand", {"id": old.ref, "title": "Mine", "version": "1"})
        assert rule.startswith(f"{old.ref} is “Hushed”" if may_see else "There is no demand with this id.")
        assert (outcome == "wrong") is not may_see


def test_a_row_is_not_taken_for_a_record_that_they_may_not_see(readers, restricted_process):
    source = make.SourceFactory(process=restricted_process, title="Cable", url="https://example.org/cable")
    cells = {
        "process": {"title": restricted_process.title, "aim": "Mine"},
        "source": {
            name: str(getattr(source, name)) for name in ("title", "url", "publisher", "kind", "published_on")
        },
    }
    for (user, may_see), (url_name, row) in [
        (one, each) for one in readers.items() for each in cells.items()
    ]:
        ((outcome, _),) = rows(user, url_name, row)
        assert (outcome == "created") is not may_see, (user, url_name)
