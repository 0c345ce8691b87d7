"""The measurements on one database: python -m tests.bench.measure DEVELOPMENTS [PART ...]; prints JSON, a line each."""

import dataclasses
import json
import os
import sys

import django
from django.core.management import call_command

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
django.setup()

from tests.bench.parts import PARTS  # noqa: E402
from tracker.models import Development  # noqa: E402


def main(developments: int, parts: list[str]) -> None:
    """Make the synthetic record where there is none, then measure `parts`, or all of PARTS where none is named."""
    call_command("migrate", verbosity=0)
    if not Development.objects.exists():
        call_command("generate", developments=developments, verbosity=0)
    for name in parts or PARTS:
        for line in PARTS[name].measure():
            print(json.dumps(dataclasses.asdict(line)), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
