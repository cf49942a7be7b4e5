"""The edge: what happens around every request, in this order.

Origin, cookie, body, sign-in, permission, what else a write wants, idempotency key, the handler, commit, and only
then the answer. Nothing is opened for a request before its body is here. The answer is held back until the commit is
done, so nothing is ever acknowledged that could still be lost.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, cast

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import Actor, Role
from core.config import Settings
from core.database.session import Unit
from core.edge import idempotency
from core.edge.exchange import Exchange, header
from core.edge.held_answer import HeldAnswer
from core.edge.surfaces import surface_of
from core.edge.web import PUBLIC, HotRead
from core.errors import Conflict, Forbidden, Problem, SignedOut
from core.guard import refusals
from core.guard.addresses import client_address, network_of
from core.guard.bodies import Bodies, Incoming, replay
from core.guard.refusals import Strangers
from core.guard.writes import Writes
from core.logs import Log
from core.services import Services
from core.subject import Subject

log = Log("edge")

WriteGuard = Callable[[Unit, str], Awaitable[None]]
"""Asked before each write with its permission, once that is held: what else it wants. Raises Problem."""

_ACCOUNT = b"carethread-account"
_PATIENT = b"carethread-patient"
_READ = "GET"
"""The one method of reads: no route has another, and OPTIONS is answered before."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a session cookie claims. `session` is the token if it carries our mark; `made_up` says that none of ours
    looks like it."""

    session: str | None = None
    made_up: bool = False


class Authentication(Protocol):
    """Finds out who is behind a request."""

    def claim(self, scope: HTTPScope) -> Claim | None:
        """What the cookie claims, without asking anybody; None if there is none."""

    async def authenticate(self, unit: Unit, scope: HTTPScope) -> Actor | None:
        """The person, whose clinic the unit's transaction has then entered; None for everybody else."""


class Edge(ASGIMiddleware):
    """One request, one transaction."""

    scopes = (ScopeType.HTTP,)

    def __init__(
        self,
        services: Services,
        authentication: Authentication,
        grants: Mapping[str, frozenset[Role]],
        before_write: WriteGuard,
    ) -> None:
        self._services = services
        self._authentication = authentication
        self._grants = grants
        self._before_write = before_write
        self._bodies = Bodies(services.settings.request_seconds)
        self._writes = Writes(services)
        self._strangers = Strangers(services.clock, services.settings.secret_key)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        scope = cast(HTTPScope, scope)
        if scope["method"] == "OPTIONS":
            # Litestar's own answer: which methods a path has. Nobody's data is behind it.
            await next_app(scope, receive, send)
            return
        if has_bearer(scope):
            # Whoever shows a token is whom the token names. A cookie beside it would act without its Origin's check.
            scope["headers"] = [each for each in scope["headers"] if each[0] != b"cookie"]
        exchange, incoming, answer = Exchange(scope), Incoming(scope, receive), HeldAnswer(send)
        try:
            if exchange.opt["stream"]:
                await self._let_in(exchange)
            else:
                claim = self._check(exchange)
                if not await self._answer_hot(exchange, answer):
                    body = await self._body(exchange, incoming, claim)
                    await self._serve(exchange, body, answer, next_app)
            await answer.begin_later_body()
        except Exception as error:
            answer.fail(error, exchange)
        if exchange.opt["stream"] and not answer.complete:
            await next_app(scope, receive, _noting(exchange, send))
            return
        if answer.status >= 400 and not incoming.whole and answer.status != 408:
            await incoming.throw_away()
        exchange.note(answer.status)
        await answer.release(exchange.request_id, last=not incoming.whole)

    def _check(self, exchange: Exchange) -> Claim | None:
        """What can be refused with nothing opened and nothing read. Raises Problem 403, SignedOut."""
        scope, opt = exchange.scope, exchange.opt
        claim = self._authentication.claim(scope)
        try:
            if scope["method"] != _READ and not opt["webhook"] and not has_bearer(scope):
                check_origin(scope, self._services.settings)
        except Problem:
            self._strangers.count(self._network(scope))
            raise
        if claim is not None and claim.made_up:
            self._strangers.count(self._network(scope))
            claim = None
        if claim is None and opt["permission"] != PUBLIC:
            raise SignedOut
        return claim

    def _network(self, scope: HTTPScope) -> str:
        return network_of(client_address(scope, self._services.settings.trusted_proxies))

    async def _body(self, exchange: Exchange, incoming: Incoming, claim: Claim | None) -> bytes:
        """The whole body. That of a read has no meaning (RFC 9110, 9.3.1), and nobody waits for it."""
        if exchange.scope["method"] == _READ:
            return b""
        address, session = self._network(exchange.scope), claim.session if claim else None
        return await self._bodies.read(incoming, exchange.opt["most"], address=address, session=session)

    async def _answer_hot(self, exchange: Exchange, answer: "HeldAnswer") -> bool:
        """Answer in one round trip, if that is possible; whatever is refused takes the ordinary way."""
        read: HotRead | None = exchange.opt["hot"]
        body = await read(self._services, exchange.scope, exchange.request_id) if read else None
        if body is None:
            return False
        answer.replace(200, [_JSON, (b"content-length", str(len(body)).encode())], body)
        return True

    async def _let_in(self, exchange: Exchange) -> None:
        """For answers that go on: who asks is known before, and no transaction is held. Raises SignedOut, Forbidden."""
        if exchange.opt["permission"] == PUBLIC:
            return
        self._check(exchange)
        async with AsyncSession(self._services.engine) as session:
            unit = Unit(self._services, session, request_id=exchange.request_id)
            exchange.scope["state"]["unit"] = unit
            try:
                await self._admit(unit, exchange)
                await unit.commit()
            except Problem as problem:
                await _record_refusal(unit, exchange, problem)
                raise

    async def _serve(self, exchange: Exchange, body: bytes, answer: "HeldAnswer", next_app: ASGIApp) -> None:
        """The request's one transaction, from sign-in to commit."""
        engine = self._services.spare if exchange.opt["spare"] else self._services.engine
        counted: str | None = None
        async with AsyncSession(engine, expire_on_commit=False) as session:
            unit = Unit(self._services, session, request_id=exchange.request_id)
            exchange.scope["state"]["unit"] = unit
            try:
                await self._admit(unit, exchange)
                writes = exchange.scope["method"] != _READ and not exchange.opt["reads"]
                if writes and unit.actor is not None:
                    await self._before_write(unit, exchange.opt["permission"])
                if exchange.opt["idempotent"]:
                    await idempotency.begin(unit, exchange.scope, body, answer)
                if not answer.complete:
                    # Signing out is never held back.
                    if writes and unit.actor is not None and not exchange.opt["spare"]:
                        counted = await self._writes.count(unit.actor)
                    await next_app(exchange.scope, replay(body), answer.take)
                if answer.status < 400 or unit.keep:
                    await idempotency.keep(unit, answer)
                    await unit.commit()
            except Exception as error:
                answer.fail(error, exchange)
            if answer.status >= 400:
                await _record_refusal(unit, exchange, exchange.problem)
            elif unit.later is not None:
                answer.send_later(unit.later)
        if answer.status >= 400:
            await self._writes.give_back(counted)

    async def _admit(self, unit: Unit, exchange: Exchange) -> None:
        """Find out who it is, and whether this route is for them.

        Raises SignedOut, Forbidden, Conflict `acting_for_changed` for a page about another patient.
        """
        actor = await self._authentication.authenticate(unit, exchange.scope)
        if actor is not None:
            unit.adopt(actor)
            exchange.scope["state"]["actor"] = actor
        permission = exchange.opt["permission"]
        if permission == PUBLIC:
            return
        if actor is None or not _speaks_for(actor, exchange.scope):
            raise SignedOut
        if not _is_about(actor, exchange.scope):
            raise Conflict("acting_for_changed")
        if not Subject(actor).may(permission, self._grants):
            raise Forbidden("choose_patient") if _has_yet_to_say(actor) else Forbidden()


