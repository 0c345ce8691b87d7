"""Paths: how items moved over time."""
