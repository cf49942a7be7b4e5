"""What of SDP and ICE may pass through us: sizes, a fingerprint, and no address that points inwards.

Descriptions are passed on as they are; nothing here parses more than it must. Limits come before parsing.
"""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final, Literal

from signaling.limits import MAX_CANDIDATES, MAX_SDP_BYTES

SdpCode = Literal[
    "sdp_invalid",
    "sdp_too_large",
    "sdp_without_fingerprint",
    "too_many_candidates",
    "candidate_invalid",
    "candidate_forbidden",
]

# Cloud metadata services: no browser has one of these as its own address, and a peer that connects to one on
# somebody's word could be made to speak to it (AWS, GCP and others; AWS containers; Azure; Oracle; Alibaba).
METADATA_ADDRESSES: Final = frozenset(
    ip_address(address)
    for address in (
        "169.254.169.254",
        "169.254.170.2",
        "fd00:ec2::254",
        "168.63.129.16",
        "192.0.0.192",
        "100.100.100.200",
    )
)
_NAT64: Final = ip_network("64:ff9b::/96")


class SdpRefused(Exception):
    """Not passed on; `code` says why and holds nothing of what was sent."""

    def __init__(self, code: SdpCode) -> None:
        super().__init__(code)
        self.code: SdpCode = code


def check_description(sdp: str, *, allow_loopback: bool = False) -> int:
    """Let an SDP offer or answer pass; the number of candidates in it. Raises SdpRefused.

    RFC 8866 for the lines, RFC 8122 for the fingerprint (without one DTLS could be anybody's), RFC 8839 for
    the candidates.
    """
    if len(sdp) > MAX_SDP_BYTES or len(sdp.encode("utf-8", "surrogatepass")) > MAX_SDP_BYTES:
        raise SdpRefused("sdp_too_large")
    lines = sdp.splitlines()
    if not lines or lines[0] != "v=0" or not any(line.startswith("m=") for line in lines):
        raise SdpRefused("sdp_invalid")
    if not any(_is_fingerprint(line) for line in lines):
        raise SdpRefused("sdp_without_fingerprint")
    candidates = [line.removeprefix("a=") for line in lines if line.startswith("a=candidate:")]
    if len(candidates) > MAX_CANDIDATES:
        raise SdpRefused("too_many_candidates")
    for candidate in candidates:
        check_candidate(candidate, allow_loopback=allow_loopback)
    return len(candidates)


def check_candidate(candidate: str, *, allow_loopback: bool = False) -> None:
    """Let one candidate pass: `candidate:<foundation> <component> <transport> <priority> <address> <port> typ
    <type> ...` (RFC 8839, 5.1), or an empty one, which ends the list. Raises SdpRefused.

    Names are let through only when they are mDNS names, which browsers give instead of their own address.
    """
    if candidate == "":
        return
    parts = candidate.removeprefix("candidate:").split()
    if len(parts) < 8 or parts[6] != "typ" or not parts[5].isdigit():
        raise SdpRefused("candidate_invalid")
    _check_address(parts[4], allow_loopback)


def _is_fingerprint(line: str) -> bool:
    name, _, value = line.partition(":")
    return name == "a=fingerprint" and len(value.split()) == 2


def _check_address(text: str, allow_loopback: bool) -> None:
    if text.lower().endswith(".local"):
        return
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        raise SdpRefused("candidate_invalid") from None
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            address = ip_address(int(address) & 0xFFFF_FFFF)
        else:
            address = address.ipv4_mapped or address.sixtofour or address
    if address.is_loopback and allow_loopback:
        return
    inward = address.is_loopback or address.is_unspecified or address.is_multicast
    if inward or address in METADATA_ADDRESSES:
        raise SdpRefused("candidate_forbidden")
