"""Whose threads a person may see. The route's permission has been checked before."""

from identity.permissions import Permission
from identity.readable import Kind
from messaging.models import Thread

THREAD = Kind(Thread, frozenset({Permission.MESSAGE_READ}), Thread.patient_id)
