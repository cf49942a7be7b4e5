"""The one policy, at the level of its predicate: each kind of thing, for each kind of subject.

A subject is a person by a cookie, or a person by a token, which only ever narrows what the person may do.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from chart.access import CHART, RECORD, patient_of
from chart.aftervisit.access import SUMMARY
from chart.notes.access import NOTE
from chart.prescribing.access import PRESCRIPTION
from chart.reference import SETS
from core.actor import Role, system_actor
from core.database.reference import ensure_loaded
from core.database.session import open_unit
from core.errors import NotFound
from core.ids import new_id
from core.services import Services
from core.subject import Subject
from followup.access import TASK
from identity.permissions import GRANTS, Permission
from identity.readable import Kind, fetch, fetch_known_locked, fetch_locked, readable
from messaging.access import THREAD
from tests.app.every_route.world import World, make_world
from tests.conftest import make_clinic_row
from tests.people import actor_of
from visits.access import VISIT

KINDS: tuple[Kind[Any], ...] = (CHART, RECORD, NOTE, PRESCRIPTION, TASK, THREAD, VISIT)
OWN = {CHART.model, RECORD.model, THREAD.model, VISIT.model}
"""What the patient of the world reads of their own: notes and tasks are the clinic's, the prescription is a draft."""
EVERYTHING = frozenset(str(each) for each in Permission)


@pytest.fixture(scope="module")
async def world(services: Services, owner: AsyncEngine) -> World:
    await ensure_loaded(owner, SETS)
    return await make_world(services, await make_clinic_row(owner), await make_clinic_row(owner))


def subject(world: World, role: Role) -> Subject:
    return Subject(actor_of(world.people[role]))


async def whose(services: Services, asking: Subject, kind: Kind[Any]) -> set[UUID]:
    """The patients of whom this subject reads something of this kind."""
    async with open_unit(services, system_actor(asking.actor.clinic_id)) as unit:
        query = select(kind.patient).select_from(kind.model).where(readable(kind, asking))
        return set(await unit.read.scalars(query))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.model.__name__)
async def test_who_reads_what_by_a_cookie(kind: Kind[Any], services: Services, world: World) -> None:
    own, both = world.own.patient.id, {world.own.patient.id, world.other.patient.id}
    for role in (Role.CLINICIAN, Role.COORDINATOR):
        assert await whose(services, subject(world, role), kind) == both
    for role in (Role.ADMIN, Role.GUEST):
        assert await whose(services, subject(world, role), kind) == set()
    of_patient = await whose(services, subject(world, Role.PATIENT), kind)
    assert of_patient == ({own} if kind.model in OWN else set())
    assert await whose(services, Subject(system_actor(world.own.patient.clinic_id)), kind) == both


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.model.__name__)
async def test_a_token_only_narrows(kind: Kind[Any], services: Services, world: World) -> None:
    own, other = world.own.patient.id, world.other.patient.id
    reads = frozenset(map(str, kind.reads))
    clinician = subject(world, Role.CLINICIAN)
    assert await whose(services, replace(clinician, scopes=reads), kind) == {own, other}
    assert await whose(services, replace(clinician, scopes=frozenset()), kind) == set()
    assert await whose(services, replace(clinician, scopes=EVERYTHING - reads), kind) == set()
    assert await whose(services, replace(clinician, scopes=reads, compartment=other), kind) == {other}
    # A scope or a compartment gives nobody what their roles do not.
    for role in (Role.ADMIN, Role.GUEST):
        assert await whose(services, replace(subject(world, role), scopes=EVERYTHING), kind) == set()
    patient = replace(subject(world, Role.PATIENT), scopes=EVERYTHING)
    assert await whose(services, patient, kind) == ({own} if kind.model in OWN else set())
    assert await whose(services, replace(patient, compartment=other), kind) == set()
    # A program that bears the system's token is not the system.
    system = Subject(system_actor(world.own.patient.clinic_id), scopes=EVERYTHING)
    assert await whose(services, system, kind) == set()


