"""Sealing and signing outlive a change of keys, and nothing else opens or verifies."""

import os

import pytest

from core.config import SettingsError, load_settings
from core.crypto import CannotOpen, Keyring

OLD, NEW, OTHER = (os.urandom(32) for _ in range(3))


def test_what_an_earlier_key_sealed_is_opened_after_the_change() -> None:
    sealed = Keyring(OLD).seal(b"secret", "account:1:totp")

    assert Keyring(NEW, OLD).open(sealed, "account:1:totp") == b"secret"


def test_what_is_sealed_after_the_change_does_not_need_the_earlier_key() -> None:
    sealed = Keyring(NEW, OLD).seal(b"secret", "account:1:totp")

    assert Keyring(NEW).open(sealed, "account:1:totp") == b"secret"
    with pytest.raises(CannotOpen):
        Keyring(OLD).open(sealed, "account:1:totp")


def test_what_an_earlier_key_signed_still_verifies_and_what_others_signed_does_not() -> None:
    after = Keyring(NEW, OLD).signer

    assert after.verify(Keyring(OLD).signer.sign(b"note"), b"note")
    assert not after.verify(Keyring(OLD).signer.sign(b"note"), b"another note")
    assert not after.verify(Keyring(OTHER).signer.sign(b"note"), b"note")
    assert not Keyring(OLD).signer.verify(after.sign(b"note"), b"note")


@pytest.mark.parametrize("moved", ["account:2:totp", ""])
def test_what_was_sealed_for_one_place_does_not_open_in_another(moved: str) -> None:
    with pytest.raises(CannotOpen):
        Keyring(NEW).open(Keyring(NEW).seal(b"secret", "account:1:totp"), moved)


def test_every_flipped_byte_is_noticed() -> None:
    keyring = Keyring(NEW)
    sealed = keyring.seal(b"secret", "here")
    for place in range(len(sealed)):
        broken = bytearray(sealed)
        broken[place] ^= 1
        with pytest.raises(CannotOpen):
            keyring.open(bytes(broken), "here")


def test_an_earlier_key_that_cannot_be_used_is_said_by_name() -> None:
    key = "A" * 43 + "="
    environment = dict.fromkeys(
        (
            "CARETHREAD_SECRET_KEY",
            "CARETHREAD_TICKET_KEY",
            "CARETHREAD_AUDIT_KEY",
            "CARETHREAD_PHARMACY_SECRET",
        ),
        key,
    )
    urls = ("DATABASE_URL", "REDIS_URL", "CARETHREAD_OWNER_DATABASE_URL", "CARETHREAD_SYSTEM_DATABASE_URL")
    environment |= dict.fromkeys(urls, "x://")
    settings = load_settings({**environment, "CARETHREAD_PREVIOUS_SECRET_KEYS": f"{key}, nonsense"})

    with pytest.raises(SettingsError, match="CARETHREAD_PREVIOUS_SECRET_KEYS must be base64"):
        _ = settings.earlier_secret_keys
