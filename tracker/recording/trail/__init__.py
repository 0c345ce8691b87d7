"""Earlier versions of records, read back from the audit trail: it has the words of each edit, old and new.

`lives` has what the trail says of one record, `words` turns words into values, `names` says whom a name meant at an
instant, `walk` leads from the last words of a record back to its first, and `rebuilt` writes what was found.
"""
