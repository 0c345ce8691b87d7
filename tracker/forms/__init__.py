"""Forms, shared by pages and the admin."""
