"""The data package: the whole record as CSV tables with a description; export and restore."""
