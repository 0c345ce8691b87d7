"""What is planted where few may read it: the words, the hidden process and its records, and when they are read.

A secret begins with `quokka`, and stands in a process that strangers may not see; the text of an open source, which
viewers may not read, has words that begin with `numbat`. What is typed in a search is `quokka` alone.
"""

import re
from dataclasses import dataclass, field

from tracker.clocks import instant_iso
from tracker.models import Process, ProcessLink, Record
from tracker.recording.timestamps import last_instant
from tracker.register import BY_MODEL

SECRETS = re.compile(r"quokka[a-z]+", re.IGNORECASE)
TEXTS = re.compile(r"numbat[a-z]+", re.IGNORECASE)
EVERY_SECRET = {
    *("quokkatitle", "quokkasummary", "quokkalink", "quokkaeditedsummary", "quokkaeditednote"),
    *(
        f"quokka{way}{what}"
        for way in ("form", "admin", "file", "loaded")
        for what in ("publisher", "title", "headline")
    ),
    *(f"quokka{way}quote" for way in ("form", "admin", "loaded")),
    *(
        "quokkacorrected",
        "quokkacorrection",
        "quokkamergeone",
        "quokkamergenote",
        "quokkaunmergenote",
        "quokkaoftwin",
    ),
    *(
        "quokkamovedin",
        "quokkamovedout",
        "quokkawithdrawn",
        "quokkadeletednote",
        "quokkakepttitle",
        *("quokkaitemone", "quokkaitemother", "quokkaitemnote", "quokkaitemin", "quokkaiteminnote"),
        *("quokkaitemout", "quokkaitemsaid"),
    ),
}
"""What a member finds in the package."""


@dataclass
class Planted:
    """What was planted."""

    process: Process
    """The process that strangers may not see."""
    shared: dict[str, Record] = field(default_factory=dict)
    """Records that everybody may see, by what was done with them."""
    gone: set[str] = field(default_factory=set)
    """Ids of records of the process that were deleted."""
    instants: list[str] = field(default_factory=list)
    """When it was read, and is read again later."""

    def hidden(self) -> dict[str, str]:
        """{id: the part of the address of its page} of all that is or was of the process alone."""
        found = dict.fromkeys(self.gone, "watch-phrases")
        for model, kind in BY_MODEL.items():
            if model.process_path is None:
                continue
            rows = model._base_manager.order_by()
            inside = rows.filter(**{model.process_path or "pk": self.process.pk})
            outside = rows.exclude(pk__in=inside.values("pk")).values_list("ref", flat=True)
            links = rows.filter(to_process=self.process) if model is ProcessLink else rows.none()
            refs = {*inside.values_list("ref", flat=True)} - {*outside}
            found |= dict.fromkeys(refs | {*links.values_list("ref", flat=True)}, kind.path)
        return found

    def settle(self) -> None:
        """Note the instant, at which it all is read later."""
        self.instants.append(instant_iso(last_instant()))
