"""Exports, imports, spreadsheets, and the data package; all of them stream in bounded memory."""
