"""The data package: the whole record as CSV tables with a description of them, out and in again."""
