"""Agreement: what the stances on each principle add up to."""
