"""What operators see of a running server: its health, a line for each request, and metrics."""
