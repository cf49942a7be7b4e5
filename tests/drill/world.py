"""Who is in the drill: a clinic, a clinician and a patient for each visit, and what they write to."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx

from core.actor import Role, system_actor
from core.config import load_settings
from core.database.engine import make_engine
from core.database.session import open_unit
from core.services import open_services
from tests.chart.conftest import admitted_visit
from tests.drill.calls import Call, new_call
from tests.drill.cluster import Cluster
from tests.drill.writing import Attempts, Messages, Pulses, Writer, attempt, browser, message
from tests.people import make_clinic, make_patient, make_staff, session_for

CHARTS = 60
"""For whom a clinician enters measurements, one after the other."""


@dataclass
class World:
    calls: list[Call]
    writers: list[Writer]
    staff: httpx.AsyncClient


@dataclass(frozen=True)
class Pair:
    """A visit, by whom; their sessions."""

    visit_id: UUID
    patient_id: UUID
    clinician: str
    patient: str
    others: list[UUID]


async def make_world(cluster: Cluster, visits: int, stack: AsyncExitStack) -> World:
    """Made past the nodes, where nothing is killed yet; from then on all goes through the proxy."""
    pairs = await _people(cluster, visits)
    world = World([], [], browser(cluster.origin, pairs[0].clinician))
    stack.push_async_callback(world.staff.aclose)
    for pair in pairs:
        clinician, patient = (browser(cluster.origin, each) for each in (pair.clinician, pair.patient))
        stack.push_async_callback(clinician.aclose)
        stack.push_async_callback(patient.aclose)
        thread = await _made(
            patient, "/api/threads", {"subject": "Drill", "body": "Hello", "client_id": str(pair.visit_id)}
        )
        due = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        task = await _made(
            clinician, "/api/tasks", {"patient_id": str(pair.patient_id), "title": "Call", "due_at": due}
        )
        world.writers += [
            Messages(patient, f"/api/threads/{thread['id']}/messages", message),
            Attempts(clinician, f"/api/tasks/{task['task']['id']}/outreach", attempt),
            Pulses(clinician, pair.others),
        ]
        call = await new_call(cluster.origin, cluster.port, pair.visit_id, pair.clinician, pair.patient)
        stack.push_async_callback(call.end)
        world.calls.append(call)
    return world


async def _people(cluster: Cluster, visits: int) -> list[Pair]:
    settings = load_settings(cluster.environment())
    owner = make_engine(settings.owner_database_url, settings)
    clinic = await make_clinic(owner)
    await owner.dispose()
    made = []
    async with open_services(settings) as services:
        for _ in range(visits):
            async with open_unit(services, system_actor(clinic.id)) as unit:
                write = unit.write
                clinician = await make_staff(write, Role.CLINICIAN, Role.COORDINATOR)
                patient = await make_patient(write)
                visit = await admitted_visit(write, patient, clinician)
                tokens = [await session_for(write, who) for who in (clinician, patient)]
                others = [(await make_patient(write, given="Eve")).id for _ in range(CHARTS)]
            made.append(Pair(visit.id, patient.id, tokens[0], tokens[1], others))
    return made


async def _made(client: httpx.AsyncClient, path: str, body: dict[str, str]) -> dict[str, dict[str, str]]:
    answer = await client.post(path, json=body, headers={"idempotency-key": body.get("client_id", path)})
    assert answer.is_success, answer.text
    made: dict[str, dict[str, str]] = answer.json()
    return made
