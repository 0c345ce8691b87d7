"""A synthetic record of any size, for measuring: invented parties, histories as skewed and amended as real ones."""

from tracker.synthetic.generation import generate

__all__ = ["generate"]
