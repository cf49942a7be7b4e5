"""An earlier version kept 'NKDA' as an allergy and the same thing three times: what the upgrade makes of them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.home import Home
from app.process.roles import ensure_roles
from app.process.servers import Servers
from chart.domain import RecordType, Resource, Source
from chart.record import bindings
from chart.record.building import Asserter
from chart.record.index import index, marked_in_error
from chart.record.store import stamped
from chart.record.types import allergy_intolerance, medication_statement
from chart.record.types import list as lists
from core import json
from core.config import Settings
from core.database.engine import make_engine
from core.ids import new_id
from core.migrations import FOLDER

BEFORE, AFTER = "0039_drugs_offered", "0040_none_known"
# The whole chain of migrations is run for them.
pytestmark = pytest.mark.whole

BEGAN = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def upgraded(connection: AsyncConnection, revision: str) -> None:
    def upgrade(bound: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(FOLDER))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = bound
        command.upgrade(config, revision)

    await connection.run_sync(upgrade)
    await connection.commit()


@pytest.fixture(scope="module")
async def engine_earlier(settings: Settings, home: Home) -> AsyncIterator[AsyncEngine]:
    """A database of the earlier version, on the same server."""
    urls = [settings.owner_database_url, settings.database_url, settings.system_database_url]
    owner, app, system = (urlsplit(url)._replace(path="/earlier").geturl() for url in urls)
    await ensure_roles(Servers(home).admin_url() or settings.owner_database_url, owner, app, system)
    engine = make_engine(owner, settings)
    async with engine.connect() as connection:
        await upgraded(connection, BEFORE)
    yield engine
    await engine.dispose()


class Earlier:
    """A chart in the database, written as the earlier version wrote it."""

    def __init__(self, connection: AsyncConnection, clinic: UUID) -> None:
        self.connection, self.clinic = connection, clinic

    async def run(self, statement: str, **values: Any) -> list[Any]:
        result = await self.connection.execute(text(statement), values)
        return list(result.mappings()) if result.returns_rows else []

    async def patient(self) -> UUID:
        patient = new_id()
        await self.run(
            "INSERT INTO patient (id, clinic_id, family, given, birth_date, mrn) "
            "VALUES (:id, :clinic, 'Lopez', 'Maria', '1988-02-29', :mrn)",
            id=patient,
            clinic=self.clinic,
            mrn=patient.hex,
        )
        return patient

    async def entry(self, patient: UUID, built: Resource, days: int = 0) -> UUID:
        record, at = new_id(), BEGAN + timedelta(days=days)
        resource = stamped(built, record, 1, patient, at)
        columns = index(resource)
        values = {
            "id": record,
            "clinic": self.clinic,
            "patient": patient,
            "type": resource["resourceType"],
            "status": columns.status,
            "code": columns.code,
            "system": columns.code_system,
            "ends": columns.ends_at,
            "display": columns.display,
            "effective": columns.effective_at,
            "at": at,
            "resource": json.encode(resource).decode(),
        }
        await self.run(
            "INSERT INTO record (id, clinic_id, patient_id, resource_type, version, status, code, code_system, "
            "display, effective_at, ends_at, created_at, source, updated_at, resource) VALUES (:id, :clinic, :patient, "
            ":type, 1, :status, :code, :system, :display, :effective, :ends, :at, 'patient', :at, "
            "cast(:resource AS jsonb))",
            **values,
        )
        await self.run(
            "INSERT INTO record_history (record_id, version, clinic_id, patient_id, source, at, resource) "
            "VALUES (:id, 1, :clinic, :patient, 'patient', :at, cast(:resource AS jsonb))",
            **{key: values[key] for key in ("id", "clinic", "patient", "at", "resource")},
        )
        return record

    async def counts(self, patient: UUID) -> list[tuple[str, str]]:
        """What the chart shows, by type and words; each row is what its resource says, and its history is whole."""
        rows = await self.run("SELECT * FROM record WHERE patient_id = :patient ORDER BY id", patient=patient)
        for row in rows:
            bindings.check(row["resource"])
            assert index(row["resource"]) == index_of(row)
            versions = await self.run(
                "SELECT version, resource FROM record_history WHERE record_id = :id ORDER BY version",
                id=row["id"],
            )
            assert [each["version"] for each in versions] == list(range(1, row["version"] + 1))
            assert versions[-1]["resource"] == row["resource"]
        return sorted((row["resource_type"], row["display"]) for row in rows if not row["in_error"])


def index_of(row: Any) -> Any:
    names = ("status", "code", "code_system", "display", "category", "effective_at", "ends_at", "in_error")
    found = index(row["resource"])
    return msgspec.structs.replace(found, **{name: row[name] for name in names})


@pytest.fixture
async def earlier(engine_earlier: AsyncEngine) -> AsyncIterator[Earlier]:
    """It only changes rows, so a database that has had it can have it again."""
    async with engine_earlier.connect() as connection:
        clinic = new_id()
        await connection.execute(
            text(
                "INSERT INTO clinic (id, slug, name, time_zone, languages, demo) "
                "VALUES (:id, :slug, 'Earlier', 'America/New_York', '{en,es}', true)"
            ),
            {"id": clinic, "slug": f"earlier-{clinic}"},
        )
        await connection.execute(text("UPDATE alembic_version SET version_num = :before"), {"before": BEFORE})
        yield Earlier(connection, clinic)


def by(patient: UUID, days: int = 0) -> Asserter:
    return Asserter(Source.PATIENT, patient, None, BEGAN + timedelta(days=days))


def allergy(patient: UUID, words: str, days: int = 0, **more: Any) -> Resource:
    return allergy_intolerance.build(words, by(patient, days), **more)


def medicine(patient: UUID, words: str, days: int = 0, **more: Any) -> Resource:
    return medication_statement.build(words, by(patient, days), **more)


NO_ALLERGIES, NO_MEDICINES = ("List", "Allergies"), ("List", "Medication List")


async def test_what_says_none_becomes_none_known_and_keeps_what_was_typed(earlier: Earlier) -> None:
    words = [
        "NKDA",
        "nkda",
        "None",
        "Ninguna",
        "ningún",
        "-",
        "—",
        "n/a",
        "No known drug allergies",
        "no tengo",
    ]
    patients = {each: await earlier.patient() for each in words}
    first = {}
    for each, patient in patients.items():
        first[each] = await earlier.entry(patient, allergy(patient, each))
        await earlier.entry(patient, medicine(patient, each))
        await earlier.entry(patient, medicine(patient, "none", 1), 1)

    await upgraded(earlier.connection, AFTER)

    for each, patient in patients.items():
        assert await earlier.counts(patient) == [NO_ALLERGIES, NO_MEDICINES], each
        [row] = await earlier.run("SELECT resource, in_error FROM record WHERE id = :id", id=first[each])
        [typed, *_] = await earlier.run(
            "SELECT resource FROM record_history WHERE record_id = :id ORDER BY version", id=first[each]
        )
        assert (
            row["in_error"] and row["resource"]["code"]["text"] == typed["resource"]["code"]["text"] == each
        )
        unstamped = {key: value for key, value in row["resource"].items() if key != "meta"}
        assert unstamped == {
            key: value for key, value in marked_in_error(typed["resource"]).items() if key != "meta"
        }
        made = await earlier.run(
            "SELECT resource FROM record WHERE patient_id = :patient AND code = 'allergies'", patient=patient
        )
        expected = lists.nothing_known(RecordType.ALLERGY, by(patient))
        shown = made[0]["resource"]
        assert {key: shown[key] for key in expected if key != "date"} == {
            key: value for key, value in expected.items() if key != "date"
        }
        assert shown["note"] == [{"text": f"Entered as AllergyIntolerance: {each}"}]


async def test_beside_others_it_goes_and_nothing_is_denied(earlier: Earlier) -> None:
    patient = await earlier.patient()
    await earlier.entry(patient, allergy(patient, "NKDA"))
    await earlier.entry(patient, allergy(patient, "Penicillin"))
    await earlier.entry(patient, medicine(patient, "none"))
    await earlier.entry(patient, lists.nothing_known(RecordType.MEDICATION_STATEMENT, by(patient)))
    await upgraded(earlier.connection, AFTER)
    assert await earlier.counts(patient) == [("AllergyIntolerance", "Penicillin"), NO_MEDICINES]


async def test_the_same_thing_three_times_is_one_and_what_says_more_stays(earlier: Earlier) -> None:
    patient, other = await earlier.patient(), await earlier.patient()
    for days in range(3):
        await earlier.entry(patient, allergy(patient, "Penicillin", days), days)
        await earlier.entry(patient, medicine(patient, "lisinopril 10 mg", days), days)
    await earlier.entry(patient, allergy(patient, "Penicillin", 3, reaction="hives"), 3)
    await earlier.entry(patient, medicine(patient, "lisinopril 10 mg", 3, dosage="twice a day"), 3)
    await earlier.entry(other, allergy(other, "Penicillin"))
    await upgraded(earlier.connection, AFTER)
    assert await earlier.counts(patient) == [
        ("AllergyIntolerance", "Penicillin"),
        ("AllergyIntolerance", "Penicillin"),
        ("MedicationStatement", "lisinopril 10 mg"),
        ("MedicationStatement", "lisinopril 10 mg"),
    ]
    [kept] = await earlier.run(
        "SELECT min(updated_at) AS at FROM record WHERE patient_id = :patient AND NOT in_error",
        patient=patient,
    )
    assert kept["at"] == BEGAN, "the first stays"
    assert await earlier.counts(other) == [("AllergyIntolerance", "Penicillin")]


async def test_what_is_over_and_what_is_unknown_stays_as_it_is(earlier: Earlier) -> None:
    patient = await earlier.patient()
    await earlier.entry(patient, medicine(patient, "none", status="stopped"))
    for words in ("unknown", "?", "no sé", "nonoxynol", "None of the cillins", "sin penicilina"):
        await earlier.entry(patient, allergy(patient, words))
    before = await earlier.counts(patient)
    await upgraded(earlier.connection, AFTER)
    assert await earlier.counts(patient) == before
