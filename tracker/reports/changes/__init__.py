"""Changes: two moments of a process compared."""
