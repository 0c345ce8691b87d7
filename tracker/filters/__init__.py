"""What each list can be narrowed by; the keys of its query string, which pages and files share."""
