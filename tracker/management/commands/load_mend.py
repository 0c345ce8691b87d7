"""Loads a release of the MEND mediation events."""

from tracker.loaders.command import LoadDataset
from tracker.loaders.mend import MEND


class Command(LoadDataset):
    help = (
        "Loads a release of MEND: mediation events become processes, talks, delegations, people and sources."
    )
    dataset = MEND
