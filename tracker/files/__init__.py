"""The record on its way out: cells that read the same everywhere, and streams of them in constant memory."""
