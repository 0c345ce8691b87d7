"""The views: what answers a request."""
