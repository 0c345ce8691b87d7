"""The timeline: developments over all processes."""
