"""Exports as CSV, JSON and workbooks, in constant memory."""
