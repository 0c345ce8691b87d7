"""Charts over time: what lies on them, how it is laid out and labelled."""
