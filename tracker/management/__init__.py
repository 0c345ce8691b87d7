"""What is run from the command line, beside the pages."""
