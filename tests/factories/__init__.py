"""Makers of records for tests; each goes through `recording`, as the application does."""
# ruff: noqa: F403

from tests.factories.actors import *
from tests.factories.base import *
from tests.factories.developments import *
from tests.factories.effects import *
from tests.factories.items import *
from tests.factories.processes import *
