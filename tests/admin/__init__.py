"""Data entry through the admin, as somebody who types sees it."""
