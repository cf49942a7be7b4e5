"""The audit is searched by its indexes: what is rare is found without reading what is not wanted."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from chart.patients import repository as patients
from core import audit
from core.actor import Role, system_actor
from core.database.session import ReadSession, open_unit
from core.ids import new_id
from core.services import Services
from identity.admin import audit_search
from identity.admin.audit_search import Filter
from tests.identity.conftest import Door
from tests.people import actor_of, make_patient, make_staff, session_for, sign_in

COMMON = 5_000
RARE = 2
_FILL = text("""
    INSERT INTO audit_event (clinic_id, at, account_id, patient_id, patients, roles, request_id, action)
    SELECT :clinic, now(), :account, :patient, CAST(:patients AS uuid[]), '{clinician}', 'test', :action
      FROM generate_series(1, :rows)
""")
_ROWS_READ = text(
    "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'audit_event'"
)


@pytest.mark.parametrize(
    "wanted",
    [
        Filter(action="staff."),
        Filter(action="staff.disable"),
        Filter(action="nothing."),
        Filter(who="rare staff"),
        Filter(patient="rare patient"),
        Filter(patient="shown patient"),
        Filter(patient="shown patient", action="queue.", who="lister"),
        Filter(who="rare", patient="rare", action="staff."),
    ],
    ids=["kind", "action", "unknown", "who", "patient", "shown", "shown in what by whom", "all"],
)
async def test_what_is_rare_is_found_without_reading_the_rest(
    services: Services, owner: AsyncEngine, clinic_id: UUID, wanted: Filter
) -> None:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        staff = (await make_staff(unit.write, name="Rare Staff")).id
        lister = (await make_staff(unit.write, name="Lister")).id
        patient = (await make_patient(unit.write, given="Rare", family="Patient")).id
        shown = (await make_patient(unit.write, given="Shown", family="Patient")).id
    async with owner.begin() as connection:
        rare = {"clinic": clinic_id, "account": staff, "patient": patient, "action": "staff.disable"}
        lists = {
            "clinic": clinic_id,
            "account": lister,
            "patient": None,
            "patients": [new_id(), shown],
            "action": "queue.read",
        }
        common = {"clinic": clinic_id, "account": new_id(), "patient": new_id(), "action": "chart.read"}
        await connection.execute(_FILL, {**rare, "patients": None, "rows": RARE})
        await connection.execute(_FILL, {**common, "patients": None, "rows": COMMON})
        await connection.execute(_FILL, {**common, "patient": None, "patients": [new_id()], "rows": COMMON})
        await connection.execute(_FILL, {**lists, "rows": RARE})
        await connection.execute(text("ANALYZE audit_event"))
    async with open_unit(services, system_actor(clinic_id)) as unit:
        before = await _rows_read(unit.read)
        found, _ = await audit_search.search(unit.read, wanted)
        assert len(found) == (0 if wanted.action == "nothing." else RARE)
        assert await _rows_read(unit.read) - before < COMMON / 10


async def _rows_read(read: ReadSession) -> int:
    """How many rows of the audit this transaction has read."""
    return int(await read.scalar(_ROWS_READ))


@pytest.fixture
async def desk(door: Door, browser: httpx.AsyncClient) -> httpx.AsyncClient:
    """An administrator's browser."""
    async with door.inside() as unit:
        admin = await make_staff(unit.write, Role.ADMIN, name="Alex Admin")
        sign_in(browser, await session_for(unit.write, admin))
    return browser


async def entries(desk: httpx.AsyncClient, **wanted: str) -> list[dict[str, Any]]:
    answer = await desk.post("/api/admin/audit/search", json=wanted)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["entries"]
    return found


async def row(desk: httpx.AsyncClient, seq: int) -> dict[str, Any]:
    answer = await desk.get(f"/api/admin/audit/{seq}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_patient_is_found_in_the_lists_that_showed_them(door: Door, desk: httpx.AsyncClient) -> None:
    async with door.inside() as unit:
        doctor = await make_staff(unit.write, name="Dr Quinn")
        people = [await make_patient(unit.write, given="Zoë", family=name) for name in ("Quill", "Ade")]
    async with open_unit(door.services, actor_of(doctor)) as unit:
        await audit.log(unit.read, "queue.read", patients=[each.id for each in people])
        await audit.log(unit.read, "queue.read", patients=[people[1].id])
    [found] = await entries(desk, patient="quill", action="queue.")
    assert (found["who"], found["patient"], found["shown"]) == ("Dr Quinn", "Zoë Quill", 2)
    opened = await row(desk, found["seq"])
    assert [each["name"] for each in opened["patients"]] == ["Zoë Ade", "Zoë Quill"]
    file = (await desk.post("/api/admin/audit/export", json={"patient": "quill"})).text
    assert all(each.mrn in file for each in people)


async def test_what_was_looked_for_in_the_audit_is_kept_and_read_in_words(
    desk: httpx.AsyncClient,
) -> None:
    wanted = {
        "who": " quinn ",
        "patient": "Zoë Quill",
        "action": "chart.",
        "since": "2026-11-01T00:00:00-04:00",
        "until": "2026-11-20T00:00:00-05:00",
    }
    await entries(desk, **wanted)
    await desk.post("/api/admin/audit/export", json=wanted)
    found = {each["action"]: each for each in await entries(desk, action="audit.")}
    for action in ("audit.search", "audit.export"):
        assert found[action]["searched"], action
        detail = found[action]["detail"]
        assert detail["kind"] == "chart."
        assert (detail["from"][:10], detail["to"][:10]) == ("2026-11-01", "2026-11-20")
        assert "Quill" not in str(found[action]), "the words stay sealed until the entry is opened"
        opened = await row(desk, found[action]["seq"])
        assert opened["sought"] == {"who": "quinn", "patient": "Zoë Quill"}
    assert (await entries(desk, action="audit.read"))[0]["detail"]["row"] == found["audit.export"]["seq"]


async def test_what_was_typed_to_find_a_patient_is_kept_sealed(door: Door, desk: httpx.AsyncClient) -> None:
    async with door.inside() as unit:
        doctor = await make_staff(unit.write, name="Dr Quinn")
    async with open_unit(door.services, actor_of(doctor)) as unit:
        await patients.search(unit.read, "  Famous Person ")
    [found] = await entries(desk, action="patient.search")
    assert (found["searched"], found["shown"]) == (True, 0)
    assert (await row(desk, found["seq"]))["sought"] == {"patient": "Famous Person"}
    async with door.inside() as unit:
        rows = await unit.read.scalars(text("SELECT audit_event::text FROM audit_event"))
        assert not any("Famous" in each or b"Famous".hex() in each for each in rows)


async def test_an_entry_whose_key_is_gone_is_still_shown(
    door: Door, desk: httpx.AsyncClient, owner: AsyncEngine
) -> None:
    await entries(desk, patient="Quill")
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE audit_event SET sought = '\\x00' WHERE clinic_id = :clinic AND sought IS NOT NULL"),
            {"clinic": door.clinic.id},
        )
    [found, *_] = await entries(desk, action="audit.search")
    opened = await row(desk, found["seq"])
    assert (opened["sought"], opened["entry"]["searched"]) == (None, True)


@pytest.mark.parametrize("seq", ["0", "-1", "99999999999999999999", str(2**62)])
async def test_an_entry_that_is_not_there_is_not_found(desk: httpx.AsyncClient, seq: str) -> None:
    assert (await desk.get(f"/api/admin/audit/{seq}")).status_code == 404
