"""What tests of loaders may ask for."""

import pytest

from tests.loaders import files


@pytest.fixture
def mend(tmp_path, dave):
    """Loads rows of MEND, each a round of talks with some cells otherwise, and returns what the command prints."""

    def load(*changes, release="2025-03", **options):
        rows = [files.ROUND | cells for cells in changes or ({},)]
        return files.load(
            "load_mend", files.write(tmp_path / "mend.csv", files.MEND, *rows), release, **options
        )

    return load


@pytest.fixture
def pax(tmp_path, dave):
    """The same for PA-X: each row is an agreement with some cells otherwise."""

    def load(*changes, release="v9", **options):
        rows = [files.AGREEMENT | cells for cells in changes or ({},)]
        return files.load("load_pax", files.write(tmp_path / "pax.csv", files.PAX, *rows), release, **options)

    return load
