"""The messaging package."""
