"""Tests of the pages that a process, a talk, an item and a development have of their own."""
