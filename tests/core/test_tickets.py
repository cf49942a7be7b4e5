"""Join tickets let in exactly what we signed, for a minute (case 37, and the tickets of case 30)."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OctKey, RSAKey

from core.tickets import AUDIENCE, TYPE, JoinTicket, TicketRefused, mint, verify

KEY = bytes(range(32))
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ISSUED = int(NOW.timestamp())
TICKET = JoinTicket(
    jti="t-1",
    visit_id="v-1",
    clinic_id="c-1",
    attempt_id="a-1",
    participant_id="p-1",
    role="patient",
    display="JD",
    iat=ISSUED,
    exp=ISSUED + 60,
)
CLAIMS: dict[str, Any] = {**msgspec.structs.asdict(TICKET), "aud": AUDIENCE}
HEADER = {"alg": "HS256", "typ": TYPE}


def signed(header: dict[str, Any], claims: dict[str, Any], key: bytes = KEY) -> str:
    """A token with a good signature and whatever else the attacker wants."""
    head, body = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims)
    )
    algorithm = jws.JWSRegistry.algorithms["HS256"]
    signature = algorithm.sign(head + b"." + body, OctKey.import_key(key))
    return b".".join((head, body, base64.urlsafe_b64encode(signature).rstrip(b"="))).decode()


def refusal(token: str, now: datetime = NOW) -> str:
    with pytest.raises(TicketRefused) as refused:
        verify(KEY, token, now)
    return refused.value.code


def test_the_ticket_that_went_in_comes_out() -> None:
    assert verify(KEY, mint(KEY, TICKET), NOW) == TICKET
    assert verify(KEY, signed(HEADER, CLAIMS), NOW) == TICKET


def test_a_token_without_a_signature_lets_nobody_in() -> None:
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": TYPE}).encode()).rstrip(b"=").decode()
    body = mint(KEY, TICKET).split(".")[1]
    assert refusal(f"{head}.{body}.") == "ticket_invalid"
    assert refusal(mint(KEY, TICKET).rsplit(".", 1)[0] + ".") == "ticket_invalid"


@pytest.mark.parametrize("algorithm", ["HS384", "HS512", "none", "RS256", "ES256", "EdDSA", ""])
def test_another_algorithm_in_the_header_is_refused_even_with_our_key(algorithm: str) -> None:
    assert refusal(signed({**HEADER, "alg": algorithm}, CLAIMS)) == "ticket_invalid"


def test_a_token_signed_by_a_stranger_with_his_own_algorithm_is_refused() -> None:
    stranger = RSAKey.generate_key(2048)
    token = jws.serialize_compact(
        {"alg": "RS256", "typ": TYPE}, json.dumps(CLAIMS).encode(), stranger, ["RS256"]
    )
    assert refusal(token) == "ticket_invalid"


@pytest.mark.parametrize(
    "injected",
    [
        {"jwk": {"kty": "oct", "k": "AAAA"}},
        {"jku": "https://attacker.example/keys"},
        {"x5u": "https://attacker.example/cert"},
        {"kid": "../../dev/null"},
        {"crit": ["b64"], "b64": False},
        {"zip": "DEF"},
    ],
)
def test_keys_brought_along_in_the_header_are_refused(injected: dict[str, Any]) -> None:
    assert refusal(signed({**HEADER, **injected}, CLAIMS)) == "ticket_invalid"
    stranger = bytes(reversed(range(32)))
    assert refusal(signed({**HEADER, **injected}, CLAIMS, stranger)) == "ticket_invalid"


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "carethread-api"},
        {"aud": [AUDIENCE]},
        {"aud": None},
        {"role": "admin"},
        {"jti": ""},
        {"visit_id": 7},
        {"visit_id": "v" * 65},
        {"display": "Jane Q. Publicperson"},
        {"exp": "tomorrow"},
        {"exp": ISSUED + 61},
        {"exp": ISSUED, "iat": ISSUED},
        {"surprise": True},
    ],
)
def test_wrong_claims_are_refused_even_with_our_signature(changed: dict[str, Any]) -> None:
    assert refusal(signed(HEADER, {**CLAIMS, **changed})) == "ticket_invalid"


@pytest.mark.parametrize("typ", ["JWT", "at+jwt", None, 1])
def test_another_kind_of_our_own_tokens_is_not_a_ticket(typ: object) -> None:
    assert refusal(signed({"alg": "HS256", "typ": typ}, CLAIMS)) == "ticket_invalid"
    assert refusal(signed({"alg": "HS256"}, CLAIMS)) == "ticket_invalid"


def test_a_ticket_is_good_for_a_minute_and_no_longer() -> None:
    token = mint(KEY, TICKET)
    assert verify(KEY, token, NOW + timedelta(seconds=59.9)) == TICKET
    assert refusal(token, NOW + timedelta(seconds=60)) == "ticket_expired"
    assert verify(KEY, token, NOW - timedelta(seconds=5)) == TICKET, (
        "five seconds of skew between our machines"
    )
    assert refusal(token, NOW - timedelta(seconds=6)) == "ticket_not_yet_valid"


@pytest.mark.parametrize("minutes", [-10, 10])
def test_clocks_ten_minutes_apart_fail_closed(minutes: int) -> None:
    assert refusal(mint(KEY, TICKET), NOW + timedelta(minutes=minutes)).startswith("ticket_")


def test_a_ticket_for_longer_than_a_minute_or_a_short_key_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="60 seconds"):
        mint(KEY, msgspec.structs.replace(TICKET, exp=ISSUED + 61))
    with pytest.raises(ValueError, match="32 bytes"):
        mint(KEY[:31], TICKET)


@given(
    st.text(max_size=300) | st.from_regex(r"[A-Za-z0-9_-]{0,80}\.[A-Za-z0-9_-]{0,80}\.[A-Za-z0-9_-]{0,80}")
)
def test_anything_else_is_refused_and_nothing_worse(token: str) -> None:
    assert refusal(token) == "ticket_invalid"


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_one_changed_byte_is_a_refusal(where: int, by: int) -> None:
    token = bytearray(mint(KEY, TICKET).encode())
    # The last character of the signature holds two bits that base64 does not use.
    where %= len(token) - 1
    token[where] ^= by
    assert refusal(token.decode("latin-1")) == "ticket_invalid"
