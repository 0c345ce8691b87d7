"""Mutation testing of the rules: small faults, one at a time, that the nearest tests must catch."""
