"""Reports about one process, a folder each: its queries, its page, its filters."""
