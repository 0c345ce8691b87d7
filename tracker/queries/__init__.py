"""Queries that span models, each with a fixed number of SQL statements."""
