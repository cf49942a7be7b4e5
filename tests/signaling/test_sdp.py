"""Which addresses a candidate may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.sdp import SdpRefused, check_candidate, check_description


def host(address: str, tail: str = "") -> str:
    return f"candidate:842163049 1 udp 1677729535 {address} 46154 typ srflx raddr 0.0.0.0 rport 0{tail}"


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.7",
        "192.168.1.4",
        "203.0.113.9",
        "169.254.7.7",
        "fd12::1",
        "2001:db8::1",
        "fe80::1%eth0",
        "0b7cf4e2-5a5c-4c9d-9a53-b6ac2f6b7c6d.local",
    ],
)
def test_addresses_that_browsers_really_have_pass(address: str) -> None:
    check_candidate(host(address, " generation 0 ufrag abcd network-cost 999"))


INWARD = ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "0.0.0.0", "::"]  # noqa: S104  never bound


@pytest.mark.parametrize("address", INWARD)
def test_addresses_of_the_machine_itself_do_not(address: str) -> None:
    with pytest.raises(SdpRefused, match="candidate_forbidden"):
        check_candidate(host(address))


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::",
        "fd00:ec2::254",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "224.0.0.1",
        "ff02::1",
    ],
)
def test_metadata_services_do_not_in_any_spelling(address: str) -> None:
    for allow_loopback in (False, True):
        with pytest.raises(SdpRefused, match="candidate_forbidden"):
            check_candidate(host(address), allow_loopback=allow_loopback)


@pytest.mark.parametrize(
    "address", ["localhost", "metadata.google.internal", "0177.0.0.1", "2130706433", "1.2.3"]
)
def test_names_and_odd_spellings_do_not(address: str) -> None:
    with pytest.raises(SdpRefused, match="candidate_invalid"):
        check_candidate(host(address))


def test_loopback_passes_where_the_demo_and_the_tests_need_it() -> None:
    check_candidate(host("127.0.0.1"), allow_loopback=True)
    check_candidate(host("::1"), allow_loopback=True)


def test_an_empty_candidate_ends_the_list() -> None:
    check_candidate("")


@given(st.text(max_size=400))
def test_any_other_text_is_refused_or_passes_and_nothing_worse(text: str) -> None:
    for check in (check_candidate, check_description):
        try:
            check(text)
        except SdpRefused as refused:
            assert refused.code
