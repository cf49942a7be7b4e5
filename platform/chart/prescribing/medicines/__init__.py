"""Medicines as they are prescribed: the drug set, forms, and directions for use."""
