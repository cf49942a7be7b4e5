"""An offer as the probe takes it: of what a browser wrote, only what was understood, written anew.

The probe answers offers itself, so what stands in one is what our own machine acts upon. Nothing of the text goes
through: a handful of values, each of a known shape, make a new description. Of the candidates, only addresses of the
internet stay, because our machine sends to each of them and must not be made to knock on doors of its own network.
A browser in that network is found all the same, by the checks that it sends to us.
"""

import re
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final

from signaling.sdp import SdpCode, SdpRefused, check_description

# RFC 8839, 5.4: letters, digits, + and /.
_UFRAG: Final = re.compile(r"[A-Za-z0-9+/]{4,256}")
_PASSWORD: Final = re.compile(r"[A-Za-z0-9+/]{22,256}")
_FINGERPRINT: Final = re.compile(r"a=fingerprint:sha-256 ((?:[0-9A-F]{2}:){31}[0-9A-F]{2})", re.IGNORECASE)
_MID: Final = re.compile(r"[A-Za-z0-9-]{1,16}")
_MEDIA: Final = re.compile(r"m=application \d{1,5} UDP/DTLS/SCTP webrtc-datachannel")
_FOUNDATION: Final = re.compile(r"[A-Za-z0-9+/]{1,32}")
_KINDS: Final = frozenset({"host", "srflx", "prflx", "relay"})


class OfferRefused(Exception):
    """`code` says why and holds nothing of what was sent."""

    def __init__(self, code: SdpCode | str) -> None:
        super().__init__(code)
        self.code = code


def taken(sdp: str, *, allow_private: bool = False) -> str:
    """The offer that aiortc is given. Raises OfferRefused.

    `allow_private` keeps candidates of private networks and of this machine, for a demo on one machine and tests.
    """
    try:
        # Loopback addresses are refused from nobody here: they are left out below, as a browser may well have them.
        check_description(sdp, allow_loopback=True)
    except SdpRefused as refused:
        raise OfferRefused(refused.code) from None
    lines = sdp.splitlines()
    if len([line for line in lines if line.startswith("m=")]) != 1:
        raise OfferRefused("sdp_not_data")
    if not any(_MEDIA.fullmatch(line) for line in lines):
        raise OfferRefused("sdp_not_data")
    if _one(lines, "setup") not in ("actpass", "active"):
        raise OfferRefused("sdp_invalid")
    mid = _shaped(_one(lines, "mid"), _MID)
    made = [
        "v=0",
        "o=- 1 1 IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        f"a=group:BUNDLE {mid}",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        "c=IN IP4 0.0.0.0",
        f"a=mid:{mid}",
        f"a=ice-ufrag:{_shaped(_one(lines, 'ice-ufrag'), _UFRAG)}",
        f"a=ice-pwd:{_shaped(_one(lines, 'ice-pwd'), _PASSWORD)}",
        f"a=fingerprint:sha-256 {_fingerprint(lines)}",
        "a=setup:actpass",
        f"a=sctp-port:{_port(_one(lines, 'sctp-port'))}",
        "a=max-message-size:65536",
    ]
    # Without an end of candidates, so that whoever is not among them is waited for.
    made.extend(_candidates(lines, allow_private))
    return "\r\n".join(made) + "\r\n"


def _fingerprint(lines: list[str]) -> str:
    """The one by SHA-256, which every browser gives; some give others beside it."""
    found = {match[1].upper() for line in lines if (match := _FINGERPRINT.fullmatch(line))}
    if len(found) != 1:
        raise OfferRefused("sdp_invalid")
    return found.pop()


def _one(lines: list[str], name: str) -> str:
    """The value of an attribute that is there once, or the same each time."""
    start = f"a={name}:"
    found = {line.removeprefix(start) for line in lines if line.startswith(start)}
    if len(found) != 1:
        raise OfferRefused("sdp_invalid")
    return found.pop()


def _shaped(value: str, shape: re.Pattern[str]) -> str:
    if not shape.fullmatch(value):
        raise OfferRefused("sdp_invalid")
    return value


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text, re.ASCII) or not 0 < int(text) <= 65535:
        raise OfferRefused("sdp_invalid")
    return int(text)


def _candidates(lines: list[str], allow_private: bool) -> list[str]:
    """Those over UDP at an address that we may send to, written anew."""
    made = []
    for line in lines:
        if not line.startswith("a=candidate:"):
            continue
        foundation, component, transport, priority, address, port, _, kind = line[12:].split()[:8]
        if transport.lower() != "udp" or kind not in _KINDS or component != "1":
            continue
        if not _FOUNDATION.fullmatch(foundation) or not priority.isdecimal() or len(priority) > 10:
            raise OfferRefused("candidate_invalid")
        if _may_send_to(address, allow_private):
            made.append(
                f"a=candidate:{foundation} 1 udp {int(priority)} {ip_address(address)} {_port(port)} typ {kind}"
            )
    return made


# NAT64 (RFC 6052, RFC 8215), what holds an IPv4 address in other ways (RFC 4291, RFC 2765) and former site-local
# addresses (RFC 3879): they may lead to anybody of the network around us.
_INWARD = tuple(map(IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96", "::ffff:0:0:0/96", "fec0::/10")))


def _may_send_to(text: str, allow_private: bool) -> bool:
    """Whether it is an address of the internet. Names that only the browser's own network knows are none."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped or address.sixtofour or address.teredo:
            return False
        if any(address in each for each in _INWARD):
            return False
        if address.scope_id:
            return False
    return allow_private or (address.is_global and not address.is_multicast)