def test_what_a_token_keeps_is_asked_at_the_door_too(world: World) -> None:
    for role in (Role.PATIENT, Role.CLINICIAN, Role.COORDINATOR, Role.ADMIN):
        asking = subject(world, role)
        for permission in Permission:
            held = role in GRANTS[permission]
            assert asking.may(permission, GRANTS) == held
            assert replace(asking, scopes=EVERYTHING).may(permission, GRANTS) == held
            assert not replace(asking, scopes=EVERYTHING - {permission}).may(permission, GRANTS)
            assert replace(asking, scopes=frozenset({permission})).may(permission, GRANTS) == held


async def test_what_the_database_closes_with_a_sensitive_note_the_code_closes_too(owner: AsyncEngine) -> None:
    """Row-level security is the net beneath: what only it holds back is found missing, and not said to be closed."""
    rule = text("SELECT tablename FROM pg_policies WHERE policyname = 'sensitive' AND qual = :rule")
    async with owner.connect() as connection:
        closed = set(await connection.scalars(rule, {"rule": "(NOT closed_visit(visit_id))"}))
    assert {"note", "after_visit_summary"} <= closed
    for kind in (*KINDS, SUMMARY):
        if kind.model.__tablename__ in closed:
            assert kind.visit is kind.model.visit_id, kind
    assert (TASK.visit, VISIT.visit) == (TASK.model.visit_id, VISIT.model.id)


async def locked_by_others(owner: AsyncEngine, visit_id: UUID) -> bool:
    """Whether somebody holds this visit, so that nobody else may change it now."""
    async with owner.connect() as connection:
        free = text("SELECT 1 FROM visit WHERE id = :id FOR NO KEY UPDATE SKIP LOCKED")
        return await connection.scalar(free, {"id": visit_id}) is None


async def test_who_reads_holds_up_nobody_and_who_changes_is_alone(
    services: Services, world: World, owner: AsyncEngine
) -> None:
    visit_id = world.own.ids["visit_id"]
    assert isinstance(visit_id, UUID)
    for fetching, holds in ((fetch, False), (fetch_locked, True), (fetch_known_locked, True)):
        async with open_unit(services, actor_of(world.people[Role.CLINICIAN])) as unit:
            assert (await fetching(unit.write, VISIT, visit_id)).id == visit_id
            assert await locked_by_others(owner, visit_id) == holds, fetching.__name__
            async with owner.connect() as connection:
                named = text("SELECT 1 FROM visit WHERE id = :id FOR KEY SHARE SKIP LOCKED")
                assert await connection.scalar(named, {"id": visit_id}) == 1, (
                    "rows that name it may be written"
                )


@pytest.mark.parametrize("fetching", [fetch, fetch_locked, fetch_known_locked])
async def test_nobody_fetches_what_they_may_not_know(fetching: Any, services: Services, world: World) -> None:
    for role, things in (
        (Role.PATIENT, [world.other.ids["visit_id"], world.foreign.ids["visit_id"]]),
        (Role.CLINICIAN, [world.foreign.ids["visit_id"], new_id()]),
        (Role.ADMIN, [world.own.ids["visit_id"]]),
    ):
        for thing in things:
            async with open_unit(services, actor_of(world.people[role])) as unit:
                with pytest.raises(NotFound):
                    await fetching(unit.write, VISIT, thing)


async def test_a_patient_opens_their_own_chart_and_no_other(services: Services, world: World) -> None:
    async with open_unit(services, actor_of(world.people[Role.PATIENT])) as unit:
        assert (await patient_of(unit.read, world.own.patient.id)).id == world.own.patient.id
        with pytest.raises(NotFound):
            await patient_of(unit.read, world.other.patient.id)
    async with open_unit(services, actor_of(world.people[Role.CLINICIAN])) as unit:
        assert (await patient_of(unit.read, world.other.patient.id)).id == world.other.patient.id
        with pytest.raises(NotFound):
            await patient_of(unit.read, world.foreign.patient.id)
