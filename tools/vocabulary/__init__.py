"""The names by which medicines are recognized."""
