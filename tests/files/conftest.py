"""What tests of files share: an invented record, where its package may be written, and a demand for long imports."""

import pytest

from tests.files.ahead import demand, many  # noqa: F401, fixtures
from tests.files.in_parts import of_three  # noqa: F401, a fixture
from tests.files.packages import invented


@pytest.fixture
def record(clock):
    clock("2025-03-01T12:00:00.5Z")
    return invented()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "record.zip"
