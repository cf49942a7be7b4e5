"""Resume tokens: who may come back to which seat. Ids of ours and a secret; only its hash is kept."""

import secrets
from typing import NamedTuple


class ResumeToken(NamedTuple):
    """`str(token)` is what the client gets; it never leaves the socket."""

    visit_id: str
    clinic_id: str
    participant_id: str
    secret: str

    def __str__(self) -> str:
        return ".".join(self)


def fresh(visit_id: str, clinic_id: str, participant_id: str) -> ResumeToken:
    """A token with 256 random bits."""
    return ResumeToken(visit_id, clinic_id, participant_id, secrets.token_urlsafe(32))


def parse(text: str) -> ResumeToken | None:
    """None for what cannot be one of ours."""
    parts = text.split(".")
    return ResumeToken(*parts) if len(parts) == 4 and all(parts) else None
