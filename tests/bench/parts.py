"""What can be measured by itself."""

from tests.bench import evolution, files, importing, library, pages, readings, saving, search, standing

PARTS = {
    "files": files,
    "library": library,
    "importing": importing,
    "search": search,
    "standing": standing,
    "pages": pages,
    "readings": readings,
    "saving": saving,
    "evolution": evolution,
}
"""The modules that measure, by the names by which one alone is asked for."""
