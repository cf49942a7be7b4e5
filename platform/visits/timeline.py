"""The timeline of a visit: what happened and when. Every slice adds its steps here, with the change itself."""

from enum import StrEnum
from uuid import UUID

from core import live
from core.actor import Role
from core.database.session import WriteSession
from identity.permissions import Permission
from visits.models import VisitStep

STAFF = [live.role(Role.CLINICIAN), live.role(Role.COORDINATOR)]


class StepKind(StrEnum):
    """What happens to a visit itself. Each is also the name of an action in the audit."""

    REQUESTED = "visit.requested"
    """A patient opened a visit, on demand or booked."""
    RESCHEDULED = "visit.rescheduled"
    """A booked visit has another time now."""
    FLAGGED = "visit.flagged"
    """Red flags were raised."""
    FLAG_CHANGED = "visit.flag_changed"
    """The patient changed the answers behind a red flag. The flag stays, marked as changed."""
    ADULT_NAMED = "visit.adult_named"
    """An adult was named who is with the child."""
    PHONED = "visit.phoned"
    """Somebody of the clinic called the patient by phone, from the queue."""
    EMERGENCY_CALLED = "visit.emergency_called"
    """Emergency services were called for the patient, by the clinician or by whoever is with the patient."""
    READY = "visit.ready"
    """The patient is in the waiting room."""
    LEFT = "visit.left"
    """The patient left the waiting room and may come back."""
    RETURNED = "visit.returned"
    """The patient is back in the waiting room."""
    FORGOTTEN = "visit.forgotten"
    """Nobody has come for a patient who waits: the clinic's coordinator is told."""
    CALLED_BACK = "visit.called_back"
    """The patient is next in line and away from the page: they are written to."""
    REMINDED = "visit.reminded"
    """A booked visit is near: the patient is reminded of it."""
    CHECK_FAILED = "visit.check_failed"
    """The check of the patient's devices and network failed shortly before the visit."""
    RUNNING_LATE = "visit.running_late"
    """The clinic told the patient that it will take longer."""
    ADMITTED = "visit.admitted"
    """A clinician has taken the visit."""
    PUT_BACK = "visit.put_back"
    """The clinician gave the visit back to the waiting room."""
    ATTEMPT_STARTED = "visit.attempt_started"
    """Somebody was given a ticket for the call."""
    ATTEMPT_ENDED = "visit.attempt_ended"
    """Somebody is no longer in the call. The visit goes on."""
    PHONE_ASKED = "visit.phone_asked"
    """The patient asked to go on by telephone."""
    PHONE_STARTED = "visit.phone_started"
    """The clinician had both telephones rung."""
    PHONE_CONNECTED = "visit.phone_connected"
    """The two talk by telephone."""
    PHONE_ENDED = "visit.phone_ended"
    """The telephone call is over. The visit goes on."""
    FINISHED = "visit.finished"
    """The clinician ended the visit."""
    CANCELLED = "visit.cancelled"
    """The patient or the clinic called it off, or it was abandoned."""
    NO_SHOW = "visit.no_show"
    """The patient did not come."""


def add(write: WriteSession, *, visit_id: UUID, patient_id: UUID, kind: str, ref: UUID | None = None) -> None:
    """Add a step: `kind` is a `StepKind`, or another slice's own word ('note.signed').

    `ref` is what the step is about, when that is not the visit itself: an attempt, a note, a task.
    """
    actor = write.actor_or_none
    write.add(
        VisitStep(
            visit_id=visit_id,
            kind=kind,
            at=write.now(),
            account_id=actor.account_id if actor else None,
            ref=ref,
        )
    )
    patient = live.patient(patient_id, Permission.VISIT_READ)
    live.publish(write, "visit.changed", to=[*patient, *STAFF], visit_id=str(visit_id))
