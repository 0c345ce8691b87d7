"""Positions: items by issue, parties across."""
