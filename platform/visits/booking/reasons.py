"""What a patient can come for. Intake has a questionnaire for each; a clinic may leave some out."""

REASONS = (
    "cough",
    "sore-throat",
    "urinary",
    "rash",
    "headache",
    "stomach",
    "back-pain",
    "allergy",
    "mood",
    "refill",
    "follow-up",
    "other",
)
