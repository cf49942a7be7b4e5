"""Sessions: begun at sign-in with a fresh token, listed, kept alive, stepped up, and ended one by one or at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from core import audit, live
from core.actor import Actor, Role
from core.database.session import ReadSession, WriteSession
from core.errors import NotFound
from core.events import outbox
from core.ids import new_id
from identity.clinic import clinics
from identity.clinic import settings as clinic_settings
from identity.domain import AccountStatus, EndReason, Method
from identity.events import SessionEnded
from identity.models import Account, AuthSession
from identity.related import acting as related
from identity.sessions.devices import device_name
from identity.sessions.tokens import digest, session_key, session_token

# What counts as having shown a second factor just now: signing within minutes of sign-in needs no other.
_TWO_FACTORS = frozenset({Method.PASSKEY, Method.PASSWORD_TOTP})


@dataclass(frozen=True)
class Browser:
    """What is known of the browser that signs in: its User-Agent, address, and the tokens it came with: of a session,
    and of a device on which a patient has signed in before."""

    user_agent: str = ""
    address: str = ""
    token: str | None = None
    device_token: str | None = None


@dataclass(frozen=True)
class NewSession:
    """A session that has just begun. The tokens go into cookies and are nowhere else; `device` is what the browser is
    recognised by next time, good until `device_until`."""

    row: AuthSession
    token: str
    device: str | None = None
    device_until: datetime | None = None


async def begin(write: WriteSession, account: Account, method: Method, browser: Browser) -> NewSession:
    """Sign in. The token is always new, and a session that the browser came with ends: nobody can prepare one."""
    if account.status != AccountStatus.ACTIVE:
        raise RuntimeError("only an active account signs in")  # every caller has checked
    now = write.now()
    if browser.token is not None:
        await _end(write, [AuthSession.token_hash == digest(browser.token)], EndReason.REPLACED)
    clinic = await clinics.current(write)
    roles = frozenset(map(Role, account.roles))
    times = clinic_settings.parse(clinic.settings).times_for(roles)
    token = session_token(session_key(write.services.settings.secret_key))
    row = AuthSession(
        id=new_id(),
        clinic_id=account.clinic_id,
        account_id=account.id,
        token_hash=digest(token),
        method=method,
        device=device_name(browser.user_agent),
        idle=times.idle,
        last_seen_at=now,
        expires_at=now + times.absolute,
        # A patient's code is what they are asked for again before they change how they sign in.
        stepped_up_at=now if method in _TWO_FACTORS or Role.PATIENT in roles else None,
    )
    write.add(row)
    await write.flush()
    actor = await related.at_sign_in(write, _actor(account, row.id))
    row.patient_id = actor.patient_id
    await write.flush()
    write.act_as(actor)
    await audit.log(
        write,
        "session.begin",
        entity=("account", account.id),
        detail={"method": method},
    )
    return NewSession(row, token)


def _actor(account: Account, session_id: UUID) -> Actor:
    """The actor of this account's session, before it is known for whom they act."""
    return Actor(
        clinic_id=account.clinic_id,
        roles=frozenset(map(Role, account.roles)),
        account_id=account.id,
        session_id=session_id,
        name=account.name,
        locale=account.locale,
    )


async def current(read: ReadSession) -> AuthSession:
    """The session of this request."""
    row: AuthSession = await read.one_or_none(
        select(AuthSession).where(AuthSession.id == read.actor.session_id)
    )
    return row


async def open_of(read: ReadSession, account_id: UUID) -> list[AuthSession]:
    """The sessions that still live, newest use first."""
    now = read.now()
    rows = await read.scalars(
        select(AuthSession)
        .where(
            AuthSession.account_id == account_id,
            AuthSession.ended_at.is_(None),
            AuthSession.expires_at > now,
            AuthSession.last_seen_at + AuthSession.idle > now,
        )
        .order_by(AuthSession.last_seen_at.desc())
    )
    return list(rows)


async def sign_out(write: WriteSession) -> None:
    """End the session of this request."""
    await end_one(write, write.actor.session_id, EndReason.SIGNED_OUT)


async def end_one(write: WriteSession, session_id: UUID | None, because: EndReason) -> None:
    """End one session of the person's own. Raises NotFound."""
    ended = await _end(
        write,
        [AuthSession.id == session_id, AuthSession.account_id == write.actor.account_id],
        because,
    )
    if not ended:
        raise NotFound


async def end_all(
    write: WriteSession, account_id: UUID, because: EndReason, *, keep: UUID | None = None
) -> int:
    """End every session of an account, but for `keep`; how many there were."""
    conditions = [AuthSession.account_id == account_id]
    if keep is not None:
        conditions.append(AuthSession.id != keep)
    return await _end(write, conditions, because)


async def _end(write: WriteSession, conditions: Iterable[ColumnElement[bool]], because: EndReason) -> int:
    ended = await write.execute(
        update(AuthSession)
        .where(AuthSession.ended_at.is_(None), *conditions)
        .values(ended_at=write.now(), ended_because=because)
        .returning(AuthSession.id, AuthSession.account_id)
    )
    rows = ended.all()
    for row in rows:
        await audit.log(
            write,
            "session.end",
            entity=("account", row.account_id),
            detail={"because": because, "session": str(row.id)},
        )
        await outbox.add(write, SessionEnded(session_id=row.id, account_id=row.account_id, because=because))
        live.publish(
            write,
            "session.ended",
            to=[live.account(row.account_id)],
            session_id=str(row.id),
            because=str(because),
        )
    return len(rows)


async def step_up(write: WriteSession) -> None:
    """Record that the second factor was shown now."""
    await write.execute(
        update(AuthSession).where(AuthSession.id == write.actor.session_id).values(stepped_up_at=write.now())
    )
    await audit.log(write, "session.step_up", entity=("account", write.actor.own_account))


async def keep_alive(write: WriteSession) -> None:
    """Set last_seen_at to now. Authentication does so once a minute only."""
    await write.execute(
        update(AuthSession).where(AuthSession.id == write.actor.session_id).values(last_seen_at=write.now())
    )
