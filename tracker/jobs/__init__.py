"""Work in the background: imports, and changes to so many records that nobody would wait for the answer."""
