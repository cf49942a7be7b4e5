"""An adult patient has somebody act for them no more, without asking the clinic."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest

from core.ids import new_id
from identity.models import Patient
from tests.identity.related.conftest import NOTE, Family, make_child
from tests.people import make_patient, session_for, sign_in


@pytest.fixture
async def leon(family: Family) -> Patient:
    """An adult patient with an account of his own."""
    async with family.door.inside() as unit:
        return await make_patient(unit.write, given="Leon", phone="+12125550199")


@pytest.fixture
async def at_home(family: Family, leon: Patient) -> AsyncIterator[httpx.AsyncClient]:
    async with family.door.inside() as unit:
        token = await session_for(unit.write, leon)
    async with family.door.browser() as browser:
        sign_in(browser, token)
        yield browser


async def _end(browser: httpx.AsyncClient, relation_id: str | UUID) -> httpx.Response:
    return await browser.post(f"/api/me/related/{relation_id}/end")


async def test_a_patient_ends_what_somebody_does_for_them_at_once(
    family: Family, leon: Patient, at_home: httpx.AsyncClient
) -> None:
    relation_id = await family.relate(leon, relationship="SPS")
    async with family.door.browser() as tab:
        await family.come_in(tab)
        assert (await tab.get("/api/visits")).status_code == 200
        [who] = (await at_home.get("/api/me/related")).json()
        assert (who["id"], who["may_end"]) == (relation_id, True)
        for _twice in range(2):
            answer = await _end(at_home, relation_id)
            assert (answer.status_code, answer.json()) == (200, [])
        assert (await tab.get("/api/visits")).json()["code"] == "choose_patient"
    [line] = (await family.desk.get(f"/api/patients/{leon.id}/related")).json()
    assert (line["acts"], line["ended_because"], line["ended_by"]) == (False, "patient", leon.full_name)


async def test_the_patient_is_written_to_and_whoever_acted_is_not(
    family: Family, leon: Patient, at_home: httpx.AsyncClient
) -> None:
    relation_id = await family.relate(leon, relationship="SPS")
    before = await family.told()
    assert (await _end(at_home, relation_id)).status_code == 200
    told = (await family.told())[len(before) :]
    assert {(to, kind) for to, kind, _ in told} == {("+12125550199", "security")}


@pytest.mark.parametrize(
    "decided", [{"relationship": "GUARD"}, {"relationship": "SPS", "proof": "court_order"}], ids=str
)
async def test_what_a_guardian_or_a_court_decides_the_clinic_ends(
    family: Family, leon: Patient, at_home: httpx.AsyncClient, decided: dict[str, str]
) -> None:
    added = await family.add(leon, relationship=decided["relationship"])
    relation_id = added.json()["id"]
    proof = {"proof": decided.get("proof", "in_person"), "note": NOTE}
    assert (await family.desk.post(f"/api/related/{relation_id}/verify", json=proof)).status_code == 200
    [who] = (await at_home.get("/api/me/related")).json()
    assert who["may_end"] is False
    refused = await _end(at_home, relation_id)
    assert (refused.status_code, refused.json()["code"]) == (409, "clinic_ends_this")


async def test_a_child_with_an_account_does_not_end_what_their_parents_may(family: Family) -> None:
    async with family.door.inside() as unit:
        tom = await make_patient(unit.write, given="Tom", phone="+12125550177")
        tom.birth_date = family.leo.birth_date
        token = await session_for(unit.write, tom)
    relation_id = await family.relate(tom)
    async with family.door.browser() as own:
        sign_in(own, token)
        [who] = (await own.get("/api/me/related")).json()
        assert who["may_end"] is False and who["of_age"] == "2036-05-01"
        assert (await _end(own, relation_id)).json()["code"] == "clinic_ends_this"


async def test_nobody_ends_it_for_the_patient(
    family: Family, leon: Patient, at_home: httpx.AsyncClient
) -> None:
    relation_id = await family.relate(leon, relationship="SPS")
    of_another = await family.relate(await make_child(family.door, "Zoe"), contact="+12125550133")
    async with family.door.browser() as tab:
        await family.come_in(tab)
        [who] = (await tab.get("/api/me/related")).json()
        assert who["may_end"] is False
        assert (await _end(tab, relation_id)).status_code == 404
    for not_theirs in (of_another, new_id()):
        assert (await _end(at_home, not_theirs)).status_code == 404
