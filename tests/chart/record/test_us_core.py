"""Every type that US Core 6.1 names: HL7's own examples survive storing, changing, taking back, history and reading."""

from pathlib import Path

from chart.domain import Resource, Source
from chart.record import store
from chart.record.registry import SPECS
from core import json
from tests.chart.conftest import Scene
from tests.chart.record.test_any_resource import bare
from tests.conftest import ActAs

EXAMPLES: list[Resource] = json.decode((Path(__file__).parent / "us_core_6_1.json").read_bytes())
US_CORE = {
    "AllergyIntolerance", "CarePlan", "CareTeam", "Condition", "Coverage", "Device", "DiagnosticReport",
    "DocumentReference", "Encounter", "Goal", "Immunization", "Medication", "MedicationDispense", "MedicationRequest",
    "Observation", "Procedure", "Provenance", "QuestionnaireResponse", "RelatedPerson", "ServiceRequest", "Specimen",
}  # fmt: skip


def test_there_is_an_example_of_each_type() -> None:
    assert {each["resourceType"] for each in EXAMPLES} == US_CORE
    assert set(SPECS) >= US_CORE


async def test_each_survives_storing_changing_taking_back_its_history_and_reading(
    act_as: ActAs, scene: Scene
) -> None:
    of = scene.patient.id
    async with act_as(scene.actor) as unit:
        ids = [(await store.put(unit.write, of, each, source=Source.IMPORT)).id for each in EXAMPLES]
    async with act_as(scene.actor) as unit:
        for record_id, example in zip(ids, EXAMPLES, strict=True):
            assert bare((await store.get(unit.read, of, record_id)).resource) == bare(example)
            await store.edit(unit.write, of, record_id, lambda now: {**now.resource, "language": "es"})
            assert (await store.mark_in_error(unit.write, of, record_id, "x")).in_error, example
    async with act_as(scene.actor) as unit:
        assert await store.list(unit.read, of) == []
        for record_id, example in zip(ids, EXAMPLES, strict=True):
            versions = [bare(each.resource) for each in await store.history(unit.read, of, record_id)]
            assert versions[:2] == [bare(example), bare({**example, "language": "es"})]
            assert len(versions) == 3
