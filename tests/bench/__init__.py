"""Measurements: how long the tracker takes for what databases alone do faster, as ratios taken side by side."""
