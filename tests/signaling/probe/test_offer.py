"""Of an offer, only what was understood reaches aiortc, and our machine sends to no address of its own network."""

import pytest
from aiortc.sdp import SessionDescription
from hypothesis import given
from hypothesis import strategies as st

from signaling.probe.offer import OfferRefused, taken

FINGERPRINT = ":".join(["AB"] * 32)
CHROME = f"""v=0
o=- 4611731400430051336 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
a=extmap-allow-mixed
a=msid-semantic: WMS
m=application 54400 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 203.0.113.9
a=candidate:1 1 udp 2113937151 0b7cf4e2-5a5c-4c9d-9a53-b6ac2f6b7c6d.local 54400 typ host generation 0
a=candidate:2 1 udp 1677729535 9.9.9.9 54400 typ srflx raddr 0.0.0.0 rport 0 generation 0
a=candidate:3 1 tcp 1518280447 192.168.1.4 9 typ host tcptype active generation 0
a=ice-ufrag:4ZcD
a=ice-pwd:2/1muCWoOi3uLifh0NuRHlJa
a=ice-options:trickle
a=fingerprint:sha-256 {FINGERPRINT}
a=setup:actpass
a=mid:0
a=sctp-port:5000
a=max-message-size:262144
""".replace("\n", "\r\n")


def candidate(address: str) -> str:
    line = f"a=candidate:9 1 udp 2113937151 {address} 40000 typ host\r\n"
    return CHROME.replace("a=ice-ufrag", f"{line}a=ice-ufrag")


def addresses(sdp: str) -> list[str]:
    [media] = SessionDescription.parse(sdp).media
    return [each.ip for each in media.ice_candidates]


def test_what_a_browser_offers_is_understood() -> None:
    [media] = SessionDescription.parse(taken(CHROME)).media
    assert media.ice is not None and media.dtls is not None
    assert (media.rtp.muxId, media.sctp_port, media.ice.usernameFragment) == ("0", 5000, "4ZcD")
    assert [each.value for each in media.dtls.fingerprints] == [FINGERPRINT]
    assert [each.ip for each in media.ice_candidates] == ["9.9.9.9"]
    assert not media.ice_candidates_complete, "whoever is not among them is waited for"


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.7", "172.16.0.1", "192.168.1.4", "169.254.7.7", "127.0.0.1", "100.64.0.1", "192.0.2.1",
        "::1", "fd12::1", "fe80::1", "::ffff:10.0.0.1", "2002:a00:1::1", "64:ff9b::a00:1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2", "0064:ff9b::a00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::1",
        "::10.0.0.1", "::ffff:0:10.0.0.1", "fec0::1",
    ],
)  # fmt: skip
def test_our_machine_does_not_knock_on_its_own_networks_doors(address: str) -> None:
    assert addresses(taken(candidate(address))) == ["9.9.9.9"]


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1"])
def test_the_internet_is_reached(address: str) -> None:
    assert addresses(taken(candidate(address))) == ["9.9.9.9", address]


def test_a_demo_on_one_machine_reaches_itself() -> None:
    sdp = candidate("192.168.1.4")
    assert addresses(taken(sdp, allow_private=True)) == ["9.9.9.9", "192.168.1.4"]


@pytest.mark.parametrize("address", ["169.254.169.254", "::ffff:169.254.169.254", "224.0.0.1", "0.0.0.0"])  # noqa: S104
def test_who_names_a_metadata_service_is_refused(address: str) -> None:
    for allow_private in (False, True):
        with pytest.raises(OfferRefused, match="candidate_forbidden"):
            taken(candidate(address), allow_private=allow_private)


@pytest.mark.parametrize(
    ("sdp", "code"),
    [
        ("", "sdp_invalid"),
        ("v=0\r\n", "sdp_invalid"),
        ("v=0\r\n" + "a" * 33_000, "sdp_too_large"),
        (CHROME.replace("a=fingerprint", "a=print"), "sdp_without_fingerprint"),
        (CHROME.replace("sha-256", "md5"), "sdp_invalid"),
        (CHROME.replace("a=setup:actpass", "a=setup:passive"), "sdp_invalid"),
        (CHROME.replace("a=ice-pwd:2/1muCWoOi3uLifh0NuRHlJa", "a=ice-pwd:short"), "sdp_invalid"),
        (CHROME.replace("a=ice-ufrag:4ZcD", "a=ice-ufrag:4Zc\x00D"), "sdp_invalid"),
        (CHROME.replace("a=ice-ufrag:4ZcD", "a=ice-ufrag:4ZcD\r\na=ice-ufrag:other"), "sdp_invalid"),
        (CHROME.replace("a=sctp-port:5000", "a=sctp-port:70000"), "sdp_invalid"),
        (CHROME.replace("a=mid:0", "a=mid:" + "x" * 40), "sdp_invalid"),
        (CHROME + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n", "sdp_not_data"),
        (CHROME.replace("m=application 54400", "m=video 54400"), "sdp_not_data"),
        (CHROME.replace("a=candidate:2 1 udp", "a=candidate:<2> 1 udp"), "candidate_invalid"),
        (CHROME + "a=candidate:1 1 udp 1 9.9.9.9 1 typ host\r\n" * 60, "too_many_candidates"),
    ],
    ids=lambda value: repr(value)[:20],
)  # fmt: skip
def test_what_is_no_such_offer_is_refused_with_a_code(sdp: str, code: str) -> None:
    with pytest.raises(OfferRefused) as refused:
        taken(sdp)
    assert refused.value.code == code


@given(st.text(max_size=2000))
def test_any_text_is_taken_or_refused(text: str) -> None:
    for sdp in (text, "v=0\r\nm=" + text, CHROME + text):
        try:
            made = taken(sdp)
        except OfferRefused:
            continue
        SessionDescription.parse(made)


@given(st.integers(0, CHROME.count("\r\n") - 1), st.text(max_size=60))
def test_whatever_stands_in_one_line_no_line_of_theirs_goes_through(number: int, line: str) -> None:
    lines = CHROME.split("\r\n")
    lines[number] = line
    try:
        made = taken("\r\n".join(lines))
    except OfferRefused:
        return
    known = ("v=", "o=- 1 1 ", "s=-", "t=0 0", "m=application 9 ", "c=IN IP4 0.0.0.0", "a=")
    for each in made.split("\r\n")[:-1]:
        assert each.isascii() and each.startswith(known)
    SessionDescription.parse(made)
