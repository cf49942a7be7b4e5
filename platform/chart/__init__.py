"""The chart package."""
