"""Follow-up: what was promised to a patient, by when, and who sees to it."""
