"""What a request says of the browser behind it."""

from litestar.types import Scope

from core.config import Settings
from core.edge import header
from identity.cookies import cookies_of, token_in
from identity.sessions import Browser


def browser_of(scope: Scope, settings: Settings) -> Browser:
    """The browser that asks: for its new session's name in the list, and for counting tries by address."""
    return Browser(
        user_agent=header(scope, b"user-agent")[:500],
        address=client_address(scope, settings.trusted_proxies),
        token=token_in(settings, cookies_of(scope)),
    )


def client_address(scope: Scope, trusted_proxies: int) -> str:
    """The address that our outermost proxy saw, or the peer's own where there is no proxy.

    Of X-Forwarded-For only the last entries are ours; whatever stands before them the client made up. A proxy may
    write its entry into the client's line, or as a line of its own: several lines are one list (RFC 9110, 5.3).
    """
    client = scope.get("client")
    peer = client[0] if client else ""
    if trusted_proxies == 0:
        return peer
    lines = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    hops = [hop.strip() for hop in ",".join(lines).split(",") if hop.strip()]
    return hops[-trusted_proxies] if len(hops) >= trusted_proxies else peer
