"""Ways around the second person: by another role, another account, another hand, or the database itself (ADR 17)."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actor import Role
from identity.models import Account
from tests.identity.conftest import Door
from tests.identity.office import CONFIRMATIONS, JSON, Office, confirm, edit, form_of
from tests.people import actor_of


@pytest.fixture
async def office(door: Door) -> AsyncIterator[Office]:
    async with AsyncExitStack() as stack:
        yield Office(door, stack)


NPI = "1245319599"
ALL_HELD = {"email", "licenses", "name", "npi", "roles", "second_factor"}


@pytest.mark.parametrize("meanwhile", [["coordinator"], ["admin"]], ids=str)
@pytest.mark.parametrize(
    ("what", "step", "was", "becomes"),
    [
        ("email", {"email": "mine@elsewhere.example"}, "dana@clinic.example", "mine@elsewhere.example"),
        ("name", {"name": "Amara Okafor"}, "Dana Reyes", "Amara Okafor"),
        ("npi", {"npi": NPI}, "1234567893", NPI),
        ("dea", {"dea": "AB1234563"}, "", "AB1234563"),
        ("credentials", {"credentials": "MD"}, "", "MD"),
        ("licenses", {"licences": ["CA", "NY"]}, "FL, NY", "CA, NY"),
        ("second_factor", {}, None, None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_changed_while_one_could_not_sign_is_asked_for_once_one_can(
    office: Office, meanwhile: list[str], what: str, step: JSON, was: str | None, becomes: str | None
) -> None:
    """Take the role away, change what nobody watches then, and give the role back."""
    doctor = await office.hire(Role.CLINICIAN, email="dana@clinic.example")
    desk = await office.browser(await office.hire(Role.ADMIN))
    second = await office.browser(await office.hire(Role.ADMIN))
    await edit(desk, doctor, roles=meanwhile)
    if what == "second_factor":
        await desk.post(f"/api/admin/people/{doctor.id}/reset-second-factor")
    await edit(desk, doctor, **step)
    back = await edit(desk, doctor, roles=["clinician"])
    assert {what, "roles"} <= set(back["waits_for"])
    if meanwhile == ["coordinator"]:
        assert ALL_HELD <= set(back["waits_for"])
    assert not await office.may_sign(doctor)
    [shown] = (await second.get(CONFIRMATIONS)).json()
    found = [(each["was"], each["becomes"]) for each in shown["changes"] if each["change"] == what]
    assert found == [(was, becomes)], "old and new, once"
    assert {each["change"] for each in shown["changes"]} == set(back["waits_for"])


async def test_a_second_person_sees_what_several_did_and_confirms_the_others_part(office: Office) -> None:
    """Two steps by two administrators: neither confirms their own."""
    doctor = await office.hire(Role.CLINICIAN)
    first = await office.browser(await office.hire(Role.ADMIN))
    second = await office.browser(await office.hire(Role.ADMIN))
    await edit(first, doctor, roles=["coordinator"])
    await edit(first, doctor, email="mine@elsewhere.example")
    await edit(second, doctor, roles=["clinician"])
    assert await confirm(second, doctor) == (200, "")
    assert await office.waits(doctor) == ["licenses", "name", "npi", "roles", "second_factor"]
    assert await confirm(first, doctor) == (200, "")
    assert await office.may_sign(doctor)


async def test_a_role_taken_away_hides_what_waits_and_given_back_brings_it_again(office: Office) -> None:
    doctor = await office.hire(Role.CLINICIAN)
    desk = await office.browser(await office.hire(Role.ADMIN))
    await edit(desk, doctor, npi=NPI)
    assert (await edit(desk, doctor, roles=["coordinator"]))["waits_for"] == []
    assert (await desk.get(CONFIRMATIONS)).json() == []
    await edit(desk, doctor, roles=["clinician"])
    [shown] = (await desk.get(CONFIRMATIONS)).json()
    numbers = [(each["was"], each["becomes"]) for each in shown["changes"] if each["change"] == "npi"]
    assert numbers == [("1234567893", NPI)]


@pytest.mark.parametrize("steps", ["disable, enable", "invite"])
async def test_a_coordinator_who_comes_to_sign_was_never_unseen(office: Office, steps: str) -> None:
    """Invited or enabled by the same administrator who then lets them sign."""
    desk = await office.browser(await office.hire(Role.ADMIN))
    if steps == "invite":
        form = {
            "given": "Lee",
            "family": "Park",
            "email": "lee@clinic.example",
            "roles": ["coordinator"],
            "npi": NPI,
        }
        who = Account(id=UUID((await desk.post("/api/admin/people", json=form)).json()["id"]))
        wanted = "invited"
    else:
        who, wanted = await office.hire(Role.COORDINATOR), "enabled"
        for step in ("disable", "enable"):
            await desk.post(f"/api/admin/people/{who.id}/{step}")
    waits = set((await edit(desk, who, roles=["clinician"]))["waits_for"])
    assert {wanted, "email", "name", "roles", "second_factor"} <= waits


async def test_a_number_belongs_to_one_person(office: Office) -> None:
    """A second account for the same prescriber, or their number on one's own, even while theirs is disabled."""
    doctor, other = await office.hire(Role.CLINICIAN), await office.hire(Role.COORDINATOR)
    desk = await office.browser(await office.hire(Role.ADMIN))
    await edit(desk, doctor, npi=NPI, dea="AB1234563")
    await desk.post(f"/api/admin/people/{doctor.id}/disable")
    both = {"npi": NPI, "dea": "AB1234563"}
    made = {
        "given": "Dana",
        "family": "Reyes",
        "email": "dana2@clinic.example",
        "roles": ["clinician"],
        **both,
    }
    for answer in (
        await desk.post("/api/admin/people", json=made),
        await desk.put(f"/api/admin/people/{other.id}", json=await form_of(desk, other, **both)),
    ):
        assert answer.status_code == 422
        codes = {each["path"]: each["code"] for each in answer.json()["fields"]}
        assert codes == {"npi": "npi_taken", "dea": "dea_taken"}
    assert (await edit(desk, doctor, title="Lead"))["npi"] == NPI, "their own stays theirs"


