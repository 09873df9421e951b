"""Every line of a schedule, chapter by chapter, and the goods by name."""
