"""A child who registered on a parent's telephone has an account of their own: staff see it where a relation takes its
place, and disable it."""

from identity.models import Patient
from tests.identity.conftest import Door
from tests.identity.related.conftest import PHONE, Family
from tests.people import make_patient


async def _child_on(door: Door, family: Family, phone: str) -> Patient:
    async with door.inside() as unit:
        child = await make_patient(unit.write, given="Tom", family="Reyes", phone=phone)
        child.birth_date = family.leo.birth_date
    return child


async def _beside(family: Family, child: Patient) -> bool:
    [line] = (await family.desk.get(f"/api/patients/{child.id}/related")).json()
    return bool(line["childs_account"])


async def test_staff_see_a_childs_account_on_the_parents_telephone_until_it_is_disabled(
    family: Family,
) -> None:
    child = await _child_on(family.door, family, PHONE)
    await family.relate(child)
    assert await _beside(family, child)
    done = await family.desk.post(
        f"/api/patients/{child.id}/account/disable",
        json={"proof": "called_back", "note": "The mother acts for him now"},
    )
    assert done.status_code == 200, done.text
    assert not await _beside(family, child)


async def test_a_childs_account_on_a_telephone_of_their_own_is_their_own(family: Family) -> None:
    child = await _child_on(family.door, family, "+12125550166")
    await family.relate(child)
    assert not await _beside(family, child)


async def test_a_child_without_an_account_has_none_to_disable(family: Family) -> None:
    await family.relate(family.leo)
    assert not await _beside(family, family.leo)


async def test_a_spouse_on_one_telephone_is_nothing_to_staff(family: Family) -> None:
    async with family.door.inside() as unit:
        luis = await make_patient(unit.write, given="Luis", phone=PHONE)
    await family.relate(luis, relationship="SPS")
    assert not await _beside(family, luis)
