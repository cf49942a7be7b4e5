"""The key for drafts kept in a browser: one's own, the same on every sign-in, and nobody else's."""

import base64

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actor import system_actor
from tests.conftest import ActAs
from tests.people import make_clinic, make_patient, session_for, sign_in


async def test_each_person_has_a_key_of_their_own(
    owner: AsyncEngine, act_as: ActAs, client: httpx.AsyncClient
) -> None:
    clinic = await make_clinic(owner)
    async with act_as(system_actor(clinic.id)) as unit:
        maria, other = await make_patient(unit.write), await make_patient(unit.write)
        tokens = [await session_for(unit.write, who) for who in (maria, maria, other)]
    answers = []
    for token in tokens:
        sign_in(client, token)
        answers.append(await client.get("/api/session/draft-key"))
    first, again, others = (answer.json()["key"] for answer in answers)
    assert first == again != others
    assert len(base64.b64decode(first)) == 32
    assert answers[0].headers["cache-control"] == "no-store"


async def test_nobody_has_no_key(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/session/draft-key")).status_code == 401
