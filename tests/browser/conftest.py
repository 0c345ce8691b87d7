"""Debian's Chromium, shut off from every network but this machine."""

from pathlib import Path

import pytest

from tests import chromium

HERE = Path(__file__).parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # A page that asks another host for anything fails: the pages must work offline.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
]


def pytest_collection_modifyitems(items):
    """Mark what lies here, so that `-m 'not browser'` leaves it out; skip it where it cannot run."""
    here = [item for item in items if HERE in item.path.parents]
    lack = chromium.missing() if here else ""
    for item in here:
        item.add_marker(pytest.mark.browser)
        if lack:
            item.add_marker(pytest.mark.skip(reason=lack))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {"executable_path": chromium.EXECUTABLE, "args": FLAGS}
