"""Bearer secrets: made here, shown once, and kept only as a digest."""

import hashlib
import hmac
import secrets
from uuid import UUID

TOKEN_BYTES = 32


def new_token() -> str:
    """43 URL-safe characters that carry 256 random bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> bytes:
    """SHA-256 of a token of ours. Plain is enough: nobody can guess 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


def keyed_digest(key: bytes, context: str, secret: str) -> bytes:
    """HMAC-SHA-256 of a secret short enough to be guessed, worth nothing to a reader of the database alone."""
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
