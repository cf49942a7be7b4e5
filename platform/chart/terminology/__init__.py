"""Terminology: ICD-10-CM with lay words in English and Spanish, and the few dozen LOINC codes that we record."""
