"""Promises that every record type of the register keeps."""
