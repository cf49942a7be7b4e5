"""WebAuthn's two ceremonies (W3C Web Authentication, 7.1 and 7.2), with everything that we fix about them.

User verification is always required: having the device and unlocking it are the two factors.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.options_to_json_dict import options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from core.config import Settings

Json = Mapping[str, Any]


# What the library raises for what is not as it should be: its own errors, and for keys that lack a part Python's.
_WRONG = (WebAuthnException, ValueError, LookupError, TypeError, AttributeError)


class Refused(Exception):
    """The browser's answer does not prove what it should."""


@dataclass(frozen=True)
class Registered:
    """A new passkey as its ceremony gave it."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]


def relying_party(settings: Settings) -> str:
    """The host name that passkeys are tied to; empty where there is none, for an IP address cannot be one."""
    host = urlsplit(settings.public_url).hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return host
    return ""


def registration_options(
    settings: Settings,
    *,
    account_id: UUID,
    name: str,
    display_name: str,
    clinic: str,
    existing: Iterable[bytes],
) -> tuple[bytes, dict[str, Any]]:
    """The challenge, and the options for `navigator.credentials.create`."""
    options = webauthn.generate_registration_options(
        rp_id=relying_party(settings),
        rp_name=clinic,
        user_id=account_id.bytes,
        user_name=name,
        user_display_name=display_name,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in existing],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return options.challenge, options_to_json_dict(options)


def verify_registration(settings: Settings, challenge: bytes, answer: Json) -> Registered:
    """Check a new passkey. Raises Refused."""
    try:
        verified = webauthn.verify_registration_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=relying_party(settings),
            expected_origin=sorted(settings.origins),
            require_user_verification=True,
        )
    except _WRONG as error:
        raise Refused from error
    return Registered(
        verified.credential_id, verified.credential_public_key, verified.sign_count, _transports(answer)
    )


def sign_in_options(settings: Settings, known: Iterable[bytes] = ()) -> tuple[bytes, dict[str, Any]]:
    """The challenge, and the options for `navigator.credentials.get`. Without `known` any passkey may answer."""
    options = webauthn.generate_authentication_options(
        rp_id=relying_party(settings),
        allow_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options.challenge, options_to_json_dict(options)


def credential_id(answer: Json) -> bytes:
    """Which passkey answers. Raises Refused."""
    claimed = answer.get("rawId")
    if not isinstance(claimed, str) or len(claimed) > 2000:
        raise Refused
    try:
        return base64url_to_bytes(claimed)
    except ValueError as error:
        raise Refused from error


def verify_sign_in(
    settings: Settings, challenge: bytes, answer: Json, *, public_key: bytes, sign_count: int
) -> int:
    """Check the passkey's signature; its new count. Raises Refused, also when the count went back (a copy)."""
    try:
        verified = webauthn.verify_authentication_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=relying_party(settings),
            expected_origin=sorted(settings.origins),
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except _WRONG as error:
        raise Refused from error
    return verified.new_sign_count


def _transports(answer: Json) -> list[str]:
    response = answer.get("response")
    claimed = response.get("transports") if isinstance(response, Mapping) else None
    known = {transport.value for transport in AuthenticatorTransport}
    return [each for each in claimed if each in known] if isinstance(claimed, list) else []
