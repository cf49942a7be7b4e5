"""Answers that sign a browser in."""

from typing import TypeVar

from litestar import Response

from core.db import WriteSession
from identity.cookies import session_cookie
from identity.sessions import NewSession

T = TypeVar("T")


def signed_in(write: WriteSession, begun: NewSession, body: T, status: int = 200) -> Response[T]:
    """This answer, with the cookie of the session that has just begun."""
    cookie = session_cookie(
        write.services.settings, begun.token, expires_at=begun.row.expires_at, now=write.now()
    )
    return Response(body, status_code=status, cookies=[cookie])
