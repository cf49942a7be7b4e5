"""Intake: what the clinic needs to know before the visit, and what cannot wait for it.

Questionnaires are FHIR R4 resources (`data/questionnaires`), red flags are rules as data
(`data/red_flags.json`); both are evaluated by pure functions here and, from the same data, on the web.
"""
