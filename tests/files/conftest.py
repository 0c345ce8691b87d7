"""What tests of the data package share: an invented record, and where a package of it may be written."""

import pytest

from tests.files.packages import invented


@pytest.fixture
def record(clock):
    clock("2025-03-01T12:00:00.5Z")
    return invented()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "record.zip"
