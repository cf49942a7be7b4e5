"""Who may no longer be here is out of the call and hears nothing more (case 34)."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from uuid import UUID

import pytest

from core import live
from core.actor import Actor, Role, system_actor
from core.database.session import open_unit
from core.live.hub import LiveHub
from core.services import Services
from identity.models import Account
from identity.sessions.authentication import streams_alive
from signaling import protocol as p
from signaling.store import CONTROL
from tests.conftest import ORIGIN, Deliver
from tests.patience import PATIENCE
from tests.people import make_staff
from tests.signaling.people import BOTH_ON, bare_socket, close_of
from tests.visits.conftest import HOME, PHONE, Browser, ClinicAtWork

HERE = {"location": HOME, "callback_phone": PHONE}


@pytest.fixture
async def hub(services: Services) -> AsyncIterator[LiveHub]:
    """Looks who is still signed in as the application's does, at a quicker pace."""
    hub = LiveHub(services, streams_alive, pace=0.2)
    reader = asyncio.create_task(hub.run())
    yield hub
    reader.cancel()


@pytest.fixture
async def admin(clinic: ClinicAtWork) -> Browser:
    async with open_unit(clinic.services, system_actor(clinic.clinic_id)) as unit:
        account = await make_staff(unit.write, Role.ADMIN, name="Ada Min")
    return await clinic.browser(account)


async def ask_in(browser: Browser, visit_id: object) -> str:
    """A ticket for the call."""
    body = HERE if (await browser.get("/api/session")).json()["patient_id"] else {}
    answer = await browser.post(f"/api/visits/{visit_id}/join", json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["ticket"])


def join(ticket: str) -> str:
    return p.encode(
        p.ClientFrame(message=p.Join(version=1, ticket=ticket, instance=secrets.token_hex(4), media=BOTH_ON))
    )


async def disable(admin: Browser, who: Account) -> None:
    assert (await admin.post(f"/api/admin/people/{who.id}/disable")).status_code == 200


async def revoke(admin: Browser, who: Account) -> None:
    """Ruth is a clinician no more."""
    person = (await admin.get(f"/api/admin/people/{who.id}")).json()
    form = {
        key: person[key]
        for key in ("given", "family", "email", "locale", "title", "credentials", "npi", "dea", "version")
    }
    answer = await admin.put(
        f"/api/admin/people/{who.id}",
        json={**form, "licences": person["licences"], "roles": ["coordinator"]},
    )
    assert answer.status_code == 200, answer.text


Deed = Callable[[Browser, Account], Awaitable[None]]


@pytest.mark.parametrize("deed", [disable, revoke])
async def test_a_clinician_who_is_sent_away_is_out_of_the_call(
    clinic: ClinicAtWork, signaling: str, admin: Browser, deliver: Deliver, deed: Deed
) -> None:
    visit = await clinic.admitted()
    patient, doctor = await clinic.browser(clinic.patient), await clinic.browser(clinic.ruth)
    their_ticket, her_ticket = await ask_in(patient, visit.id), await ask_in(doctor, visit.id)
    async with bare_socket(signaling, ORIGIN) as theirs, bare_socket(signaling, ORIGIN) as hers:
        await theirs.send(join(their_ticket))
        await hers.send(join(her_ticket))
        assert isinstance(p.decode_server(await theirs.recv()).message, p.Welcome)
        assert isinstance(p.decode_server(await hers.recv()).message, p.Welcome)
        async with asyncio.timeout(PATIENCE):
            await deed(admin, clinic.ruth)
            await deliver()
            assert await close_of(hers) == (4411, "removed")
            while not isinstance(told := p.decode_server(await theirs.recv()).message, p.PeerLeft):
                pass
        assert (told.participant_id, told.cause) == (str(clinic.ruth.id), "removed")
    again = await doctor.post(f"/api/visits/{visit.id}/join", json={})
    assert again.status_code == 401
    assert (await clinic.fetch(visit.id)).status == "admitted", "the visit itself goes on"


async def test_a_patient_whose_account_is_disabled_is_out_of_the_call(
    clinic: ClinicAtWork, signaling: str, deliver: Deliver
) -> None:
    visit = await clinic.admitted()
    patient, desk = await clinic.browser(clinic.patient), await clinic.browser(clinic.coordinator)
    ticket = await ask_in(patient, visit.id)
    async with bare_socket(signaling, ORIGIN) as socket:
        await socket.send(join(ticket))
        assert isinstance(p.decode_server(await socket.recv()).message, p.Welcome)
        async with asyncio.timeout(PATIENCE):
            proof = {"proof": "called_back", "note": "Says the phone was stolen."}
            answer = await desk.post(f"/api/patients/{clinic.patient.id}/account/disable", json=proof)
            assert answer.status_code == 200, answer.text
            await deliver()
            assert await close_of(socket) == (4411, "removed")
    assert (await patient.get("/api/session")).status_code == 401


async def test_signing_out_everywhere_voids_a_ticket_that_was_not_used_yet(
    clinic: ClinicAtWork, signaling: str, services: Services, deliver: Deliver
) -> None:
    visit = await clinic.admitted()
    browser, elsewhere = await clinic.browser(clinic.patient), await clinic.browser(clinic.patient)
    ticket = await ask_in(browser, visit.id)
    assert (await elsewhere.post("/api/session/end-all")).status_code == 204
    async with asyncio.timeout(PATIENCE):
        await deliver()
        await obeyed(services)
    async with bare_socket(signaling, ORIGIN) as socket:
        await socket.send(join(ticket))
        assert await close_of(socket) == (4401, "ticket_revoked")


async def obeyed(services: Services) -> None:
    """Until signaling has carried out everything that it was told."""
    while True:
        [group] = await services.redis.xinfo_groups(CONTROL)
        if not group["lag"] and not group["pending"]:
            return
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("deed", [disable, revoke])
async def test_a_stream_ends_with_its_sign_in_however_busy_the_clinic(
    clinic: ClinicAtWork, hub: LiveHub, admin: Browser, deed: Deed
) -> None:
    session = (await (await clinic.browser(clinic.ruth)).get("/api/session")).json()
    ruth = Actor(
        clinic_id=clinic.clinic_id,
        roles=frozenset({Role.CLINICIAN}),
        account_id=clinic.ruth.id,
        session_id=UUID(session["session_id"]),
    )
    async with aclosing(hub.listen(ruth, None)) as messages:
        assert (await anext(messages)).topic == "live.hello"
        await deed(admin, clinic.ruth)
        async with asyncio.timeout(PATIENCE):
            await tell_something(clinic)
            async for _ in messages:
                await tell_something(clinic)


async def tell_something(clinic: ClinicAtWork) -> None:
    async with open_unit(clinic.services, system_actor(clinic.clinic_id)) as unit:
        live.publish(unit.write, "queue.changed", [live.role(Role.CLINICIAN)])


async def test_signing_out_in_one_browser_leaves_the_call_in_another(
    clinic: ClinicAtWork, signaling: str, deliver: Deliver
) -> None:
    visit = await clinic.admitted()
    browser, other = await clinic.browser(clinic.patient), await clinic.browser(clinic.patient)
    ticket = await ask_in(browser, visit.id)
    async with bare_socket(signaling, ORIGIN) as socket:
        await socket.send(join(ticket))
        assert isinstance(p.decode_server(await socket.recv()).message, p.Welcome)
        assert (await other.post("/api/session/end")).status_code == 204
        await deliver()
        await socket.send(p.encode(p.ClientFrame(seq=0, message=p.Heartbeat())))
        assert isinstance(p.decode_server(await socket.recv()).message, p.Heartbeat)
