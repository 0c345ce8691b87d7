"""The negotiation tracker: one Django application in layers."""
