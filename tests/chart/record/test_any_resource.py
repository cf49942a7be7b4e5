"""Any valid FHIR R4 resource of the types that we keep survives storing, changing, its history and reading."""

from uuid import UUID

import httpx
from hypothesis import HealthCheck, given, settings

from chart.domain import Resource, Source
from chart.record import bindings, store
from chart.record.changes import AllergyChange, MedicineChange, ProblemChange
from chart.record.index import index
from chart.record.registry import SPECS
from chart.record.search import values as search_values
from chart.record.types import allergy_intolerance, condition, medication_request, medication_statement
from core import json
from core.clock import SystemClock
from core.ids import new_id
from tests.chart.conftest import Scene
from tests.chart.record.fhir_resources import resources
from tests.conftest import ActAs

OURS = ("id", "meta", "subject", "patient", "beneficiary")


def bare(resource: Resource) -> bytes:
    """All that is not ours to say, as bytes in a canonical order."""
    kept = {key: value for key, value in resource.items() if key not in OURS}
    meta = {k: v for k, v in (resource.get("meta") or {}).items() if k not in ("versionId", "lastUpdated")}
    whose = [resource[each] for each in ("subject", "patient", "beneficiary") if each in resource]
    named = [{k: v for k, v in each.items() if k != "reference"} for each in whose]
    return json.canonical([kept, meta, [each for each in named if each]])


def stamped(resource: Resource) -> Resource:
    return store.stamped(resource, new_id(), 1, new_id(), SystemClock().now())


@given(resources())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_what_is_valid_is_taken_and_read_as_it_is_written(resource: Resource) -> None:
    bindings.check(stamped(resource))
    assert json.canonical(json.decode(json.encode(resource))) == json.canonical(resource)
    index(stamped(resource))
    for low, high in zip(*search_values.values(stamped(resource))[5:7], strict=True):
        assert low < high


@given(resources())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_change_that_changes_nothing_changes_nothing(resource: Resource) -> None:
    now = SystemClock().now()
    kept = {
        "Condition": lambda: condition.changed(resource, ProblemChange(), None),
        "AllergyIntolerance": lambda: allergy_intolerance.changed(resource, AllergyChange()),
        "MedicationStatement": lambda: medication_statement.changed(resource, MedicineChange(), now),
        "MedicationRequest": lambda: medication_request.with_status(resource, resource["status"], now),
    }
    if make := kept.get(resource["resourceType"]):
        assert json.canonical(make()) == json.canonical(resource)


@given(resources())
@settings(
    max_examples=20,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
async def test_it_survives_storing_changing_its_history_and_reading(
    act_as: ActAs, scene: Scene, clinician: httpx.AsyncClient, resource: Resource
) -> None:
    patient_id = scene.patient.id
    async with act_as(scene.actor) as unit:
        record_id = (await store.put(unit.write, patient_id, resource, source=Source.IMPORT)).id
    async with act_as(scene.actor) as unit:
        assert bare((await store.get(unit.read, patient_id, record_id)).resource) == bare(resource)
        await store.edit(
            unit.write,
            patient_id,
            record_id,
            lambda current: {**current.resource, "language": "es"},
            source=Source.IMPORT,
        )
    async with act_as(scene.actor) as unit:
        marked = await store.mark_in_error(unit.write, patient_id, record_id, "x")
        assert marked.in_error
    expected = [resource, {**resource, "language": "es"}]
    assert [bare(each) for each in (await _versions(clinician, patient_id, record_id))[:2]] == [
        bare(each) for each in expected
    ]
    last = (await _versions(clinician, patient_id, record_id))[-1]
    assert bare(_without_status(last)) == bare(_without_status(expected[-1]))


async def _versions(clinician: httpx.AsyncClient, patient_id: UUID, record_id: UUID) -> list[Resource]:
    answer = await clinician.get(f"/api/patients/{patient_id}/records/{record_id}/history")
    assert answer.status_code == 200, answer.text
    return [each["resource"] for each in json.decode(answer.content)]


def _without_status(resource: Resource) -> Resource:
    """Without what a mark of an error changes."""
    spec = SPECS[resource["resourceType"]]
    changed = ("clinicalStatus", "verificationStatus") if spec.verification else (spec.status,)
    kept = {key: value for key, value in resource.items() if key not in changed}
    if spec.status is None:
        kept["meta"] = {key: value for key, value in (resource.get("meta") or {}).items() if key != "tag"}
    return kept
