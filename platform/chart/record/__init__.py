"""The record's resources: what is known of each type, and how a stored one is changed."""
