"""Which client a request comes from, as far as we can know."""

from ipaddress import IPv6Address, ip_address, ip_network

from litestar.types import Scope


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


def network_of(address: str) -> str:
    """What one subscriber has: an IPv4 address, or the /64 network of an IPv6 address."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    mapped = found.ipv4_mapped
    return str(mapped or ip_network((found, 64), strict=False).network_address)
