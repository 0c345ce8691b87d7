"""How many examples a property test tries: part of what the profile gives (tests/conftest.py)."""

from hypothesis import settings


def part(share, **options):
    """A decorator of a property test that tries `share` (0 to 1) of the examples that others try, but at least one.

    `options` are other settings of hypothesis.
    """
    return settings(max_examples=max(1, int(settings.default.max_examples * share)), **options)
