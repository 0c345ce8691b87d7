"""What templates say by a word of their own."""
