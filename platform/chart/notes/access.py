"""Whose notes a person may read: the care team's. Who may write or add to one is decided in `service.for_update`."""

from chart.notes.models import Note
from identity.permissions import Permission
from identity.readable import Kind

NOTE = Kind(Note, frozenset({Permission.NOTE_READ}), Note.patient_id, hidden=True, visit=Note.visit_id)
