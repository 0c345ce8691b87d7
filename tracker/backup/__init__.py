"""Backups: the whole database in one file, written while people work, and proved before it counts."""
