"""An NPI and a DEA number are one person's, also when two administrators type them at the same moment."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actor import Role
from core.database.session import WriteSession, open_unit
from core.errors import Invalid
from identity.models import Account
from identity.person.name import Name
from identity.staff import people
from identity.staff.people import Form
from tests.identity.conftest import Door
from tests.identity.test_races import waits_or_is_done
from tests.people import actor_of, make_staff

NPI, OTHER_NPI, DEA = "1245319599", "1992739403", "AB1234563"


@pytest.fixture
async def admins(door: Door) -> list[Account]:
    async with door.inside() as unit:
        return [await make_staff(unit.write, Role.ADMIN, name=name) for name in ("Ann", "Ben")]


@pytest.fixture
async def colleagues(door: Door) -> list[Account]:
    """Two who have no number yet."""
    async with door.inside() as unit:
        return [await make_staff(unit.write, Role.COORDINATOR, name=name) for name in ("Lee", "Kim")]


def form_of(name: str, email: str | None = None, *, npi: str = "", dea: str = "") -> Form:
    return Form(
        Name(family=name), email or f"{name.lower()}@numbers.example", ["clinician"], npi=npi, dea=dea
    )


@pytest.mark.parametrize("verb", ["invite", "change"])
@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        ({"npi": NPI}, {"npi": NPI}, {"npi": "npi_taken"}),
        ({"dea": DEA}, {"dea": DEA}, {"dea": "dea_taken"}),
        ({"npi": NPI, "dea": DEA}, {"npi": NPI, "dea": DEA}, {"npi": "npi_taken", "dea": "dea_taken"}),
        ({"npi": NPI, "dea": DEA}, {"npi": OTHER_NPI, "dea": DEA}, {"dea": "dea_taken"}),
    ],
)
async def test_two_administrators_give_two_people_one_number(
    door: Door,
    owner: AsyncEngine,
    admins: list[Account],
    colleagues: list[Account],
    verb: str,
    first: dict[str, str],
    second: dict[str, str],
    refused: dict[str, str],
) -> None:
    """The one who comes second reads beside the field that a colleague has it."""

    async def give(write: WriteSession, who: Account, numbers: dict[str, str]) -> None:
        if verb == "invite":
            await people.invite(write, form_of(who.name, **numbers))
        else:
            await people.change(write, who.id, 1, form_of(who.name, who.email, **numbers))

    async def give_too() -> None:
        async with open_unit(door.services, actor_of(admins[1])) as unit:
            await give(unit.write, colleagues[1], second)

    async with open_unit(door.services, actor_of(admins[0])) as unit:
        await give(unit.write, colleagues[0], first)
        late = asyncio.create_task(give_too())
        await waits_or_is_done(owner, late)
    with pytest.raises(Invalid) as error:
        await late
    assert {each.path: each.code for each in error.value.fields} == refused


async def test_a_number_that_was_shared_before_stays_with_both_and_goes_to_nobody_else(
    door: Door, admins: list[Account], colleagues: list[Account]
) -> None:
    """Data from before the numbers were looked at: both keep working, and whoever gives theirs up may not come back."""
    lee, kim = colleagues
    async with door.inside() as unit:
        shared = "UPDATE staff SET npi = :npi, npi_shared = true WHERE account_id IN (:lee, :kim)"
        await unit.write.execute(text(shared), {"npi": NPI, "lee": lee.id, "kim": kim.id})
    for version, number, passes in ((1, NPI, True), (2, OTHER_NPI, True), (3, NPI, False)):
        async with open_unit(door.services, actor_of(admins[0])) as unit:
            form = form_of(kim.name, kim.email, npi=number)
            try:
                await people.change(unit.write, kim.id, version, form)
            except Invalid as refused:
                assert not passes and refused.fields[0].code == "npi_taken"
            else:
                assert passes
    async with open_unit(door.services, actor_of(admins[0])) as unit:
        with pytest.raises(Invalid):
            await people.invite(unit.write, form_of("Ida", npi=NPI))
