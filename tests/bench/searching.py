"""Searches of the record in the large clinic, by sixteen at once: a patient's by code and date, and the clinic's.

They have no route of their own yet, so both sides run in this process: ours with its session, its row-level security
and its audit, the ceiling as one bare select that gives the same rows.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg

from chart.domain import ICD10, LOINC
from chart.record.search.indexing import ensure_indexed
from chart.record.search.params import Coded, Date, Param, Token
from chart.record.search.repository import search
from core.database.engine import make_engine
from core.database.session import open_unit
from core.ids import new_id
from tests.bench.figures import Figure, latency, p95
from tests.bench.world import World

CLIENTS = 16
PAGE = 20
MOST_MS = 100
"""Sixteen wait for one process, whose Python makes twenty records of each answer."""
TURNS = (5, 25)
"""The first round meets statements that nobody has prepared yet, and does not count."""
COMMON, USUAL, RARE = "I10", "E11.9", "G35"
MRN = "urn:oid:2.16.840.1.113883.19.5"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"

BY_CODE_AND_DATE = """
SELECT resource FROM record
 WHERE patient_id = $1 AND resource_type = 'Observation' AND code = $2 AND effective_at >= $3::timestamptz
   AND NOT in_error ORDER BY effective_at DESC LIMIT 21
"""
BY_IDS = "SELECT resource FROM record WHERE id = ANY ($1)"

Search = tuple[str, list[Param]]
CLINIC_SEARCHES: dict[str, Search] = {
    "a rare diagnosis": ("Condition", [Token("code", (Coded(RARE, ICD10),))]),
    "one in five has it": ("Condition", [Token("code", (Coded(USUAL, ICD10),))]),
    "two diagnoses": ("Condition", [Token("code", (Coded(RARE, ICD10), Coded(COMMON, ICD10)))]),
    "a diagnosis that is active": (
        "Condition",
        [Token("code", (Coded(USUAL, ICD10),)), Token("clinical-status", (Coded("active"),))],
    ),
    "an identifier": ("Condition", [Token("identifier", (Coded("C77777", MRN),))]),
    "a code that nearly all have": ("Condition", [Token("clinical-status", (Coded("active"),))]),
}


def conditions(patients: Sequence[UUID]) -> Iterator[dict[str, Any]]:
    """A diagnosis for each patient: seven in ten a common one, two in ten the usual one, one in two thousand a rare."""
    for at, patient_id in enumerate(patients):
        code = RARE if at % 2000 == 0 else USUAL if at % 5 == 0 else COMMON
        yield {
            "resourceType": "Condition",
            "id": str(new_id()),
            "identifier": [{"system": MRN, "value": f"C{at}"}],
            "clinicalStatus": {"coding": [{"system": CLINICAL, "code": "active" if at % 10 else "resolved"}]},
            "code": {"coding": [{"system": ICD10, "code": code}], "text": code},
            "subject": {"reference": f"Patient/{patient_id}"},
            "recordedDate": f"20{at % 25:02}-{1 + at % 12:02}",
        }


async def fill(clinic: World) -> None:
    """A diagnosis for each patient, and the search index of all that the bulk SQL made."""
    owner = await asyncpg.connect(clinic.owner)
    patients = [
        row["id"] for row in await owner.fetch("SELECT id FROM patient WHERE mrn LIKE 'B%' ORDER BY id")
    ]
    rows = [json.dumps(each) for each in conditions(patients)]
    await owner.execute(
        "INSERT INTO record (id, clinic_id, patient_id, resource_type, version, status, code, code_system, display, "
        "source, updated_at, resource) "
        "SELECT (r ->> 'id')::uuid, $1, split_part(r #>> '{subject,reference}', '/', 2)::uuid, 'Condition', 1, "
        "'active', r #>> '{code,coding,0,code}', r #>> '{code,coding,0,system}', r #>> '{code,text}', 'import', "
        "now() - random() * interval '900 days', r FROM unnest($2::jsonb[]) r",
        clinic.clinic_id,
        rows,
    )
    engine = make_engine(clinic.owner, clinic.services.settings)
    await ensure_indexed(engine)
    await engine.dispose()
    await owner.execute("VACUUM ANALYZE record, record_search, record_token")
    await owner.close()


async def chart_search_p95(clinic: World) -> Figure:
    """A patient's observations by code and date, in a chart of 20,000, beside one bare select of the same."""
    since, code = "2025-06", ""

    async def ours() -> int:
        async with open_unit(clinic.services, clinic.clinician) as unit:
            params: list[Param] = [Token("code", (Coded(code, LOINC),)), Date("date", since, "ge")]
            return len(
                (
                    await search(unit.read, "Observation", params, patient_id=clinic.patient_id, limit=PAGE)
                ).records
            )

    async with asyncpg.create_pool(clinic.owner, min_size=10, max_size=10) as pool:
        code = await pool.fetchval(
            "SELECT code FROM record WHERE patient_id = $1 AND resource_type = 'Observation' "
            "GROUP BY code ORDER BY count(*) DESC LIMIT 1",
            clinic.patient_id,
        )

        async def theirs() -> int:
            return len(
                await pool.fetch(BY_CODE_AND_DATE, clinic.patient_id, code, datetime(2025, 6, 1, tzinfo=UTC))
            )

        return await _figure("chart_search_p95", MOST_MS, ours, theirs)


async def clinic_search_p95(clinic: World) -> Figure:
    """The slowest kind of search of the whole clinic, beside one bare select of the same records by their ids."""
    figures = []
    async with asyncpg.create_pool(clinic.owner, min_size=10, max_size=10) as pool:
        for what, (kind, params) in CLINIC_SEARCHES.items():
            figures.append(await _of_clinic(clinic, pool, kind, params))
            print(f"  {what}: {figures[-1].value} ms beside {figures[-1].ceiling} ms", flush=True)
    return max(figures, key=lambda figure: figure.value)


async def _of_clinic(clinic: World, pool: asyncpg.Pool, kind: str, params: list[Param]) -> Figure:
    async with open_unit(clinic.services, clinic.clinician) as unit:
        found = await search(unit.read, kind, params, limit=PAGE)
        ids = [each.id for each in found.records]
    assert ids, params

    async def ours() -> int:
        async with open_unit(clinic.services, clinic.clinician) as unit:
            return len((await search(unit.read, kind, params, limit=PAGE)).records)

    async def theirs() -> int:
        return len(await pool.fetch(BY_IDS, ids))

    return await _figure("clinic_search_p95", MOST_MS, ours, theirs)


async def _figure(
    name: str, most_ms: float, ours: Callable[[], Awaitable[int]], theirs: Callable[[], Awaitable[int]]
) -> Figure:
    samples: dict[bool, list[float]] = {True: [], False: []}
    for turns in TURNS:
        for is_ours, ask in ((True, ours), (False, theirs)):
            samples[is_ours] = await _load(ask, turns)
    return latency(name, p95(samples[True]), most_ms, p95(samples[False]))


async def _load(ask: Callable[[], Awaitable[int]], turns: int) -> list[float]:
    """How long each took, in milliseconds, with sixteen at once."""

    async def client() -> list[float]:
        taken = []
        for _ in range(turns):
            began = perf_counter()
            found = await ask()
            taken.append((perf_counter() - began) * 1000)
            assert 0 < found <= PAGE + 1
        return taken

    return [each for found in await asyncio.gather(*(client() for _ in range(CLIENTS))) for each in found]


FIGURES = {"chart_search_p95": chart_search_p95, "clinic_search_p95": clinic_search_p95}
