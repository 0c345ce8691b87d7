"""Loads a release of the PA-X peace agreements."""

from tracker.loaders.command import LoadDataset
from tracker.loaders.pax import PAX


class Command(LoadDataset):
    help = "Loads a release of PA-X: agreements become processes, talks, parties and principles with their issues."
    dataset = PAX
