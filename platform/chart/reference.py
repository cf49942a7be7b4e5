"""The reference data of the chart that stands in tables. LOINC and the rules of the safety check are read from their
files at each start, and pharmacies are a clinic's own (`carethread load-pharmacies`)."""

from chart.prescribing.medicines.loading import DRUGS
from chart.terminology.loading import ICD10

SETS = (ICD10, DRUGS)
