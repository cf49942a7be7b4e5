"""'Who viewed my record': staff who manage relations are staff, and a proxy reads of no mark on a note."""

from core import audit
from core.actor import Role
from core.database.session import open_unit
from tests.identity.related.conftest import Family
from tests.people import actor_of, make_staff


async def test_whoever_verified_a_relation_does_not_act_for_the_patient(family: Family) -> None:
    await family.relate(family.leo)
    async with family.door.browser() as tab:
        await family.come_in(tab)
        lines = (await tab.get("/api/me/accesses")).json()
    managed = {(each["what"], each["role"], each["relationship"]) for each in lines}
    assert {
        ("related.add", "coordinator", None),
        ("related.verify", "coordinator", None),
    } <= managed


async def test_a_proxy_does_not_read_that_a_note_was_marked_sensitive(family: Family) -> None:
    await family.relate(family.leo)
    async with family.door.inside() as unit:
        doctor = await make_staff(unit.write, Role.CLINICIAN)
    async with open_unit(family.door.services, actor_of(doctor)) as unit:
        for action in ("note.read", "note.sensitive"):
            await audit.log(unit.write, action, patient_id=family.leo.id)
    async with family.door.browser() as tab:
        await family.come_in(tab)
        lines = (await tab.get("/api/me/accesses")).json()
    told = {each["what"] for each in lines}
    assert "note.read" in told and "note.sensitive" not in told
