"""The chart/prescribing package."""
