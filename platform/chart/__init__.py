"""The chart: what is known of a patient, what was found in a visit, and what came of it."""
