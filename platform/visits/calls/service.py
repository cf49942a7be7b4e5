"""Call attempts: joining a visit's call, and closing attempts that ended. Neither ends the visit."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import select

from core.actor import Actor
from core.config import Settings
from core.database.session import WriteSession
from core.errors import Conflict
from core.ids import new_id
from core.tickets import LIFETIME_SECONDS, JoinTicket, mint
from visits import repository
from visits.access import check_has_visit
from visits.announce import announce_attempt
from visits.domain import AttemptEnd, VisitStatus
from visits.location import Whereabouts
from visits.models import CallAttempt, Visit
from visits.timeline import StepKind

TURN_LIFETIME = timedelta(hours=6)
"""Longer than any visit: coturn asks for the credential again whenever an allocation is refreshed."""


async def begin_attempt(
    write: WriteSession, visit: Visit, whereabouts: Whereabouts | None, browser: str | None = None
) -> CallAttempt:
    """Let the actor try to be in the call: the patient (with where they are now) or the visit's clinician.
    `browser` is the class of theirs, as `visits.history.domain.browser_class` tells it.

    An attempt of the same person that is still open is taken over by this one. Raises Conflict
    `visit_not_admitted` (with the status) unless the visit is admitted, Forbidden `not_your_visit`.
    """
    actor = write.actor
    if not actor.is_patient:
        check_has_visit(actor, visit)
    attempt = await _new_attempt(write, visit, "patient" if actor.is_patient else "clinician", browser)
    if whereabouts is not None:
        attempt.location = visit.location = msgspec.to_builtins(whereabouts.location)
        attempt.callback_phone = visit.callback_phone = whereabouts.callback_phone
    write.add(attempt)
    await announce_attempt(write, visit, attempt, StepKind.ATTEMPT_STARTED)
    return attempt


async def begin_guest_attempt(write: WriteSession, visit: Visit, browser: str | None = None) -> CallAttempt:
    """The same for a guest, whom `visits.people` has found to be let in. Raises Conflict `visit_not_admitted`."""
    attempt = await _new_attempt(write, visit, "guest", browser)
    write.add(attempt)
    await announce_attempt(write, visit, attempt, StepKind.ATTEMPT_STARTED)
    return attempt


async def _new_attempt(write: WriteSession, visit: Visit, role: str, browser: str | None) -> CallAttempt:
    """The actor's next attempt, which takes over from an open one of theirs. Raises Conflict `visit_not_admitted`."""
    if visit.status is not VisitStatus.ADMITTED:
        raise Conflict("visit_not_admitted", status=visit.status.value)
    earlier = await repository.open_attempt(write, visit.id, write.actor.own_account)
    if earlier is not None:
        await end_attempt(write, visit, earlier, AttemptEnd.TAKEN_OVER, write.now())
    return CallAttempt(
        id=new_id(),
        visit_id=visit.id,
        account_id=write.actor.own_account,
        session_id=write.actor.session_id,
        role=role,
        requested_at=write.now(),
        browser=browser,
    )


async def end_attempt(
    write: WriteSession, visit: Visit, attempt: CallAttempt, cause: AttemptEnd, at: datetime
) -> None:
    """Close an attempt. Later reports about it change nothing."""
    if attempt.ended_at is not None:
        return
    attempt.ended_at, attempt.end_cause = at, cause
    await announce_attempt(write, visit, attempt, StepKind.ATTEMPT_ENDED)


async def end_all(write: WriteSession, visit: Visit, cause: AttemptEnd) -> None:
    """Close every attempt of the visit that is still open."""
    still_open = select(CallAttempt).where(CallAttempt.visit_id == visit.id, CallAttempt.ended_at.is_(None))
    for attempt in (await write.scalars(still_open)).all():
        await end_attempt(write, visit, attempt, cause, write.now())


def ticket_for(settings: Settings, attempt: CallAttempt, actor: Actor, now: datetime) -> str:
    """The ticket that lets this attempt into the call, once, within a minute. Initials are all it says."""
    issued = int(now.timestamp())
    role: str = attempt.role
    ticket = msgspec.convert(
        {
            "jti": str(new_id()),
            "visit_id": str(attempt.visit_id),
            "clinic_id": str(attempt.clinic_id),
            "attempt_id": str(attempt.id),
            "participant_id": str(attempt.account_id),
            "role": role,
            "display": initials(actor.name),
            "iat": issued,
            "exp": issued + LIFETIME_SECONDS,
        },
        JoinTicket,
    )
    return mint(settings.ticket_key, ticket)


def initials(name: str) -> str:
    """The first letters of at most three words of a name: 'Ana María Ruiz' is 'AMR'."""
    return "".join(word[0].upper() for word in name.split()[:3] if word[0].isalnum())


class IceServer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """RTCIceServer as browsers take it."""

    urls: list[str]
    username: str | None = None
    credential: str | None = None


def ice_servers(settings: Settings, account_id: UUID, now: datetime) -> list[IceServer]:
    """The STUN and TURN servers of the installation.

    The TURN credential is made from coturn's shared secret (its `use-auth-secret`): the user name is when it
    ends and whose it is, the password its HMAC-SHA1. Nothing has to be stored anywhere. It is the person's and not the
    attempt's: coturn's quota counts by that name, and whoever joins again and again must not take the whole relay.
    """
    stun, turn = _words(settings.ice_urls), _words(settings.turn_urls)
    servers = [IceServer(urls=stun)] if stun else []
    if turn and settings.turn_secret:
        username = f"{int((now + TURN_LIFETIME).timestamp())}:{account_id}"
        digest = hmac.new(settings.turn_secret.encode(), username.encode(), hashlib.sha1).digest()
        credential = base64.b64encode(digest).decode()
        servers.append(IceServer(urls=turn, username=username, credential=credential))
    return servers


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
