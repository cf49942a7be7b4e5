"""Processes: which there are, how they start, and who keeps them running."""
