"""Whose notes a person may read: the care team's. The patient reads the after-visit summary."""

from chart.notes.models import Note
from identity.permissions import Permission
from identity.readable import Kind

NOTE = Kind(Note, frozenset({Permission.NOTE_READ}), Note.patient_id, hidden=True, visit=Note.visit_id)
