"""Sections of the chart made of what a type's file says: on the clinician's screen and in the patient's record."""
