"""The measurements on one database: python -m tests.bench.measure DEVELOPMENTS; prints one JSON object a line."""

import dataclasses
import json
import os
import sys

import django
from django.core.management import call_command

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
django.setup()

from tests.bench import files, pages, standing  # noqa: E402
from tracker.models import Development  # noqa: E402


def main(developments: int) -> None:
    """Make the synthetic record where there is none, then measure."""
    call_command("migrate", verbosity=0)
    if not Development.objects.exists():
        call_command("generate", developments=developments, verbosity=0)
    for module in (files, standing, pages):
        for line in module.measure():
            print(json.dumps(dataclasses.asdict(line)), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
