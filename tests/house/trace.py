"""Which of the application's own files take part in one piece of work, and how often it moves from one to another."""

import gc
import inspect
import sys
from collections import Counter
from pathlib import Path

from django.test.signals import template_rendered

PACKAGE = str(Path(__file__).resolve().parents[2] / "tracker") + "/"


class Trace:
    """
    What ran in a `with` block.

    `calls` counts the calls of functions by file, in the order in which the files were first entered. `moves` counts
    the calls that one own file makes into another, directly or by way of a library; a library that calls back into the
    file which called it is no move. `templates` counts renderings by template.
    """

    def __init__(self):
        self.calls, self.moves, self.templates = Counter(), Counter(), Counter()
        self._generators = set()

    def __enter__(self):
        # A generator that earlier work left behind would run once more when it is collected.
        gc.collect()
        template_rendered.connect(self._rendered)
        sys.setprofile(self._called)
        return self

    def __exit__(self, *exception):
        sys.setprofile(None)
        template_rendered.disconnect(self._rendered)
        self._generators.clear()

    def _called(self, frame, event, argument):
        # The body of a module or class runs when it is imported, which happens once in the life of a server.
        if event != "call" or frame.f_code.co_name == "<module>" or not (file := own(frame)):
            return
        # A generator is called once, and then resumed.
        if frame.f_code.co_flags & inspect.CO_GENERATOR:
            if frame in self._generators:
                return
            self._generators.add(frame)
        self.calls[file] += 1
        caller = frame.f_back
        while caller and not own(caller):
            caller = caller.f_back
        if caller and own(caller) != file:
            self.moves[own(caller), file] += 1

    def _rendered(self, template, **_):
        self.templates[template.name or "(from a string)"] += 1

    def __sub__(self, other):
        """What this did besides what `other` did."""
        rest = Trace()
        rest.calls, rest.moves = self.calls - other.calls, self.moves - other.moves
        rest.templates = self.templates - other.templates
        return rest

    def report(self, title):
        """The figures as text: a line of sums, then a line for each file and template in the order of first use."""
        sums = f"{len(self.calls)} files, {self.moves.total()} moves, {len(self.templates)} templates"
        into = Counter()
        for (_, file), count in self.moves.items():
            into[file] += count
        lines = [f"  {calls:6} {into[file]:6}  {file}" for file, calls in self.calls.items()]
        lines += [f"  {count:6}         {name}" for name, count in self.templates.items()]
        return "\n".join([f"{title}: {sums}", "   calls  moves", *lines, ""])


def own(frame):
    """The path below tracker/ of the file that `frame` runs; empty for a library's."""
    name = frame.f_code.co_filename
    return name.removeprefix(PACKAGE) if name.startswith(PACKAGE) else ""
