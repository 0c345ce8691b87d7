"""Programs and calendars: the OpenAPI description, tokens, feeds."""
