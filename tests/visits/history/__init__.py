"""The connection history of calls."""
