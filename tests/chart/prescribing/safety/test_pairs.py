"""What is taken, by whomever it was said, against what is about to be prescribed: who is warned of, and who is not.

Each pair in both orders, each case with a patient of its own.
"""

from dataclasses import replace
from datetime import timedelta

import httpx
import msgspec
import pytest
from sqlalchemy import select

from chart.domain import Source
from chart.prescribing import recording, repository
from chart.prescribing.medicines.sig import Sig
from chart.prescribing.models import Prescription
from chart.prescribing.safety import chart_check
from chart.prescribing.writing import drafts, signing
from chart.record import store
from chart.record.building import Asserter
from chart.record.types import medication_statement
from core.clock import FrozenClock
from core.database.session import ReadSession, open_unit
from core.services import Services
from identity.models import Patient
from tests.chart.conftest import Scene, admitted_visit
from tests.conftest import ActAs
from tests.people import make_patient

WARFARIN, METRONIDAZOLE = "warfarin-5-mg-tablet", "metronidazole-500-mg-tablet"
SERTRALINE, PHENELZINE, FLUOXETINE = (
    "sertraline-50-mg-tablet",
    "phenelzine-15-mg-tablet",
    "fluoxetine-20-mg-capsule",
)
SIMVASTATIN, CLARITHROMYCIN = "simvastatin-20-mg-tablet", "clarithromycin-500-mg-tablet"
LISINOPRIL, SPIRONOLACTONE = "lisinopril-10-mg-tablet", "spironolactone-25-mg-tablet"
IBUPROFEN, LITHIUM = "ibuprofen-400-mg-tablet", "lithium-carbonate-300-mg-capsule"
AMOXICILLIN, METFORMIN, AMIODARONE = (
    "amoxicillin-500-mg-capsule",
    "metformin-500-mg-tablet",
    "amiodarone-200-mg-tablet",
)

INTERACTING = [
    (WARFARIN, METRONIDAZOLE),
    (WARFARIN, IBUPROFEN),
    (SERTRALINE, PHENELZINE),
    (SIMVASTATIN, CLARITHROMYCIN),
    (LISINOPRIL, SPIRONOLACTONE),
    (IBUPROFEN, LITHIUM),
]
QUIET = [(LISINOPRIL, METFORMIN), (AMOXICILLIN, METFORMIN)]
HOW = [
    "prescribed, ongoing, 300 days ago",
    "prescribed for 7 days, 2 days ago",
    "by the patient",
    "by import",
]
# What ended so many days ago: the medicine, the days, the new one, and whether its interaction is still said.
ENDED = [
    (PHENELZINE, 10, SERTRALINE, True),
    (PHENELZINE, 20, SERTRALINE, False),
    (FLUOXETINE, 30, PHENELZINE, True),
    (FLUOXETINE, 40, PHENELZINE, False),
    (WARFARIN, 3, METRONIDAZOLE, True),
    (WARFARIN, 30, METRONIDAZOLE, False),
    (AMIODARONE, 100, SIMVASTATIN, True),
    (AMIODARONE, 200, SIMVASTATIN, False),
    (LISINOPRIL, 1, SPIRONOLACTONE, False),
    (IBUPROFEN, 1, LITHIUM, False),
]


async def prescribe(
    services: Services, scene: Scene, patient: Patient, drug_id: str, *, days_ago: int, days: int | None
) -> None:
    """A prescription of the clinic's own, signed so long ago, in a visit of that time."""
    clock = FrozenClock(services.clock.now() - timedelta(days=days_ago))
    async with open_unit(replace(services, clock=clock), scene.actor) as unit:
        visit = await admitted_visit(unit.write, patient, scene.clinician)
        drug = await repository.drug(unit.write, drug_id)
        assert drug is not None
        sig = msgspec.structs.replace(msgspec.convert(drug.usual[0], Sig), days=days)
        draft = await drafts.begin(unit.write, visit.id, drug_id, sig)
        review = await drafts.review(unit.write, draft)
        assert review.sha256, review.missing
        reasons = {alert.key: "Known" for alert in review.check.alerts}
        await signing.sign(unit.write, draft.id, review.sha256, reasons)


