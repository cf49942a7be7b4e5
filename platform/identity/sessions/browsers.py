"""What a request says of the browser behind it."""

from litestar.types import Scope

from core.config import Settings
from core.edge.exchange import header
from core.guard.addresses import client_address
from identity.sessions.cookies import cookies_of, device_token_in, token_in
from identity.sessions.service import Browser


def browser_of(scope: Scope, settings: Settings) -> Browser:
    """The browser that asks: for its new session's name in the list, and for counting tries by address."""
    cookies = cookies_of(scope)
    return Browser(
        user_agent=header(scope, b"user-agent")[:500],
        address=client_address(scope, settings.trusted_proxies),
        token=token_in(settings, cookies),
        device_token=device_token_in(settings, cookies),
    )
