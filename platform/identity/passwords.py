"""Staff passwords: long, not guessable, kept as Argon2id.

Rules after NIST SP 800-63B, 3.1.1: a minimum length, no composition rules, no forced changes, and a check
against what people commonly choose and against words of the context (their own name and address).
"""

from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

MIN_LENGTH = 12
MAX_LENGTH = 128
# zxcvbn: 3 is "safely unguessable" (10^8 to 10^10 guesses), which a slow hash multiplies.
_MIN_SCORE = 3
_ZXCVBN_READS = 72

# OWASP's Argon2id parameters: enough against guessing, small enough for many people at once.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Checked when there is nobody to check, so that an unknown name takes as long as a wrong password.
_NOBODY = _hasher.hash("nobody has this password")


def weakness(password: str, about: Iterable[str] = ()) -> str | None:
    """The code of what is wrong with a new password, or None. `about` are words that must not carry it."""
    if len(password) < MIN_LENGTH:
        return "password_too_short"
    if len(password) > MAX_LENGTH:
        return "password_too_long"
    result = zxcvbn(password[:_ZXCVBN_READS], user_inputs=[word.lower() for word in about])
    return "password_too_common" if result["score"] < _MIN_SCORE else None


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether this is the password. With nothing stored it works as long, and says no."""
    try:
        return _hasher.verify(stored or _NOBODY, password[: MAX_LENGTH + 1]) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)
