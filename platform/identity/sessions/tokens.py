"""Bearer secrets: made here, shown once, and kept only as a digest."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from uuid import UUID

from core.crypto import derive

TOKEN_BYTES = 32
_MARK_BYTES = 12
_LENGTH = 43


def new_token() -> str:
    """43 URL-safe characters that carry 256 random bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def session_key(secret: bytes) -> bytes:
    """The key of the marks on session tokens."""
    return derive(secret, "carethread/session-token")


def session_token(key: bytes) -> str:
    """43 URL-safe characters: 160 random bits and our mark, by which a made-up one is known without a query."""
    plain = secrets.token_bytes(TOKEN_BYTES - _MARK_BYTES)
    return _spelled(plain + _mark(key, plain))


def is_marked(token: str, keys: Iterable[bytes]) -> bool:
    """Whether a session token carries the mark of one of these keys, and is spelled as we spelled it.

    Two bits of the last character stand for nothing (RFC 4648, 3.5): three other spellings decode to the same bytes.
    """
    try:
        found = base64.b64decode(token + "=", altchars=b"-_", validate=True)
    except ValueError:
        return False
    plain, mark = found[:-_MARK_BYTES], found[-_MARK_BYTES:]
    return (
        len(found) == TOKEN_BYTES
        and _spelled(found) == token
        and any(same(mark, _mark(key, plain)) for key in keys)
    )


def may_be_unmarked(token: str) -> bool:
    """Whether this looks like a session token of a release before marks."""
    return len(token) == _LENGTH


def _spelled(token: bytes) -> str:
    return base64.urlsafe_b64encode(token).decode().rstrip("=")


def _mark(key: bytes, plain: bytes) -> bytes:
    return hmac.digest(key, plain, "sha256")[:_MARK_BYTES]


def digest(token: str) -> bytes:
    """SHA-256 of a token of ours. No salt or key is needed: nobody can guess 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


def keyed_digest(key: bytes, context: str, secret: str) -> bytes:
    """HMAC-SHA-256 of a short secret, so that a reader of the database alone cannot guess it."""
    return hmac.new(key, f"{context}\0{secret}".encode(), hashlib.sha256).digest()


def same(left: bytes, right: bytes) -> bool:
    """Equality in constant time."""
    return hmac.compare_digest(left, right)


def code_context(code_id: UUID) -> str:
    """Ties a six-digit code's digest to its own row, so that equal codes do not look equal."""
    return f"one-time-code:{code_id}"


def former_context(account_id: UUID) -> str:
    """Ties a sealed contact to the account that had it."""
    return f"account:{account_id}:former"


def invite_context(invite_id: UUID) -> str:
    """Ties a sealed invitation to its row."""
    return f"invite:{invite_id}"


def reset_context(asked_id: UUID) -> str:
    """Ties a sealed address to the request for a reset that named it."""
    return f"reset-asked:{asked_id}"
