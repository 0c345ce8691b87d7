"""The tests: what the tracker promises to those who use it."""
