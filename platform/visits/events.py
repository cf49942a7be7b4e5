"""What happens to a visit and makes somebody act. Ids only: a subscriber reads the rest.

Much more happens to a visit than is an event: `visits.timeline.StepKind` has all of it.
"""

from uuid import UUID

from core.events.outbox import Event


class VisitEvent(Event, frozen=True, kw_only=True):
    """Ordered by visit. `clinician_id` is whoever has the visit by then, if anyone does."""

    visit_id: UUID
    patient_id: UUID
    clinician_id: UUID | None = None


class VisitRequested(VisitEvent, frozen=True, tag="visit.requested"):
    """A patient opened a visit, on demand or booked."""


class VisitRescheduled(VisitEvent, frozen=True, tag="visit.rescheduled"):
    """A booked visit has another time now."""


class VisitForgotten(VisitEvent, frozen=True, tag="visit.forgotten"):
    """The patient has waited far too long, and nobody has admitted them. Once in each wait."""


class VisitCalledBack(VisitEvent, frozen=True, tag="visit.called_back"):
    """The patient is next in line and away from the page. Once in each wait."""


class VisitReminded(VisitEvent, frozen=True, tag="visit.reminded"):
    """A booked visit is near."""


class VisitCheckFailed(VisitEvent, frozen=True, tag="visit.check_failed"):
    """The patient waits, or comes soon, and the check of devices and network says that no call will come about."""


class VisitCheckPassed(VisitEvent, frozen=True, tag="visit.check_passed"):
    """After a check that failed, one has passed."""


class VisitAdmitted(VisitEvent, frozen=True, tag="visit.admitted"):
    """A clinician has taken the visit."""


class VisitPutBack(VisitEvent, frozen=True, tag="visit.put_back"):
    """The clinician gave the visit back to the waiting room."""


class VisitFinished(VisitEvent, frozen=True, tag="visit.finished"):
    """The clinician ended the visit."""


class VisitCancelled(VisitEvent, frozen=True, tag="visit.cancelled"):
    """The patient or the clinic called it off, or it was abandoned."""


class VisitNoShow(VisitEvent, frozen=True, tag="visit.no_show"):
    """The patient did not come."""


class EmergencyCalled(VisitEvent, frozen=True, tag="visit.emergency_called"):
    """Emergency services were called for the patient."""


class SummaryReady(Event, frozen=True, kw_only=True, tag="summary.ready"):
    """The after-visit summary waits for the patient. The chart says so, and messaging, on the same layer, hears it."""

    visit_id: UUID
    patient_id: UUID
