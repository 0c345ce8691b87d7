"""Charts over time: their data, layout and labels."""
