"""Patients: how somebody becomes one, and their place in the clinic's list."""
