"""A clinic: its settings, its hours and holidays, and its public page."""
