"""Loaders: each a slice of its own that brings foreign data in through the one door."""
