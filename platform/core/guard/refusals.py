"""Counts refused requests, audits the first ones, and raises an alert when somebody keeps trying.

An account has one row an hour. Its first refusals of the hour are audited one by one. `sum_up` audits the rest as a
sum when the hour is over, so nobody can fill the audit. Strangers are counted in memory by address and leave no row.
"""

import hashlib
import hmac
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from typing import TypeGuard
from uuid import UUID

from litestar.types import HTTPScope
from sqlalchemy import text

from core import audit, live, metrics
from core.actor import Actor, Role
from core.clock import Clock
from core.crypto import derive
from core.database.session import Unit, WriteSession, open_unit
from core.errors import NotYet, Problem
from core.logs import Log
from core.services import Services

log = Log("refusals")

WINDOW = timedelta(hours=1)
AUDITED = 20
"""Refusals of one account that are audited one by one in a window."""
ALERT_TARGETS = 10
"""An alert is raised when one account is refused so many different things in a window."""
ALERT_REFUSED = 30
"""An alert is raised at so many refusals of one account in a window, however alike they are."""
ALERT_STRANGER = 20
"""An alert is raised at so many made-up cookies and cross-site requests of one address in a window."""
_MOST_STRANGERS = 10_000

_COUNT = text("""
INSERT INTO refusal_window AS w (clinic_id, account_id, began_at, refused, targets)
VALUES (:clinic, :account, :began, 1, ARRAY[:target]::bigint[])
ON CONFLICT (clinic_id, account_id, began_at) DO UPDATE SET
    refused = w.refused + 1,
    targets = CASE WHEN :target = ANY (w.targets) OR cardinality(w.targets) >= :most THEN w.targets
                   ELSE w.targets || CAST(:target AS bigint) END
RETURNING refused, cardinality(targets) AS targets, alerted_at
""")
_ALERTED = text(
    "UPDATE refusal_window SET alerted_at = :at "
    "WHERE clinic_id = :clinic AND account_id = :account AND began_at = :began"
)
_OVER = text(
    "SELECT clinic_id, account_id, began_at FROM refusal_window WHERE began_at <= :before LIMIT 1000"
)
_CLOSE = text(
    "DELETE FROM refusal_window WHERE clinic_id = :clinic AND account_id = :account AND began_at = :began "
    "RETURNING refused"
)


def is_refusal(problem: Problem | None) -> TypeGuard[Problem]:
    """Whether this error kept somebody from what is not theirs: a role, another's thing, or a thing that does not
    exist for them."""
    if problem is None or isinstance(problem, NotYet):
        return False
    return problem.code in ("not_permitted", "not_found") or problem.code.startswith("not_your_")


async def record(unit: Unit, actor: Actor, scope: HTTPScope, problem: Problem) -> None:
    """Count one refusal of a signed-in account, in a transaction of its own on the unit's connection: what the request
    did before is undone."""
    await unit.rollback()
    own = Unit(unit.services, unit.session, actor, unit.request_id)
    await own.enter_clinic(actor.clinic_id)
    write = own.write
    began = window_of(write.now())
    key = {"clinic": actor.clinic_id, "account": actor.own_account, "began": began}
    target = _fingerprint(scope)
    row = (await write.execute(_COUNT, {**key, "target": target, "most": ALERT_TARGETS})).one()
    if row.refused <= AUDITED:
        await _audit(write, scope, problem)
    if row.alerted_at is None and (row.targets >= ALERT_TARGETS or row.refused >= ALERT_REFUSED):
        await write.execute(_ALERTED, {**key, "at": write.now()})
        await _alert(write, row.refused)
    await own.commit()


async def _audit(write: WriteSession, scope: HTTPScope, problem: Problem) -> None:
    entity: tuple[str, UUID] | None = None
    for name, value in scope["path_params"].items():
        if isinstance(value, UUID):
            entity = (name.removesuffix("_id"), value)
    detail = {"route": f"{scope['method']} {scope['path_template']}", "code": problem.code}
    await audit.log(write, "access.refused", entity=entity, detail=detail)


async def _alert(write: WriteSession, refused: int) -> None:
    """Alert the administrators' audit page, the log and the figures."""
    await audit.log(write, "access.probing", detail={"refused": refused})
    live.publish(write, "alert.raised", [live.role(Role.ADMIN)], account_id=str(write.actor.account_id))
    metrics.alerts.labels("account").inc()
    log.warning(
        "probing",
        clinic_id=write.clinic_id,
        account_id=write.actor.account_id,
        session_id=write.actor.session_id,
        count=refused,
    )


def window_of(at: datetime) -> datetime:
    """The start of the window that this instant is in."""
    seconds = int(WINDOW.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, UTC)


def _fingerprint(scope: HTTPScope) -> int:
    """64 bits that tell one target from another."""
    whole = f"{scope['method']} {scope['path']}".encode()
    return int.from_bytes(hashlib.blake2b(whole, digest_size=8).digest(), signed=True)


async def sum_up(services: Services) -> None:
    """Audit the refusals beyond the limit of past windows, as one row for each account, and delete the windows."""
    before = window_of(services.clock.now()) - WINDOW
    async with services.system.connect() as connection:
        over = (await connection.execute(_OVER, {"before": before})).all()
    for row in over:
        actor = Actor(row.clinic_id, frozenset(), account_id=row.account_id)
        async with open_unit(services, actor) as unit:
            key = {"clinic": row.clinic_id, "account": row.account_id, "began": row.began_at}
            refused = await unit.write.scalar(_CLOSE, key)
            if refused is not None and refused > AUDITED:
                detail = {"refused": refused - AUDITED, "since": row.began_at.isoformat()}
                await audit.log(unit.write, "access.summed", detail=detail)


class Strangers:
    """Counts, by address, requests that no browser of ours sends."""

    def __init__(self, clock: Clock, secret: bytes) -> None:
        self._clock = clock
        self._key = derive(secret, "carethread/source")
        self._window = window_of(clock.now())
        self._counts: OrderedDict[str, int] = OrderedDict()

    def count(self, network: str) -> None:
        """Count one. The one that reaches the limit is logged as an alert."""
        window = window_of(self._clock.now())
        if window != self._window:
            self._window = window
            self._counts.clear()
        count = self._counts.pop(network, 0) + 1
        self._counts[network] = count
        if len(self._counts) > _MOST_STRANGERS:
            self._counts.popitem(last=False)
        if count == ALERT_STRANGER:
            source = hmac.digest(self._key, network.encode(), "sha256").hex()[:16]
            metrics.alerts.labels("stranger").inc()
            log.warning("probing", source=source, count=count)