async def take(
    services: Services, scene: Scene, act_as: ActAs, patient: Patient, drug_id: str, how: str
) -> None:
    title = drug_id.replace("-", " ").rsplit(" ", 4)[0]
    by = Asserter(Source.PATIENT, patient.id, None, services.clock.now() - timedelta(days=400))
    if how.startswith("prescribed"):
        ongoing = "ongoing" in how
        days_ago, days = (300, None) if ongoing else (2, 7)
        await prescribe(services, scene, patient, drug_id, days_ago=days_ago, days=days)
        return
    told = medication_statement.build(title, by)
    if how == "by import":
        told = {
            "resourceType": "MedicationRequest", "status": "active", "intent": "order",
            "authoredOn": "2020-01-01", "medicationCodeableConcept": {"text": title},
        }  # fmt: skip
    async with act_as(scene.actor) as unit:
        await store.put(unit.write, patient.id, told, source=Source.PATIENT)


async def warned(read: ReadSession, patient: Patient, drug_id: str) -> chart_check.Check:
    drug = await repository.drug(read, drug_id)
    assert drug is not None
    new = Prescription(
        id=patient.id, patient_id=patient.id, visit_id=patient.id, sig=drug.usual[0], drug_id=drug_id
    )
    return await chart_check.run(read, new, drug)


async def someone(scene: Scene, act_as: ActAs) -> Patient:
    async with act_as(scene.actor) as unit:
        patient = await make_patient(unit.write)
        known = (await unit.read.scalars(select(Patient).where(Patient.id == scene.patient.id))).one()
        patient.preferred_pharmacy_id = known.preferred_pharmacy_id
        patient.address = known.address
        return patient


@pytest.mark.parametrize("how", HOW)
async def test_everything_that_is_taken_is_checked(
    ready: Scene, services: Services, act_as: ActAs, how: str
) -> None:
    for pair, interacts in [(each, True) for each in INTERACTING] + [(each, False) for each in QUIET]:
        for taken, new in (pair, pair[::-1]):
            patient = await someone(ready, act_as)
            await take(services, ready, act_as, patient, taken, how)
            async with act_as(ready.actor) as unit:
                found = await warned(unit.read, patient, new)
            assert bool([each for each in found.alerts if each.kind == "interaction"]) == interacts, (
                taken,
                new,
            )
            assert found.unread == []


@pytest.mark.parametrize(("taken", "days", "new", "said"), ENDED)
async def test_what_ended_is_said_to_have_ended_while_it_acts(
    ready: Scene, services: Services, act_as: ActAs, taken: str, days: int, new: str, said: bool
) -> None:
    prescribed, stopped = await someone(ready, act_as), await someone(ready, act_as)
    await prescribe(services, ready, prescribed, taken, days_ago=days + 7, days=7)
    ended = services.clock.now() - timedelta(days=days)
    by = Asserter(Source.CLINICIAN, stopped.id, ready.clinician.id, ended)
    title = taken.replace("-", " ").rsplit(" ", 4)[0]
    async with act_as(ready.actor) as unit:
        stated = medication_statement.build(title, by, status="stopped")
        await store.put(unit.write, stopped.id, stated)
    for patient in (prescribed, stopped):
        async with act_as(ready.actor) as unit:
            found = await warned(unit.read, patient, new)
            again = await warned(unit.read, patient, taken)
        about = [each for each in found.alerts if each.kind == "interaction"]
        assert [each.ended_on for each in about] == ([ended.date()] if said else [])
        assert not [each for each in again.alerts if each.kind == "duplicate"], (
            "what ended is not taken twice"
        )


async def test_a_clinician_ends_what_was_prescribed_and_it_stays_ended(
    clinician: httpx.AsyncClient, ready: Scene, services: Services, act_as: ActAs
) -> None:
    patient = await someone(ready, act_as)
    await prescribe(services, ready, patient, WARFARIN, days_ago=60, days=None)
    [listed] = (await clinician.get(f"/api/patients/{patient.id}/summary")).json()["medicines"]
    assert listed["ends_at"] is None
    path = f"/api/patients/{patient.id}/medicines/{listed['id']}"
    answer = await clinician.put(path, json={"display": listed["display"], "status": "stopped"})
    assert answer.status_code == 200, answer.text
    async with act_as(ready.actor) as unit:
        mine = select(Prescription).where(Prescription.patient_id == patient.id)
        await recording.keep(unit.write, (await unit.read.scalars(mine)).one())
    async with act_as(ready.actor) as unit:
        [alert] = (await warned(unit.read, patient, METRONIDAZOLE)).alerts
    assert (alert.severity, alert.ended_on) == ("high", services.clock.now().date())
    assert (await clinician.get(f"/api/patients/{patient.id}/summary")).json()["medicines"] == []
