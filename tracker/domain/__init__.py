"""The rules: standing, movement, agreement, deadlines."""
