"""Agreement: the stances on each principle, and the agreement overall."""
