"""Cookies, readable by nobody but us, sent by our own pages only: one signs in, one says 'this device is known', and to
one the link of a guest is bound."""

from datetime import datetime, timedelta
from typing import Literal

from litestar.datastructures import Cookie
from litestar.types import Scope

from core.config import Settings
from identity.domain import IN_CALL_AT_MOST

_MAX_LENGTH = 100

GUEST_COOKIE_LIFETIME = timedelta(days=2)
"""Longer than any link of a guest."""


def cookie_name(settings: Settings) -> str:
    """With the `__Host-` prefix where browsers honour it (RFC 6265bis, 4.1.3.2): https, no Domain, Path=/."""
    return "__Host-carethread" if settings.secure else "carethread"


def device_cookie_name(settings: Settings) -> str:
    """The cookie of a device that a patient has signed in on before. By itself it opens nothing."""
    return f"{cookie_name(settings)}-device"


def device_cookie(settings: Settings, token: str, *, expires_at: datetime, now: datetime) -> Cookie:
    """The cookie by which this device is recognised until `expires_at`; it outlives signing out."""
    return _cookie(
        settings, token, int((expires_at - now).total_seconds()), name=device_cookie_name(settings)
    )


def guest_cookie_name(settings: Settings) -> str:
    """The cookie to which the link of a guest is bound. By itself it opens nothing, and no page can read it."""
    return f"{cookie_name(settings)}-guest"


def guest_cookie(settings: Settings, secret: str) -> Cookie:
    """The cookie by which this browser may come in again by the link of a guest that it came in by before."""
    return _cookie(
        settings, secret, int(GUEST_COOKIE_LIFETIME.total_seconds()), name=guest_cookie_name(settings)
    )


def guest_secret_in(settings: Settings, cookie_header: str) -> str | None:
    """The secret of a guest's browser, with the same caution as `token_in`."""
    return _value(guest_cookie_name(settings), cookie_header)


def session_cookie(settings: Settings, token: str, *, expires_at: datetime, now: datetime) -> Cookie:
    """The cookie that signs a browser in until `expires_at`, and during a call beyond it: the server decides."""
    return _cookie(settings, token, max_age=int((expires_at + IN_CALL_AT_MOST - now).total_seconds()))


def no_session_cookie(settings: Settings) -> Cookie:
    """The cookie that makes a browser forget its session."""
    return _cookie(settings, "", max_age=0)


def _cookie(settings: Settings, value: str, max_age: int, name: str | None = None) -> Cookie:
    same_site: Literal["lax"] = "lax"
    return Cookie(
        key=name or cookie_name(settings),
        value=value,
        path="/",
        max_age=max_age,
        httponly=True,
        secure=settings.secure,
        samesite=same_site,
    )


def cookies_of(scope: Scope) -> str:
    """All Cookie headers in one: HTTP/2 may split them (RFC 9113, 8.2.3)."""
    return "; ".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")


def token_in(settings: Settings, cookie_header: str) -> str | None:
    """The session token of a Cookie header. A second cookie of our name is an attack, so then there is none."""
    return _value(cookie_name(settings), cookie_header)


def device_token_in(settings: Settings, cookie_header: str) -> str | None:
    """The token of a device that is known, with the same caution."""
    return _value(device_cookie_name(settings), cookie_header)


def _value(name: str, cookie_header: str) -> str | None:
    pairs = (part.strip().partition("=") for part in cookie_header.split(";"))
    values = [value for key, _, value in pairs if key == name]
    if len(values) != 1 or not 0 < len(values[0]) <= _MAX_LENGTH or not values[0].isascii():
        return None
    return values[0]
