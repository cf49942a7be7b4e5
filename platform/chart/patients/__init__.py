"""Finding a patient among the clinic's."""
