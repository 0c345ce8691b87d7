"""Loaders of datasets, one package each; all write through `tracker.recording`."""
