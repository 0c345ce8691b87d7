"""Generates a synthetic record of any size, for benchmarks."""

from tracker.synthetic.generation import generate

__all__ = ["generate"]
