"""Responses that sign a browser in."""

from typing import TypeVar

from litestar import Response

from core.database.session import WriteSession
from identity.sessions.cookies import device_cookie, session_cookie
from identity.sessions.service import NewSession

T = TypeVar("T")


def signed_in(write: WriteSession, begun: NewSession, body: T, status: int = 200) -> Response[T]:
    """This answer, with the cookie of the session that has just begun, and of the device if it is known from now on."""
    settings, now = write.services.settings, write.now()
    cookies = [session_cookie(settings, begun.token, expires_at=begun.row.expires_at, now=now)]
    if begun.device is not None and begun.device_until is not None:
        cookies.append(device_cookie(settings, begun.device, expires_at=begun.device_until, now=now))
    return Response(body, status_code=status, cookies=cookies)
