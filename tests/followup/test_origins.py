"""An opened task says why it is there, who asked for it and what was done with it; what it shows is audited."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from chart import signatures
from chart.notes.models import Note, PlanItem
from core import json
from core.actor import Actor, Role, system_actor
from core.database.session import WriteSession, open_unit
from core.ids import new_id
from core.services import Services
from followup import service
from followup.domain import TaskKind, TaskSource
from identity.models import Account
from identity.permissions import GRANTS, Permission
from tests.chart.conftest import Scene, scene, system
from tests.chart.prescribing.conftest import pharmacy, ready, verify, wired
from tests.conftest import ActAs, Deliver
from tests.decisions import decision
from tests.people import actor_of, make_patient, make_staff, session_for, sign_in
from visits import repository as visits_repository
from visits import service as visits
from visits.domain import Priority
from visits.models import VisitStep

# The scene of a visit, used by its fixtures' names.
__all__ = ["pharmacy", "ready", "scene", "system", "verify", "wired"]

SIGNED_AT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
SAID: dict[str, Any] = {
    "assessment": "Cystitis, no sign of the kidneys",
    "plan": "Nitrofurantoin; culture if it is not better",
    "diagnoses": [{"code": "N30.00", "display": "Acute cystitis without hematuria"}],
}

Made = Callable[..., Awaitable[UUID]]


@pytest.fixture
async def coordinator(services: Services, clinic_id: UUID, client: httpx.AsyncClient) -> Account:
    """A coordinator, signed in on ``client``."""
    async with open_unit(services, system_actor(clinic_id)) as unit:
        account = await make_staff(unit.write, Role.COORDINATOR, name="Kim Cole")
        sign_in(client, await session_for(unit.write, account))
        return account


async def _task(
    write: WriteSession, source: TaskSource, source_id: UUID, patient_id: UUID, visit_id: UUID | None = None
) -> UUID:
    task_id = await service.create(
        write,
        patient_id=patient_id,
        visit_id=visit_id,
        source=source,
        source_id=source_id,
        kind=TaskKind.CALL,
        title="Call",
        due_at=write.now() + timedelta(hours=2),
    )
    assert task_id
    return task_id


async def _opened(client: httpx.AsyncClient, task_id: UUID) -> dict[str, Any]:
    answer = await client.get(f"/api/tasks/{task_id}")
    assert answer.status_code == 200, answer.text
    detail: dict[str, Any] = answer.json()
    return detail


def _said(detail: dict[str, Any]) -> dict[str, str]:
    return {quote["what"]: quote["text"] for quote in detail["origin"]["quotes"]}


async def _seen(services: Services, patient_id: UUID) -> set[tuple[str, str]]:
    """What the audit says was looked at of a patient."""
    rows = text(
        "SELECT action, entity_type FROM audit_event WHERE patient_id = :patient AND action LIKE '%.read'"
    )
    async with services.system.connect() as connection:
        return {tuple(row) for row in await connection.execute(rows, {"patient": patient_id})}


async def test_a_task_of_a_plan_shows_the_words_of_its_note_and_who_signed_them(
    client: httpx.AsyncClient,
    coordinator: Account,
    services: Services,
    scene: Scene,
    act_as: ActAs,
    system: Actor,
) -> None:
    visit, who = scene.visit, scene.clinician
    document = json.canonical({"content": SAID})
    digest, note_id = signatures.sha256(document), new_id()
    covered = signatures.statement("note", note_id, digest, SIGNED_AT, who.id)
    async with act_as(system) as unit:
        note = Note(
            id=note_id,
            visit_id=visit.id,
            patient_id=visit.patient_id,
            author_id=who.id,
            version=1,
            status="signed",
            content=SAID,
            saved_at=SIGNED_AT,
            saved_by=who.id,
            document=document,
            sha256=digest,
            signed_at=SIGNED_AT,
            signed_by=who.id,
            signature=services.keyring.signer.sign(covered),
        )
        unit.write.add(note)
        await unit.write.flush()
        item = PlanItem(
            note_id=note.id,
            visit_id=visit.id,
            patient_id=visit.patient_id,
            position=0,
            kind="call",
            title="Call",
            due_in_days=2,
            detail="Ask about fever",
        )
        unit.write.add(item)
        await unit.write.flush()
        task_id = await _task(unit.write, TaskSource.PLAN, item.id, visit.patient_id, visit.id)
    detail = await _opened(client, task_id)
    assert (detail["origin"]["by"], detail["origin"]["at"]) == (who.name, "2026-03-04T15:00:00Z")
    assert _said(detail) == {
        "diagnosis": "Acute cystitis without hematuria",
        "assessment": SAID["assessment"],
        "plan": SAID["plan"],
    }
    assert detail["task"]["visit_id"] == str(visit.id)
    assert {("note.read", "note"), ("task.read", "task")} <= await _seen(services, visit.patient_id)


@pytest.mark.parametrize("source", [TaskSource.PRESCRIPTION, TaskSource.UNCONFIRMED])
async def test_a_task_of_a_prescription_shows_which_and_to_whom_it_was_sent(
    client: httpx.AsyncClient,
    coordinator: Account,
    services: Services,
    ready: Scene,
    act_as: ActAs,
    system: Actor,
    source: TaskSource,
) -> None:
    from chart.prescribing.writing import drafts

    async with act_as(ready.actor) as unit:
        rx = await drafts.begin(unit.write, ready.visit.id, "amoxicillin-500-mg-capsule", None)
    async with act_as(system) as unit:
        task_id = await _task(unit.write, source, rx.id, ready.patient.id, ready.visit.id)
    detail = await _opened(client, task_id)
    assert detail["origin"]["by"] == ready.clinician.name
    assert "amoxicillin" in _said(detail)["medicine"].lower()
    assert ("prescription.read", "prescription") in await _seen(services, ready.patient.id)


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (TaskSource.NO_SHOW, "visit.no_show"),
        (TaskSource.RED_FLAG, "visit.cancelled"),
        (TaskSource.EMERGENCY, "visit.emergency_called"),
    ],
)
async def test_a_task_of_a_visit_that_did_not_happen_shows_what_it_was_about_and_who_said_so(
    client: httpx.AsyncClient,
    coordinator: Account,
    services: Services,
    scene: Scene,
    act_as: ActAs,
    system: Actor,
    source: TaskSource,
    kind: str,
) -> None:
    visit = scene.visit
    async with act_as(system) as unit:
        step = VisitStep(visit_id=visit.id, kind=kind, at=SIGNED_AT, account_id=scene.clinician.id)
        unit.write.add(step)
        task_id = await _task(unit.write, source, visit.id, visit.patient_id, visit.id)
    detail = await _opened(client, task_id)
    assert detail["origin"]["by"] == scene.clinician.name
    assert detail["origin"]["at"] == "2026-03-04T15:00:00Z"
    assert _said(detail) == {"reason": "urinary", "complaint": "It burns when I pee"}
    assert ("intake.read", "visit") in await _seen(services, visit.patient_id)


async def test_a_red_flag_of_a_visit_that_the_patient_called_off_names_the_patient(
    client: httpx.AsyncClient, coordinator: Account, services: Services, clinic_id: UUID, deliver: Deliver
) -> None:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        patient = await make_patient(unit.write)
    async with open_unit(services, actor_of(patient)) as unit:
        visit = await visits.request(unit.write, patient.id, "mood")
        await visits.raise_priority(unit.write, visit, [(decision("suicide"), Priority.EMERGENCY)])
        await visits.cancel(unit.write, await visits_repository.for_update(unit.write, visit.id))
    await deliver()
    [task] = (await client.get("/api/tasks")).json()["tasks"]
    detail = await _opened(client, UUID(task["id"]))
    assert detail["origin"]["by"] == patient.full_name
    assert _said(detail) == {"reason": "mood"}
    assert [flag["code"] for flag in detail["task"]["red_flags"]] == ["suicide"]


@pytest.mark.parametrize("contact", ["phone", "email"])
async def test_a_task_of_a_contact_that_may_be_anothers_says_which_contact(
    client: httpx.AsyncClient, coordinator: Account, services: Services, clinic_id: UUID, contact: str
) -> None:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        patient = await make_patient(unit.write)
        account = await unit.write.one_or_not_found(
            text("SELECT id FROM account WHERE id = :id"), {"id": patient.account_id}
        )
        await unit.write.execute(
            text(f"UPDATE account SET {contact}_disputed_at = :at WHERE id = :id"),  # noqa: S608  one of two words
            {"at": SIGNED_AT, "id": account},
        )
        task_id = await _task(unit.write, TaskSource.CONTACT_DISPUTED, account, patient.id)
    detail = await _opened(client, task_id)
    assert _said(detail) == {"contact": contact}
    assert (detail["origin"]["by"], detail["origin"]["at"]) == (None, "2026-03-04T15:00:00Z")


async def test_a_task_of_somebody_elses_sign_in_was_asked_for_by_the_patient(
    client: httpx.AsyncClient, coordinator: Account, services: Services, clinic_id: UUID
) -> None:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        patient = await make_patient(unit.write)
        assert patient.account_id
        task_id = await _task(unit.write, TaskSource.NOT_ME, patient.account_id, patient.id)
    assert (await _opened(client, task_id))["origin"]["by"] == patient.full_name


async def test_a_task_of_two_charts_names_the_other_one_and_the_audit_that_it_was_shown(
    client: httpx.AsyncClient, coordinator: Account, services: Services, clinic_id: UUID
) -> None:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        first, second, third = [await make_patient(unit.write) for _ in range(3)]
        for each in (first, second):
            each.given, each.family = "Ana María", "O'Hara"
        third.given = "Somebody else"
        second.family = "OHARA"
        await unit.write.flush()
        task_id = await _task(unit.write, TaskSource.DUPLICATE, first.id, first.id)
    charts = (await _opened(client, task_id))["origin"]["charts"]
    assert charts == [{"id": str(second.id), "name": "Ana María OHARA", "mrn": second.mrn}]
    shown = text("SELECT patients FROM audit_event WHERE entity_id = :task AND patients IS NOT NULL")
    async with services.system.connect() as connection:
        assert list(await connection.scalars(shown, {"task": task_id})) == [[second.id]]


async def test_what_was_done_with_a_task_is_told_with_who_did_it(
    client: httpx.AsyncClient, coordinator: Account, services: Services, clinic_id: UUID
) -> None:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        patient = await make_patient(unit.write)
    due = datetime(2031, 3, 4, 15, 0, tzinfo=UTC)
    made = await client.post(
        "/api/tasks",
        json={"patient_id": str(patient.id), "title": "Call", "due_at": due.isoformat()},
        headers={"idempotency-key": str(new_id())},
    )
    assert made.json()["origin"]["by"] == "Kim Cole"
    path = f"/api/tasks/{made.json()['task']['id']}"
    version = made.json()["task"]["version"]

    async def then(verb: str, **body: Any) -> None:
        nonlocal version
        answer = await client.post(f"{path}/{verb}", json=body)
        assert answer.is_success, answer.text
        version = answer.json()["task"]["version"]

    await then("assign", assignee_id=str(coordinator.id), version=version)
    await then("outreach", channel="phone", outcome="no_answer", next_try_at="2031-03-06T15:00:00Z")
    await then("put-off", due_at="2031-03-05T15:00:00Z", version=version)
    await then("complete", outcome="Reached", version=version)
    await then("reopen", version=version)
    history = (await client.get(path)).json()["history"]
    assert [each["what"] for each in history] == [
        "create", "assign", "outreach", "put_off", "done", "reopen",
    ]  # fmt: skip
    assert {each["by"] for each in history} == {"Kim Cole"}
    assert (history[1]["to"], history[2]["channel"], history[2]["outcome"]) == (
        "Kim Cole", "phone", "no_answer",
    )  # fmt: skip
    assert (history[2]["due_at"], history[3]["due_at"]) == ("2031-03-06T15:00:00Z", "2031-03-05T15:00:00Z")


async def test_a_task_whose_maker_is_gone_still_opens(
    client: httpx.AsyncClient, coordinator: Account, services: Services, clinic_id: UUID
) -> None:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        patient = await make_patient(unit.write)
        sources = [source for source in TaskSource if source is not TaskSource.DUPLICATE]
        ids = [await _task(unit.write, source, new_id(), patient.id) for source in sources]
    for task_id in ids:
        assert (await _opened(client, task_id))["origin"]["quotes"] == []


def test_whoever_reads_tasks_may_read_what_they_were_made_from() -> None:
    """Else the words of a note would be shown to who may not open the note."""
    for permission in (Permission.NOTE_READ, Permission.PRESCRIPTION_READ, Permission.PATIENT_READ):
        assert GRANTS[Permission.TASK_READ] <= GRANTS[permission]
