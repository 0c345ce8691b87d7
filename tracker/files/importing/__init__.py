"""Imports: rows are read, validated against the record, and written through `tracker.recording`."""
