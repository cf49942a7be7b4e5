"""Whose an intake is, and until when it may be changed."""

import pytest

from core.actor import Actor, Role
from core.errors import Conflict, NotFound
from core.ids import new_id
from intake.access import check_open, check_own
from visits.domain import VisitStatus
from visits.models import Visit

CLINIC, PATIENT = new_id(), new_id()


def actor(role: Role, patient_id: object) -> Actor:
    return Actor(clinic_id=CLINIC, roles=frozenset({role}), account_id=new_id(), patient_id=patient_id)  # type: ignore[arg-type]  # an id or None


@pytest.mark.parametrize("who", [actor(Role.PATIENT, new_id()), actor(Role.CLINICIAN, None)])
def test_a_form_does_not_exist_for_anybody_but_its_patient(who: Actor) -> None:
    with pytest.raises(NotFound):
        check_own(who, Visit(patient_id=PATIENT))
    check_own(actor(Role.PATIENT, PATIENT), Visit(patient_id=PATIENT))


@pytest.mark.parametrize("status", VisitStatus)
@pytest.mark.parametrize("submitted", [True, False])
def test_it_is_changed_until_it_is_sent_or_the_visit_moves_on(status: VisitStatus, submitted: bool) -> None:
    visit = Visit(patient_id=PATIENT, status=status)
    if status in {VisitStatus.INTAKE, VisitStatus.ADMITTED} and not submitted:
        check_open(visit, submitted=submitted)
        return
    with pytest.raises(Conflict) as refused:
        check_open(visit, submitted=submitted)
    assert (refused.value.code, refused.value.data) == ("intake_closed", {"visit_status": status.value})
