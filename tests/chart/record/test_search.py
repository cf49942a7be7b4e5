"""Searches of the record: every kind of parameter, a patient's and the whole clinic's, and how the index is kept."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from chart.domain import Resource, Source
from chart.record import store
from chart.record.importing import import_bundle
from chart.record.search import indexing
from chart.record.search.params import Coded, Date, Param, Quantity, Reference, Token, Words
from chart.record.search.ranges import EARLIEST, LATEST, range_of
from chart.record.search.repository import search
from core import json
from core.errors import Invalid, NotFound
from core.services import Services
from tests.chart.conftest import Scene
from tests.conftest import ActAs
from tests.people import actor_of, make_patient
from tests.statements import counted

SNOMED, ICD = "http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10-cm"
ASTHMA: Resource = {
    "resourceType": "Condition",
    "identifier": [{"system": "urn:mrn|a", "value": "77"}, {"value": "bare"}],
    "clinicalStatus": {
        "coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]
    },
    "code": {
        "coding": [
            {"system": ICD, "code": "J45.909", "display": "Unspecified asthma"},
            {"system": SNOMED, "code": "195967001", "display": "Asthma"},
            {"code": "local"},
        ],
        "text": "Ásma  bronquial",
    },
    "onsetDateTime": "2024-03",
    "recordedDate": "2024-03-09T23:30:00-05:00",
    "encounter": {"reference": "Encounter/e1/_history/2", "identifier": {"system": "urn:v", "value": "9"}},
}
WEIGHT: Resource = {
    "resourceType": "Observation",
    "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
    "effectivePeriod": {"start": "2023-12-31"},
    "valueQuantity": {
        "value": json.decode("70.5"),
        "unit": "kilos",
        "system": "http://unitsofmeasure.org",
        "code": "kg",
    },
}


def coded(name: str, *codes: tuple[str | None, str | None], but_not: bool = False) -> Token:
    return Token(name, tuple(Coded(*each) for each in codes), but_not)


FOUND: list[Param] = [
    coded("code", ("J45.909", ICD)),
    coded("code", ("195967001", SNOMED)),
    coded("code", ("195967001", None)),
    coded("code", ("local", "")),
    coded("code", (None, SNOMED)),
    coded("code", ("other", None), ("J45.909", None)),
    coded("code", ("other", None), but_not=True),
    coded("identifier", ("77", "urn:mrn|a")),
    coded("identifier", ("bare", "")),
    coded("clinical-status", ("active", None)),
    Date("onset-date", "2024-03"),
    Date("onset-date", "2024"),
    Date("onset-date", "2024-03-15", "lt"),
    Date("onset-date", "2024-03-15", "gt"),
    Date("onset-date", "2024-03-15", "ne"),
    Date("onset-date", "2024-03", "ge"),
    Date("onset-date", "2024-03", "le"),
    Date("onset-date", "2024-02-29", "sa"),
    Date("onset-date", "2024-04", "eb"),
    Date("onset-date", "2024-02", "ap"),
    Date("recorded-date", "2024-03-10T04:30:00Z"),
    Date("recorded-date", "2024-03-10"),
    Date("_lastUpdated", "2000", "gt"),
    Reference("encounter", ("Encounter/e1",)),
    Reference("encounter", ("e0", "e1")),
    Reference("encounter", ("identifier:urn:v|9",)),
    Words("code", "asma b"),
    Words("code", "ASTHMA", anywhere=True),
]
NOT_FOUND: list[Param] = [
    coded("code", ("J45.909", SNOMED)),
    coded("code", ("J45.909", "")),
    coded("code", ("j45.909", None)),
    coded("code", ("local", SNOMED)),
    coded("code", ("195967001", None), but_not=True),
    coded("category", ("J45.909", None)),
    coded("identifier", ("77", "urn:mrn")),
    coded("identifier", ("77", "")),
    Date("onset-date", "2024-03-15"),
    Date("onset-date", "2024-03", "ne"),
    Date("onset-date", "2024-03", "gt"),
    Date("onset-date", "2024-03-31", "gt"),
    Date("onset-date", "2024-03", "lt"),
    Date("onset-date", "2024-03-01", "lt"),
    Date("onset-date", "2024-03-31", "sa"),
    Date("onset-date", "2024-03-31", "eb"),
    Date("abatement-date", "1900", "gt"),
    Date("recorded-date", "2024-03-09"),
    Date("_lastUpdated", "2000", "lt"),
    Reference("encounter", ("Encounter/e",)),
    Reference("asserter", ("e1",)),
    Words("code", "bronquial"),
    Words("code", "a%ma"),
    Words("category", "asma"),
]
MEASURED: list[tuple[Quantity, bool]] = [
    (Quantity("value-quantity", Decimal("70.5")), True),
    (Quantity("value-quantity", Decimal("71")), True),
    (Quantity("value-quantity", Decimal("70.4")), False),
    (Quantity("value-quantity", Decimal("70.50"), unit="kg"), True),
    (Quantity("value-quantity", Decimal("70.5"), unit="kg", system="http://unitsofmeasure.org"), True),
    (Quantity("value-quantity", Decimal("70.5"), unit="kilos"), True),
    (Quantity("value-quantity", Decimal("70.5"), unit="lb"), False),
    (Quantity("value-quantity", Decimal("70.5"), unit="kg", system="urn:x"), False),
    (Quantity("value-quantity", Decimal("70"), "gt"), True),
    (Quantity("value-quantity", Decimal("70.5"), "gt"), False),
    (Quantity("value-quantity", Decimal("70.5"), "ge"), True),
    (Quantity("value-quantity", Decimal("70.5"), "lt"), False),
    (Quantity("value-quantity", Decimal("71"), "lt"), True),
    (Quantity("value-quantity", Decimal("70.5"), "le"), True),
    (Quantity("value-quantity", Decimal("65"), "ap"), True),
    (Quantity("value-quantity", Decimal("50"), "ap"), False),
    (Quantity("value-quantity", Decimal("70.5"), "ne"), False),
]


async def ids(
    act_as: ActAs, scene: Scene, kind: str, params: Iterable[Param], patient_id: UUID | None
) -> set[UUID]:
    async with act_as(scene.actor) as unit:
        found = await search(unit.read, kind, params, patient_id=patient_id)
        return {each.id for each in found.records}


async def test_each_kind_of_parameter_finds_what_it_fits_and_nothing_else(
    act_as: ActAs, scene: Scene
) -> None:
    patient_id = scene.patient.id
    async with act_as(scene.actor) as unit:
        asthma = (await store.put(unit.write, patient_id, ASTHMA)).id
        weight = (await store.put(unit.write, patient_id, WEIGHT)).id
    async with act_as(scene.actor) as unit:
        for of in (patient_id, None):

            async def found(kind: str, *params: Param, of: UUID | None = of) -> set[UUID]:
                records_of = (await search(unit.read, kind, params, patient_id=of)).records
                return {each.id for each in records_of}

            for param in FOUND:
                assert await found("Condition", param) == {asthma}, param
            assert await found("Condition", *FOUND) == {asthma}
            for param in NOT_FOUND:
                assert await found("Condition", param) == set(), param
            for measured, fits in MEASURED:
                assert (await found("Observation", measured) == {weight}) is fits, measured
            assert await found("Observation", Date("date", "2030", "gt")) == {weight}
            assert await found("Observation", Date("date", "2023", "lt")) == set()


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ("2024", "2024-01-01T00:00:00+00:00", "2025-01-01T00:00:00+00:00"),
        ("2024-12", "2024-12-01T00:00:00+00:00", "2025-01-01T00:00:00+00:00"),
        ("2024-02-29", "2024-02-29T00:00:00+00:00", "2024-03-01T00:00:00+00:00"),
        ("2024-02-29T01:00:00+05:30", "2024-02-28T19:30:00+00:00", "2024-02-28T19:30:01+00:00"),
        ("2024-02-29T01:00:00.5Z", "2024-02-29T01:00:00.500000+00:00", "2024-02-29T01:00:00.500001+00:00"),
        ("9999-12", "9999-12-01T00:00:00+00:00", LATEST.isoformat()),
        ({"start": "2024-02"}, "2024-02-01T00:00:00+00:00", LATEST.isoformat()),
        ({"end": "2024-02"}, EARLIEST.isoformat(), "2024-03-01T00:00:00+00:00"),
        (
            {"event": ["2024-05-01", "2024-02"], "repeat": {"boundsPeriod": {"end": "2025"}}},
            EARLIEST.isoformat(),
            "2026-01-01T00:00:00+00:00",
        ),
    ],
)
def test_a_time_covers_a_range(value: object, low: str, high: str) -> None:
    found = range_of(value)
    assert found is not None
    assert (found.low.isoformat(), found.high.isoformat()) == (low, high)


@pytest.mark.parametrize(
    "value", ["", "soon", "2024-13", "2023-02-29", "10000", "1-2-3-4", {}, {"repeat": {}}, 5]
)
def test_what_is_no_time_covers_nothing(value: object) -> None:
    assert range_of(value) is None


async def test_the_newest_come_first_by_the_page_and_mistakes_only_when_asked(
    act_as: ActAs, scene: Scene
) -> None:
    of = scene.patient.id
    async with act_as(scene.actor) as unit:
        made = [
            (await store.put(unit.write, of, {**WEIGHT, "effectivePeriod": {"start": day}})).id
            for day in ("2024-02-01", "2024", "2025-01-01")
        ]
        undated = (
            await store.put(unit.write, of, {k: v for k, v in WEIGHT.items() if k != "effectivePeriod"})
        ).id
        await store.mark_in_error(unit.write, of, undated, "x")
    async with act_as(scene.actor) as unit:
        first = await search(unit.read, "Observation", patient_id=of, limit=2)
        assert ([each.id for each in first.records], first.more) == ([made[2], made[0]], True)
        every = await search(unit.read, "Observation", patient_id=of, include_errors=True)
        assert ([each.id for each in every.records], every.more) == (
            [made[2], made[0], made[1], undated],
            False,
        )


# A hot code, one of two that each record has both of, and a code of few values: each is walked in another way.
WALKED: list[list[Param]] = [
    [Token("code", (Coded("29463-7"),))],
    [Token("code", (Coded("29463-7"), Coded(None, "http://loinc.org"), Coded("no-such")))],
    [Token("status", (Coded("final"), Coded("entered-in-error")))],
    [Token("combo-code", (Coded("29463-7"),)), Token("status", (Coded("final"), Coded("entered-in-error")))],
]


@pytest.mark.parametrize("params", WALKED)
async def test_however_it_is_walked_the_newest_come_first_once_and_by_the_page(
    act_as: ActAs, scene: Scene, params: list[Param]
) -> None:
    of, made = scene.patient.id, []
    for day in ("2024-02-01", "2025-01-01", "2024"):
        async with act_as(scene.actor) as unit:
            made.append((await store.put(unit.write, of, {**WEIGHT, "effectivePeriod": {"start": day}})).id)
    async with act_as(scene.actor) as unit:
        await store.put(unit.write, (await make_patient(unit.write)).id, {**WEIGHT, "code": {"text": "x"}})
        await store.mark_in_error(unit.write, of, made[0], "x")
    async with act_as(scene.actor) as unit:

        async def found(of: UUID | None, limit: int = 10, errors: bool = False) -> tuple[list[UUID], bool]:
            result = await search(
                unit.read, "Observation", params, patient_id=of, limit=limit, include_errors=errors
            )
            return [each.id for each in result.records if each.patient_id == scene.patient.id], result.more

        assert await found(of) == ([made[1], made[2]], False)
        assert await found(of, 1) == ([made[1]], True)
        assert await found(of, errors=True) == ([made[1], made[0], made[2]], False)
        # The clinic's by last change: the one that was marked was changed last.
        assert await found(None, errors=True) == ([made[0], made[2], made[1]], False)


async def test_what_is_changed_is_found_by_what_it_says_now(act_as: ActAs, scene: Scene) -> None:
    of = scene.patient.id
    old, new = coded("code", ("J45.909", None)), coded("code", ("K21.9", None))
    async with act_as(scene.actor) as unit:
        [record] = [await store.put(unit.write, of, ASTHMA)]
        changed = {"coding": [{"system": ICD, "code": "K21.9"}]}
        await store.edit(unit.write, of, record.id, lambda current: {**current.resource, "code": changed})
    for patient_id in (of, None):
        assert await ids(act_as, scene, "Condition", [old], patient_id) == set()
        assert await ids(act_as, scene, "Condition", [new], patient_id) == {record.id}


async def test_what_is_imported_is_found(act_as: ActAs, scene: Scene) -> None:
    async with act_as(scene.actor) as unit:
        await import_bundle(
            unit.write, scene.patient, {"entry": [{"resource": ASTHMA}, {"resource": WEIGHT}]}
        )
    assert len(await ids(act_as, scene, "Condition", FOUND[:1], scene.patient.id)) == 1
    assert len(await ids(act_as, scene, "Observation", [MEASURED[0][0]], None)) == 1


async def test_nobody_finds_what_is_another_patients_or_another_clinics(
    act_as: ActAs, scene: Scene, other_clinic_id: UUID
) -> None:
    async with act_as(scene.actor) as unit:
        other = await make_patient(unit.write)
        await store.put(unit.write, scene.patient.id, ASTHMA)
    assert await ids(act_as, scene, "Condition", FOUND[:1], other.id) == set()
    elsewhere = scene.actor.__class__(clinic_id=other_clinic_id, roles=scene.actor.roles)
    for param in (FOUND[0], FOUND[9], FOUND[23]):
        async with act_as(elsewhere) as unit:
            assert (await search(unit.read, "Condition", [param])).records == []
            assert (await search(unit.read, "Condition", [param], patient_id=scene.patient.id)).records == []


async def test_a_search_is_one_statement_and_on_record(
    services: Services, act_as: ActAs, scene: Scene
) -> None:
    async with act_as(scene.actor) as unit:
        await store.put(unit.write, scene.patient.id, ASTHMA)
        with counted(services) as written:
            await store.put(unit.write, scene.patient.id, ASTHMA)
    assert sum("record_search" in each for each in written) == 1
    for of in (scene.patient.id, None):
        async with act_as(scene.actor) as unit:
            await unit.read.execute(text("SELECT 1"))
            with counted(services) as sent:
                await search(unit.read, "Condition", FOUND[:12], patient_id=of)
            assert ["audit_event" in each for each in sent] == [False, True]
            row = (await unit.read.execute(_AUDITED, {"request": unit.request_id})).one()
            assert (row.action, row.detail) == ("chart.read", {"type": "Condition", "found": 2})
            assert (row.patient_id or row.patients[0]) == scene.patient.id


_AUDITED = text("SELECT action, detail, patient_id, patients FROM audit_event WHERE request_id = :request")


async def test_a_patient_searches_no_clinic(act_as: ActAs, scene: Scene) -> None:
    async with act_as(actor_of(scene.patient)) as unit:
        with pytest.raises(NotFound):
            await search(unit.read, "Condition")


@pytest.mark.parametrize(
    ("kind", "param", "code"),
    [
        ("Patient", Date("birthdate", "2000"), "unsupported"),
        ("Condition", coded("colour", ("red", None)), "unknown_parameter"),
        ("Condition", Date("code", "2024"), "unknown_parameter"),
        ("Condition", Date("onset-date", "soon"), "not_a_date"),
        ("Observation", Quantity("value-quantity", Decimal("NaN")), "not_a_number"),
    ],
)
async def test_what_cannot_be_searched_is_refused(
    act_as: ActAs, scene: Scene, kind: str, param: Param, code: str
) -> None:
    async with act_as(scene.actor) as unit:
        for of in (scene.patient.id, None):
            with pytest.raises(Invalid) as refused:
                await search(unit.read, kind, [param], patient_id=of)
            assert [each.code for each in refused.value.fields] == [code]


async def test_what_another_release_wrote_is_indexed_again(
    services: Services, act_as: ActAs, scene: Scene, owner: AsyncEngine
) -> None:
    of = scene.patient.id
    async with act_as(scene.actor) as unit:
        kept = [(await store.put(unit.write, of, ASTHMA, source=Source.IMPORT)).id for _ in range(3)]
    async with owner.begin() as connection:
        gone = {"without": kept[0], "shape": kept[1], "version": kept[2]}
        await connection.execute(text("DELETE FROM record_token WHERE record_id = :without"), gone)
        await connection.execute(text("DELETE FROM record_search WHERE record_id = :without"), gone)
        await connection.execute(
            text(
                "UPDATE record_search SET shape = 'old', tokens = '{}', hot = '{}' WHERE record_id = :shape"
            ),
            gone,
        )
        await connection.execute(
            text(
                "UPDATE record_search SET version = 0, tokens = '{}', hot = '{}' WHERE record_id = :version"
            ),
            gone,
        )
    assert await ids(act_as, scene, "Condition", FOUND[:1], of) == set()
    await indexing.index_what_is_new(services)
    for patient_id in (of, None):
        assert await ids(act_as, scene, "Condition", FOUND[:1], patient_id) == set(kept)
    assert await indexing.ensure_indexed(owner) == 0
