"""A patient's own devices, what happened to their sign-in, and showing again that it is them."""

from uuid import UUID

from litestar.types import Scope

from core.actor import Actor
from core.database.session import ReadSession, WriteSession
from core.edge.web import delete, get, post
from identity.codes.service import contact_of
from identity.domain import RESEND_AFTER
from identity.patient_account import own_proof, security_events
from identity.patient_account.new_device import trusted_devices
from identity.patient_account.schemas import KnownDevice, SecurityEventOut, SecurityEventsSeen, StepUpTo
from identity.permissions import Permission
from identity.schemas import CodeAsked, SessionOut, TypedCode
from identity.sessions import service as sessions
from identity.sessions.browsers import browser_of
from identity.sessions.routes import session_out


@get("/api/me/devices", permission=Permission.OWN_ACCOUNT)
async def list_known_devices(read: ReadSession, actor: Actor) -> list[KnownDevice]:
    """The browsers that the patient signs in on by a code alone."""
    here = (await sessions.current(read)).trusted_device_id
    rows = await trusted_devices.of_account(read, actor.own_account)
    return [KnownDevice(row.id, row.device, row.last_used_at, row.id == here) for row in rows]


@delete("/api/me/devices/{device_id:uuid}", permission=Permission.OWN_ACCOUNT, status_code=204)
async def forget_known_device(write: WriteSession, device_id: UUID) -> None:
    """From now on this browser is asked again who one is."""
    await trusted_devices.forget(write, device_id)


@get("/api/me/security-events", permission=Permission.OWN_ACCOUNT)
async def list_security_events(read: ReadSession) -> list[SecurityEventOut]:
    """What was changed elsewhere and nobody has said yes or no to."""
    return [
        SecurityEventOut(row.id, row.change, row.device, row.created_at)
        for row in await security_events.open_for(read)
    ]


@post("/api/me/security-events/mine", permission=Permission.OWN_ACCOUNT, status_code=204)
async def security_events_were_mine(write: WriteSession, data: SecurityEventsSeen) -> None:
    """The patient did what was on screen. What happened since is shown still."""
    await security_events.was_me(write, data.events)


@post("/api/me/security-events/not-mine", permission=Permission.OWN_ACCOUNT, status_code=204)
async def security_events_were_not_mine(write: WriteSession) -> None:
    """Somebody else did: other sessions end, other devices are asked again, and the clinic calls."""
    await security_events.was_not_me(write)


@post("/api/session/step-up/code", permission=Permission.OWN_ACCOUNT, status_code=201)
async def ask_step_up_code(write: WriteSession, scope: Scope, data: StepUpTo) -> CodeAsked:
    """Send a code to one of the patient's own contacts. 409 `no_such_contact`, 429."""
    address = browser_of(scope, write.services.settings).address
    row = await own_proof.ask(write, data.channel, address)
    return CodeAsked(row.id, row.channel, contact_of(row).masked, row.expires_at, write.now() + RESEND_AFTER)


@post("/api/session/step-up/code/{code_id:uuid}/check", permission=Permission.OWN_ACCOUNT, status_code=200)
async def check_step_up_code(write: WriteSession, actor: Actor, code_id: UUID, data: TypedCode) -> SessionOut:
    """Show that code, before changing how one signs in. 422 for `code`."""
    await own_proof.check(write, code_id, data.code)
    return await session_out(write, actor)
