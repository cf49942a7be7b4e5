"""Questionnaires: read from FHIR, asked of one person, and written down as a FHIR response."""
