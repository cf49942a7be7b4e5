"""What happens to a visit, for the other slices and for its thread. Ids only: a subscriber reads the rest.

The name of an event is also the kind of the step that it leaves in the thread of the visit.
"""

from uuid import UUID

from core.outbox import Event


class VisitEvent(Event, frozen=True, kw_only=True):
    """Ordered by visit. `clinician_id` is whoever has the visit by then, if anyone does."""

    visit_id: UUID
    patient_id: UUID
    clinician_id: UUID | None = None


class AttemptEvent(VisitEvent, frozen=True, kw_only=True):
    """One person's try at being in the call."""

    attempt_id: UUID


class VisitRequested(VisitEvent, frozen=True, tag="visit.requested"):
    """A patient opened a visit, on demand or booked."""


class VisitRescheduled(VisitEvent, frozen=True, tag="visit.rescheduled"):
    """A booked visit has another time now."""


class VisitFlagged(VisitEvent, frozen=True, tag="visit.flagged"):
    """Red flags were raised."""


class VisitFlagChanged(VisitEvent, frozen=True, tag="visit.flag_changed"):
    """The patient changed the answers behind a red flag. The flag stays, marked as changed."""


class VisitPhoned(VisitEvent, frozen=True, tag="visit.phoned"):
    """Somebody of the clinic called the patient by telephone, from the queue."""


class VisitReady(VisitEvent, frozen=True, tag="visit.ready"):
    """The patient is in the waiting room."""


class VisitLeft(VisitEvent, frozen=True, tag="visit.left"):
    """The patient left the waiting room and may come back."""


class VisitReturned(VisitEvent, frozen=True, tag="visit.returned"):
    """The patient is back in the waiting room."""


class VisitRunningLate(VisitEvent, frozen=True, tag="visit.running_late"):
    """The clinic told the patient that it will take longer."""


class VisitAdmitted(VisitEvent, frozen=True, tag="visit.admitted"):
    """A clinician has taken the visit."""


class VisitPutBack(VisitEvent, frozen=True, tag="visit.put_back"):
    """The clinician gave the visit back to the waiting room."""


class AttemptStarted(AttemptEvent, frozen=True, tag="visit.attempt_started"):
    """Somebody was given a ticket for the call."""


class AttemptEnded(AttemptEvent, frozen=True, tag="visit.attempt_ended"):
    """Somebody is no longer in the call. The visit goes on."""


class VisitFinished(VisitEvent, frozen=True, tag="visit.finished"):
    """The clinician ended the visit."""


class VisitCancelled(VisitEvent, frozen=True, tag="visit.cancelled"):
    """The patient or the clinic called it off, or it was abandoned."""


class VisitNoShow(VisitEvent, frozen=True, tag="visit.no_show"):
    """The patient did not come."""
