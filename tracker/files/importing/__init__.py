"""From the rows of a file to what they would change in the record, and through the one door into it."""
