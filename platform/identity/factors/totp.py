"""Time-based one-time passwords (RFC 6238) and the codes that stand in for a lost phone."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import pyotp
import segno

from identity.sessions.tokens import same

STEP_SECONDS = 30
RECOVERY_CODES = 10
# Letters and digits that nobody mistakes for one another when reading from paper.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def new_secret() -> str:
    """160 bits in base32, as authenticator apps take them."""
    return pyotp.random_base32()


def accepted_step(secret: str, code: str, *, after: int, at: datetime) -> int | None:
    """The time step that `code` belongs to, or None when it is wrong or not later than `after`.

    One step of 30 s on either side is allowed for clocks that differ. The caller keeps the step: a code is
    good once (RFC 6238, 5.2), and so are the codes before it.
    """
    totp = pyotp.TOTP(secret)
    now = int(at.timestamp()) // STEP_SECONDS
    for step in (now - 1, now, now + 1):
        if step > after and same(totp.generate_otp(step).encode(), code.encode()):
            return step
    return None


def unused_code(secret: str, *, after: int, at: datetime) -> tuple[str, int]:
    """The earliest code later than the step `after`, and in how many seconds it will be accepted; 0 is now."""
    now = int(at.timestamp()) // STEP_SECONDS
    step = max(now, after + 1)
    wait = (step - 1) * STEP_SECONDS - int(at.timestamp())
    return pyotp.TOTP(secret).generate_otp(step), max(0, wait)


def provisioning_uri(secret: str, *, account: str, issuer: str) -> str:
    """The otpauth:// address that an authenticator app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


@dataclass(frozen=True)
class Qr:
    """A QR code to draw: the data of an SVG path in a square of `size` by `size`, its margin included."""

    size: int
    path: str


def qr(uri: str) -> Qr:
    """The QR code of an address, each run of dark modules as one rectangle."""
    rows = [list(row) for row in segno.make(uri, error="m").matrix_iter(border=2)]
    runs: list[str] = []
    for y, row in enumerate(rows):
        x = 0
        for dark, group in groupby(row):
            width = len(list(group))
            if dark:
                runs.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return Qr(len(rows), "".join(runs))


def new_recovery_code() -> str:
    """`xxxxx-xxxxx`: about 49 random bits."""
    letters = [secrets.choice(_ALPHABET) for _ in range(10)]
    return "".join(letters[:5]) + "-" + "".join(letters[5:])


def plain_recovery_code(typed: str) -> str:
    """A recovery code as typed, without the case and the dashes that do not matter."""
    kept = [letter for letter in typed.lower() if letter in _ALPHABET]
    return "".join(kept)
