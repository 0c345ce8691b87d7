"""Loaders of foreign datasets, each in a package of its own; all write through `tracker.recording`."""
