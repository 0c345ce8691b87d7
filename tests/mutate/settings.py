"""The settings of the tests, on a database file that is ready."""

import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

DATABASES["default"]["TEST"] = {"NAME": os.environ["MUTATE_DATABASE"]}