async def test_the_database_itself_refuses_to_be_confirmed_by_one_person(
    office: Office, owner: AsyncEngine
) -> None:
    doctor, admin = await office.hire(Role.CLINICIAN), await office.hire(Role.ADMIN)
    await edit(await office.browser(admin), doctor, email="new@clinic.example")
    for by in (doctor, admin):
        with pytest.raises(IntegrityError):
            async with owner.begin() as connection:
                await connection.execute(
                    text(
                        "UPDATE staff_change SET confirmed_by = :by, confirmed_at = now() WHERE account_id = :who"
                    ),
                    {"by": by.id, "who": doctor.id},
                )


_CONFIRM = "UPDATE staff_change SET confirmed_by = {by}, confirmed_at = now() WHERE account_id = :doctor"


@pytest.mark.parametrize(
    ("as_who", "statement"),
    [
        ("second", _CONFIRM.format(by="NULL")),
        ("second", _CONFIRM.format(by=":other")),
        ("admin", _CONFIRM.format(by=":second")),
        ("coordinator", _CONFIRM.format(by=":coordinator")),
        ("", _CONFIRM.format(by=":second")),
        ("second", "UPDATE staff_change SET confirmed_by = :second WHERE account_id = :doctor"),
        (
            "admin",
            "INSERT INTO staff_change (clinic_id, account_id, change, made_by) "
            "VALUES (current_clinic(), :doctor, 'npi', :second)",
        ),
        (
            "admin",
            "INSERT INTO staff_change (clinic_id, account_id, change, made_by, confirmed_at) "
            "VALUES (current_clinic(), :doctor, 'npi', :admin, now())",
        ),
    ],
)
async def test_the_application_confirms_for_nobody_else(office: Office, as_who: str, statement: str) -> None:
    """Not as the operator, not in another's name, not by whom it does not concern: whatever its code does wrong."""
    people = {"doctor": await office.hire(Role.CLINICIAN), "coordinator": await office.hire(Role.COORDINATOR)}
    people |= {each: await office.hire(Role.ADMIN) for each in ("admin", "second", "other")}
    await edit(await office.browser(people["admin"]), people["doctor"], email="new@clinic.example")
    with pytest.raises(DBAPIError, match="row-level security"):
        async with office.door.inside() as unit:
            if as_who:
                await unit.name(actor_of(people[as_who]))
            named = {name: who.id for name, who in people.items() if f":{name}" in statement}
            await unit.write.execute(text(statement), named)
    assert not await office.may_sign(people["doctor"])


async def test_what_was_confirmed_stays_confirmed_by_whom_it_was(office: Office) -> None:
    doctor = await office.hire(Role.CLINICIAN)
    second, third = await office.hire(Role.ADMIN), await office.hire(Role.ADMIN)
    await edit(await office.browser(await office.hire(Role.ADMIN)), doctor, email="new@clinic.example")
    assert await confirm(await office.browser(second), doctor) == (200, "")
    async with office.door.inside() as unit:
        await unit.name(actor_of(third))
        ids = {"doctor": doctor.id, "third": third.id}
        changed = await unit.write.execute(text(_CONFIRM.format(by=":third") + " RETURNING id"), ids)
        assert changed.all() == []
