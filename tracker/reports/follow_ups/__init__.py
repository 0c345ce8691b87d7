"""The ledger of follow-ups."""
