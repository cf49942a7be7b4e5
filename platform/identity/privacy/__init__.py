"""Restricted charts: marks with an end, openings with a reason, and the privacy officer who reviews them."""
