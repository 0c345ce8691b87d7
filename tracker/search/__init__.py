"""Search over the whole record, and suggestions of names."""
