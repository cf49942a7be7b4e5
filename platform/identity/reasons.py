"""The reason that staff type for an act that others review."""

from typing import Annotated

import msgspec

MAX_LENGTH = 500
Reason = Annotated[str, msgspec.Meta(max_length=MAX_LENGTH)]


def reason_problem(reason: str) -> str | None:
    """What is wrong with a typed reason: a letter or two tell nobody anything."""
    words = reason.strip()
    if len(words) < 5:
        return "required" if not words else "too_short"
    return "too_long" if len(words) > MAX_LENGTH else None
