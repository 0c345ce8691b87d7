"""`make mutate`: tries a sample of small faults on the nearest tests, and says which of them lived.

python -m tests.mutate [--seed SEED] [--count COUNT] [--only AREA]

Exits with 1 when fewer than nine in ten are caught, and with 2 when the tests do not pass without any fault.
"""

import argparse
import itertools
import random
import signal
import sys
import time

from tests.mutate.mutants import Mutant, mutants
from tests.mutate.targets import ROOT, TARGETS, nearest_tests
from tests.mutate.trial import Broken, tree_copy

WANTED = 0.9
"""The share of mutants that the tests must catch."""


def main() -> int:
    """Draw the sample, try it, and return the exit code of the process."""
    # A plain end of this process would leave the tests running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1, help="which sample is drawn (default 1)")
    parser.add_argument("--count", type=int, default=60, help="how many mutants (default 60)")
    parser.add_argument("--only", action="append", choices=TARGETS, help="one area alone; may be repeated")
    options = parser.parse_args()
    areas = options.only or list(TARGETS)
    sample = drawn(areas, options.seed, options.count)
    print(f"Seed {options.seed}: {len(sample)} mutants of {', '.join(areas)}", flush=True)
    try:
        lived = tried(sample)
    except Broken as broken:
        print(f"{broken}\nThis does not pass without a fault either; mend it first.")
        return 2
    for module, mutant in lived:
        print(f"\nLIVED: {module}:{mutant.line}, {mutant.what}\n{shown(module, mutant)}")
    caught = len(sample) - len(lived)
    print(f"\n{caught} of {len(sample)} caught ({caught / len(sample):.0%}).")
    return int(caught < WANTED * len(sample))


def drawn(areas: list[str], seed: int, count: int) -> list[tuple[str, Mutant]]:
    """`count` mutants with their modules, as many from each of `areas` as from any other, while there are."""
    chance = random.Random(seed)
    sources = {module: (ROOT / module).read_bytes() for area in areas for module in TARGETS[area]}
    of_areas = []
    for area in areas:
        found = [(module, mutant) for module in TARGETS[area] for mutant in mutants(sources[module])]
        chance.shuffle(found)
        of_areas.append(found)
    rounds = filter(None, itertools.chain.from_iterable(itertools.zip_longest(*of_areas)))
    return list(itertools.islice((pair for pair in rounds if pair[1].compiles(sources[pair[0]])), count))


def tried(sample: list[tuple[str, Mutant]]) -> list[tuple[str, Mutant]]:
    """Those of `sample` that lived. Raises Broken where a test fails that does so without a fault too."""
    lived = []
    with tree_copy() as copy:
        for number, (module, mutant) in enumerate(sample, start=1):
            begun = time.monotonic()
            catcher = copy.catcher(module, mutant, nearest_tests(module))
            if catcher is None:
                lived.append((module, mutant))
            outcome = f"caught by {catcher}" if catcher else "LIVED"
            seconds = time.monotonic() - begun
            print(
                f"{number:3} {seconds:4.0f} s  {module}:{mutant.line}, {mutant.what}: {outcome}", flush=True
            )
    return lived


def shown(module: str, mutant: Mutant) -> str:
    """The lines of the fault, before and after."""
    source = (ROOT / module).read_bytes()
    start, end = source.rfind(b"\n", 0, mutant.start) + 1, source.find(b"\n", mutant.end)
    before, after = (
        source[start:end],
        source[start : mutant.start] + mutant.text.encode() + source[mutant.end : end],
    )
    sides = (("-", before), ("+", after))
    return "\n".join(f"{sign} {line}" for sign, side in sides for line in side.decode().splitlines())


if __name__ == "__main__":
    sys.exit(main())
