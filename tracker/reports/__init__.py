"""Reports on a process, one package each with its page, queries and filters."""
