"""What can be measured by itself."""

from tests.bench import evolution, files, library, pages, standing

PARTS = {"files": files, "library": library, "standing": standing, "pages": pages, "evolution": evolution}
"""The modules that measure, by the names by which one alone is asked for."""
