"""Tests of the ledger of follow-ups and of the calendar made of it."""
