"""The values with which the rules work are never changed once made, but for the few that are filled in on the way."""

import importlib
import inspect
from dataclasses import is_dataclass

from tests.mutate.targets import TARGETS

MODULES = [
    module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    for area in TARGETS.values()
    for module in area
]
FILLED_IN = {"Placed", "RowResult"}


def test_every_dataclass_of_the_rules_is_frozen_but_those_that_are_filled_in():
    found = {
        each
        for module in map(importlib.import_module, MODULES)
        for each in vars(module).values()
        if inspect.isclass(each) and is_dataclass(each) and each.__module__ == module.__name__
    }
    assert {each.__name__ for each in found if not each.__dataclass_params__.frozen} == FILLED_IN
    assert len(found) > len(FILLED_IN)
