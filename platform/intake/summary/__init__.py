"""The intake in a clinician's words."""
