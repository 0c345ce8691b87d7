"""A synthetic record of any size, for measuring: invented parties, and histories as skewed and as amended as real ones."""

from tracker.synthetic.generation import generate

__all__ = ["generate"]
