"""Who prescribes in a visit, and who changes what was prescribed."""

import httpx
import pytest

from chart.prescribing.access import check_is_prescriber, check_may_prescribe
from chart.prescribing.models import Prescription
from core.actor import Actor, Role
from core.errors import Conflict, Forbidden
from core.ids import new_id
from tests.chart.conftest import Browser, Scene
from tests.chart.prescribing.conftest import begin, sign
from tests.chart.prescribing.test_drafts import put
from tests.conftest import ActAs
from tests.people import make_staff
from visits.domain import VisitStatus
from visits.models import Visit

DOCTOR = Actor(clinic_id=new_id(), roles=frozenset({Role.CLINICIAN}), account_id=new_id())


@pytest.mark.parametrize("status", VisitStatus)
def test_one_prescribes_from_the_admission_on(status: VisitStatus) -> None:
    visit = Visit(clinician_id=DOCTOR.account_id, status=status)
    if status in {VisitStatus.ADMITTED, VisitStatus.FINISHED}:
        check_may_prescribe(DOCTOR, visit)
        return
    with pytest.raises(Conflict) as refused:
        check_may_prescribe(DOCTOR, visit)
    assert refused.value.code == "visit_not_admitted"


def test_nobody_prescribes_in_a_colleagues_visit() -> None:
    for other in (new_id(), None):
        with pytest.raises(Forbidden) as refused:
            check_may_prescribe(DOCTOR, Visit(clinician_id=other, status=VisitStatus.ADMITTED))
        assert refused.value.code == "not_your_visit"


def test_a_prescription_is_its_prescribers() -> None:
    check_is_prescriber(DOCTOR, Prescription(prescriber_id=DOCTOR.account_id))
    with pytest.raises(Forbidden) as refused:
        check_is_prescriber(DOCTOR, Prescription(prescriber_id=new_id()))
    assert refused.value.code == "not_your_prescription"


async def test_a_colleague_neither_changes_nor_signs_it(
    browser: Browser, clinician: httpx.AsyncClient, ready: Scene, act_as: ActAs
) -> None:
    drafted = await begin(clinician, ready.visit.id)
    system = Actor(clinic_id=ready.patient.clinic_id, roles=frozenset({Role.SYSTEM}))
    async with act_as(system) as unit:
        other = await make_staff(unit.write, Role.CLINICIAN, name="Another Doctor")
    colleague = await browser(other)
    for answer in (await put(colleague, drafted, note="Twice a day"), await sign(colleague, drafted)):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_your_prescription")
    shown = (await clinician.get(f"/api/prescriptions/{drafted['line']['id']}")).json()
    assert (shown["note"], shown["line"]["status"]) == (drafted["note"], "draft")
