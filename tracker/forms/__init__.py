"""The input rules, shared by pages and the admin; one module for each group of nouns."""
