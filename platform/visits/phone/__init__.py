"""The same visit by telephone: the clinic rings the patient and the clinician, and joins them in a conference."""
