"""Who sat at which talk."""
