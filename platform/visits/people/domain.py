"""Who is asked into a visit, and the way from the invitation to their going. Knows no database."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

LINK_LIFETIME = timedelta(hours=24)
"""A link that nobody opened is of no use after this time, nor after the visit."""

MAX_NAME = 80

MOST_AT_ONCE = 3
"""Guests who may be let in at once: a call is a mesh of five, with the patient and the clinician."""

MOST_INVITED = 20
"""Invitations of one visit, whatever became of them."""


class GuestKind(StrEnum):
    """What somebody is in the visit, as who invites them says it."""

    INTERPRETER = "interpreter"
    FAMILY = "family"
    CARER = "carer"
    NURSE = "nurse"
    CLINICIAN = "clinician"
    OTHER = "other"


class GuestStatus(StrEnum):
    INVITED = "invited"
    """There is a link. Nobody has opened it."""
    WAITING = "waiting"
    """Somebody came by the link, said their name, and waits to be let in."""
    ADMITTED = "admitted"
    """The patient agreed and the clinician let them in: they may be in the call."""
    LEFT = "left"
    DECLINED = "declined"
    """The patient does not want them here, or no longer."""
    REVOKED = "revoked"
    """The clinician took the invitation back, or took them out."""
    VISIT_OVER = "visit_over"


_ENDS = frozenset({GuestStatus.REVOKED, GuestStatus.VISIT_OVER})

TRANSITIONS: Mapping[GuestStatus, frozenset[GuestStatus]] = MappingProxyType(
    {
        GuestStatus.INVITED: _ENDS | {GuestStatus.WAITING},
        GuestStatus.WAITING: _ENDS | {GuestStatus.ADMITTED, GuestStatus.DECLINED, GuestStatus.LEFT},
        GuestStatus.ADMITTED: _ENDS | {GuestStatus.WAITING, GuestStatus.DECLINED, GuestStatus.LEFT},
        GuestStatus.LEFT: frozenset(),
        GuestStatus.DECLINED: frozenset(),
        GuestStatus.REVOKED: frozenset(),
        GuestStatus.VISIT_OVER: frozenset(),
    }
)

LIVING = frozenset(status for status, onward in TRANSITIONS.items() if onward)
"""The invitation still leads somewhere."""


class Agreement(StrEnum):
    """How the patient said yes: by a press of their own, or aloud, which the clinician notes."""

    PRESSED = "pressed"
    SPOKEN = "spoken"


class IllegalMove(Exception):
    """The guest is not in a state from which this is possible."""

    def __init__(self, current: GuestStatus, wanted: GuestStatus) -> None:
        super().__init__(f"{current} -> {wanted}")
        self.current = current


def check_move(current: GuestStatus, wanted: GuestStatus) -> None:
    """Raise IllegalMove unless TRANSITIONS allows going from `current` to `wanted`."""
    if wanted not in TRANSITIONS[current]:
        raise IllegalMove(current, wanted)


def plain_name(typed: str) -> str:
    """A typed name on one line, without what cannot be seen: nobody looks like somebody else by it."""
    return " ".join("".join(each if each.isprintable() else " " for each in typed).split())
