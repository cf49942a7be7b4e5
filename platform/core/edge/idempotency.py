"""Idempotency keys: the same key gives the same answer, in the same transaction as what it did.

The key's row is inserted first. A second request with the key waits on that row until the first is committed
or rolled back, then replays its answer or runs itself.
"""

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote

from litestar.types import HTTPScope
from sqlalchemy import text

from core import json
from core.actor import Actor
from core.database.session import Unit
from core.errors import Problem

if TYPE_CHECKING:
    from core.edge.held_answer import HeldAnswer

_HEADER = b"idempotency-key"
_MAX_KEY = 200

_CLAIM = text(
    "INSERT INTO idempotency_key (clinic_id, account_id, key, digest, created_at) "
    "VALUES (:clinic, :account, :key, :digest, :at) ON CONFLICT DO NOTHING RETURNING key"
)
_FIND = text(
    "SELECT digest, status, headers, sealed_body FROM idempotency_key "
    "WHERE clinic_id = :clinic AND account_id = :account AND key = :key"
)
_KEEP = text(
    "UPDATE idempotency_key SET status = :status, headers = cast(:headers AS jsonb), sealed_body = :body "
    "WHERE clinic_id = :clinic AND account_id = :account AND key = :key"
)


async def begin(unit: Unit, scope: HTTPScope, body: bytes, answer: "HeldAnswer") -> None:
    """Claim the request's key, or fill ``answer`` with the one given before.

    Raises Problem 422 ``idempotency_key_reused`` if the path, query or body differs from the first one's, 400 if the
    key is unusable. Without the header nothing happens.
    """
    values = [value for name, value in scope["headers"] if name == _HEADER]
    if not values:
        return
    key = values[0].decode("latin-1")
    if not 8 <= len(key) <= _MAX_KEY or not key.isascii() or not key.isprintable():
        raise Problem(400, "idempotency_key_malformed")
    if unit.actor is None or unit.actor.account_id is None:
        return
    digest = _digest(scope, body, unit.actor)
    identity: dict[str, object] = {"clinic": unit.clinic_id, "account": unit.actor.account_id, "key": key}
    claimed = await unit.session.scalar(
        _CLAIM, {**identity, "digest": digest, "at": unit.services.clock.now()}
    )
    if claimed is None:
        row = (await unit.session.execute(_FIND, identity)).one()
        if row.digest != digest:
            raise Problem(422, "idempotency_key_reused")
        headers = [(name.encode(), value.encode()) for name, value in row.headers]
        answer.replace(row.status, headers, unit.services.keyring.open(row.sealed_body, _place_of(identity)))
    else:
        unit.idempotency = identity


async def keep(unit: Unit, answer: "HeldAnswer") -> None:
    """Keep the answer with the key, sealed, in the transaction that did the work."""
    if unit.idempotency is None:
        return
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers]
    kept = [each for each in headers if each[0].lower() != "set-cookie"]
    sealed = unit.services.keyring.seal(answer.body, _place_of(unit.idempotency))
    await unit.session.execute(
        _KEEP,
        {**unit.idempotency, "status": answer.status, "headers": json.encode_text(kept), "body": sealed},
    )


def _digest(scope: HTTPScope, body: bytes, actor: Actor) -> bytes:
    """What was asked for, and for which patient by who is another person. The body stands last, because it is the only
    part that may hold a line break."""
    target = quote(scope["path"]).encode()
    if scope["query_string"]:
        target += b"?" + scope["query_string"]
    if actor.is_proxy:
        target += f" {actor.patient_id}".encode()
    return hashlib.sha256(b"\n".join((scope["method"].encode(), target, body))).digest()


def _place_of(identity: Mapping[str, object]) -> str:
    """Where an answer belongs: moved to another person's key, it does not open."""
    return f"idempotency:{identity['clinic']}:{identity['account']}:{identity['key']}"