def _speaks_for(actor: Actor, scope: HTTPScope) -> bool:
    """Whether the page that asks belongs to the person whose cookie it has.

    A page says whose it is. The cookie is the whole browser's: once somebody else has signed in beside it, a page
    that was left open would write, and send what it kept, in that other person's name.
    """
    said = header(scope, _ACCOUNT)
    return not said or said == str(actor.account_id)


def _is_about(actor: Actor, scope: HTTPScope) -> bool:
    """Whether the page that asks is about the patient for whom its session acts.

    A page says about whom it is. The session is the whole browser's: once another tab acts for another child, or the
    relation has ended, a page that was left open would write about the wrong patient.
    """
    said = header(scope, _PATIENT)
    return not said or said == str(actor.patient_id)


def _has_yet_to_say(actor: Actor) -> bool:
    """Whether somebody on the patient's side acts for nobody now."""
    return actor.is_patient and actor.patient_id is None


async def _record_refusal(unit: Unit, exchange: Exchange, problem: Problem | None) -> None:
    """A refusal of somebody who is signed in. That it could not be recorded changes nothing for them."""
    actor = exchange.actor
    if actor is None or not refusals.is_refusal(problem):
        return
    try:
        await refusals.record(unit, actor, exchange.scope, problem)
    except Exception as error:
        log.error("refusal_not_recorded", error, request_id=exchange.request_id)


def _noting(exchange: Exchange, send: Send) -> Send:
    """Counts and logs an answer that goes on, when it begins."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            exchange.note(message["status"])
        await send(message)

    return sending


_JSON = (b"content-type", b"application/json")


def has_bearer(scope: Scope) -> bool:
    """Whether the request shows a bearer token, which no browser adds by itself to another site's request."""
    return header(scope, b"authorization")[:7].lower() == "bearer "


def check_origin(scope: HTTPScope, settings: Settings) -> None:
    """Writes come from our own pages, as JSON: the defence against cross-site requests. Raises Problem 403."""
    if header(scope, b"origin") not in settings.origins:
        raise Problem(403, "origin_refused")
    content_type = header(scope, b"content-type").split(";")[0].strip().lower()
    has_body = header(scope, b"content-length") not in ("", "0") or header(scope, b"transfer-encoding")
    if has_body and content_type not in surface_of(scope).body_types:
        raise Problem(403, "content_type_refused")
