"""Files on their way out: CSV, JSON and workbooks, in constant memory."""
