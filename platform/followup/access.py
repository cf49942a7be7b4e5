"""Who may see tasks: the care team and the system; a patient sees what was promised in the visit's summary."""

from followup.models import Task
from identity.permissions import Permission
from identity.readable import Kind

TASK = Kind(Task, frozenset({Permission.TASK_READ}), Task.patient_id, visit=Task.visit_id)
