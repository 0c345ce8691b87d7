"""The worked example, for tests of what is shown of it; tests/files/test_riyadh.py tests how it is loaded."""

from django.core.management import call_command

from tests.trusting import trusting


def load_example():
    """Load it as the command does, in the name of the only administrator, without the questions of `trusting`."""
    with trusting():
        call_command("load_example", verbosity=0)
