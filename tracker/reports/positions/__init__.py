"""Positions: a matrix of items by issue against parties."""
