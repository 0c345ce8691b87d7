"""Checks of the source that need neither Django nor a database; `make lint` runs them."""
