"""What can be measured by itself."""

from tests.bench import evolution, files, importing, library, pages, standing

PARTS = {
    "files": files,
    "library": library,
    "importing": importing,
    "standing": standing,
    "pages": pages,
    "evolution": evolution,
}
"""The modules that measure, by the names by which one alone is asked for."""
