"""The loader of worked examples: readable TOML files in our own format."""
