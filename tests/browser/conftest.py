"""Debian's Chromium, shut off from every network but this machine, and the pages that tests open in it."""

from collections import defaultdict
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import chromium
from tests.browser.visiting import DESKTOP, FLAGS, Complaints, session_of, sign_in
from tests.installation import fresh, started

HERE = Path(__file__).parent
# As long as the driver waits for anything else: on a busy machine a page may be seconds on its way.
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items):
    """Mark what lies here, so that `-m 'not browser'` leaves it out; skip it where it cannot run.

    What a browser shows does not depend on the database: the tests of pages hold both to the same words. So the suite
    on PostgreSQL looks round the worked example, and the one on SQLite, whose tables are emptied sooner, does the rest.
    """
    here = [item for item in items if HERE in item.path.parents]
    lack = chromium.missing() if here else ""
    for item in here:
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.postgres if "example" in item.fixturenames else pytest.mark.once)
        if lack:
            item.add_marker(pytest.mark.skip(reason=lack))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {"executable_path": chromium.EXECUTABLE, "args": FLAGS}


@pytest.fixture(scope="session")
def example(first_start, tmp_path_factory):
    """What an installation printed, which holds the worked example and runs to the end; nothing is written there."""
    with (
        fresh(tmp_path_factory.mktemp("example"), like=first_start[0]) as environment,
        started(environment, quiet=False) as printed,
    ):
        yield printed


@pytest.fixture(scope="module")
def tour(browser, example):
    """A page in which the administrator looks round the worked example, with its `complaints`; nothing is written.

    In `seen` it keeps what was looked at, by the state that the page was in.
    """
    context = browser.new_context(base_url=example["URL"], viewport=DESKTOP)
    complaints = Complaints(context, example["URL"])
    page = context.new_page()
    sign_in(page, *example["Administrator"].split(" / "))
    page.complaints, page.seen = complaints, defaultdict(set)
    yield page
    context.close()


@pytest.fixture
def visit(browser, live_server):
    """Opens a page on a fresh server: visit(user), signed in where there is one; with its `complaints`."""
    contexts = []

    def open_page(user=None, **options):
        context = browser.new_context(base_url=live_server.url, **{"viewport": DESKTOP} | options)
        contexts.append(context)
        complaints = Complaints(context, live_server.url)
        if user is not None:
            context.add_cookies([session_of(user, live_server.url)])
        page = context.new_page()
        page.complaints = complaints
        return page

    yield open_page
    for context in contexts:
        context.close()
