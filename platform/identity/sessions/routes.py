"""The session of whoever is signed in: see it, keep it, step up, end it here or everywhere."""

from uuid import UUID

from litestar import Response

from core import live
from core.actor import Actor
from core.database.session import ReadSession, WriteSession
from core.edge.web import get, post
from core.errors import Invalid
from identity.clinic import clinics
from identity.domain import AFTER_CALL, IN_CALL_AT_MOST, STEP_UP_LIFETIME, EndReason, stepped_up
from identity.factors import passkeys, second_factor
from identity.patient_account.new_device import trusted_devices
from identity.permissions import Permission, held_by
from identity.related import acting
from identity.schemas import (
    ActsForChoice,
    OpenSession,
    PasskeyAnswer,
    PasskeyOptions,
    SessionClinic,
    SessionOut,
    TotpCode,
)
from identity.sessions import service as sessions
from identity.sessions.cookies import no_session_cookie
from identity.staff import confirmations


@get("/api/session", permission=Permission.SESSION)
async def get_session(read: ReadSession, actor: Actor) -> SessionOut:
    """Who is signed in."""
    return await session_out(read, actor)


@post("/api/session/keep-alive", permission=Permission.SESSION, status_code=204)
async def keep_session_alive(write: WriteSession) -> None:
    """Somebody is there: the idle time begins anew."""
    await sessions.keep_alive(write)


@post("/api/session/end", permission=Permission.SESSION, status_code=204, spare=True)
async def end_session(write: WriteSession) -> Response[None]:
    """Sign out."""
    await sessions.sign_out(write)
    return _signed_out(write)


@post("/api/session/end-all", permission=Permission.SESSION, status_code=204, spare=True)
async def end_all_sessions(write: WriteSession, actor: Actor) -> Response[None]:
    """Sign out here and everywhere else. Other devices that were known are asked again."""
    here = (await sessions.current(write)).trusted_device_id
    await sessions.end_all(write, actor.own_account, EndReason.SIGNED_OUT_EVERYWHERE)
    await trusted_devices.forget_all(write, actor.own_account, keep=here)
    return _signed_out(write)


@get("/api/sessions", permission=Permission.SESSION)
async def list_sessions(read: ReadSession, actor: Actor) -> list[OpenSession]:
    """Where the person is signed in."""
    rows = await sessions.open_of(read, actor.own_account)
    return [
        OpenSession(
            id=row.id,
            device=row.device,
            method=row.method,
            began_at=row.created_at,
            last_seen_at=row.last_seen_at,
            current=row.id == actor.session_id,
        )
        for row in rows
    ]


@post("/api/sessions/{session_id:uuid}/end", permission=Permission.SESSION, status_code=204)
async def end_one_session(write: WriteSession, session_id: UUID) -> None:
    """Sign out one of the person's other browsers. If it was known, it is asked again."""
    await sessions.end_one(write, session_id, EndReason.SIGNED_OUT)
    await trusted_devices.forget_of_session(write, session_id)


@post("/api/session/step-up", permission=Permission.STEP_UP, status_code=200)
async def step_up(write: WriteSession, actor: Actor, data: TotpCode) -> SessionOut:
    """Show the authenticator app's code again, for signing. 422 for `code`."""
    if not await second_factor.totp_matches(write, actor.own_account, data.code):
        write.keep_on_error()
        raise Invalid({"code": "code_refused"})
    await sessions.step_up(write)
    return await session_out(write, actor)


@post("/api/session/step-up/passkey/options", permission=Permission.CREDENTIALS, status_code=200)
async def step_up_options(write: WriteSession) -> PasskeyOptions:
    """Begin stepping up with a passkey. 409 `no_passkey`."""
    challenge, options = await passkeys.start_step_up(write)
    return PasskeyOptions(challenge, options)


@post("/api/session/step-up/passkey", permission=Permission.CREDENTIALS, status_code=200)
async def step_up_by_passkey(write: WriteSession, actor: Actor, data: PasskeyAnswer) -> SessionOut:
    """Show a passkey again, for signing, or for changing how one signs in. 422 for `credential`."""
    await passkeys.finish_step_up(write, data.challenge, data.credential)
    await sessions.step_up(write)
    return await session_out(write, actor)


async def session_out(read: ReadSession, actor: Actor) -> SessionOut:
    """The session as its owner's browser sees it."""
    live_after = await live.newest(read)
    row = await sessions.current(read)
    clinic = await clinics.current(read)
    fresh = stepped_up(row.stepped_up_at, read.now())
    choices = await acting.choices(read, row.account_id) if actor.is_patient else []
    return SessionOut(
        session_id=row.id,
        account_id=row.account_id,
        patient_id=actor.patient_id,
        patient_name=next((each.name for each in choices if each.patient_id == actor.patient_id), None),
        relationship=actor.relationship,
        patients=[
            ActsForChoice(each.patient_id, each.name, each.relationship, each.scope) for each in choices
        ],
        name=actor.name,
        locale=actor.locale,
        roles=sorted(actor.roles),
        permissions=[str(each) for each in held_by(actor.roles, actor.keeps)],
        clinic=SessionClinic(
            id=clinic.id,
            slug=clinic.slug,
            name=clinic.name,
            time_zone=clinic.time_zone,
            languages=clinic.languages,
            emergency_number=clinic.emergency_number,
            phone=clinic.phone,
        ),
        method=row.method,
        idle_seconds=int(row.idle.total_seconds()),
        idle_expires_at=row.last_seen_at + row.idle,
        absolute_expires_at=row.expires_at,
        in_call_expires_at=row.expires_at + IN_CALL_AT_MOST,
        after_call_seconds=int(AFTER_CALL.total_seconds()),
        stepped_up_until=row.stepped_up_at + STEP_UP_LIFETIME if fresh and row.stepped_up_at else None,
        waits_for=await confirmations.own_waiting(read, row.account_id) if actor.is_staff else [],
        live_after=live_after,
    )


def _signed_out(read: ReadSession) -> Response[None]:
    return Response(None, status_code=204, cookies=[no_session_cookie(read.services.settings)])
