"""What the worker has to do for a telephone call. Ids only."""

from uuid import UUID

from core.events.outbox import Event


class PhoneLegQueued(Event, frozen=True, kw_only=True, tag="phone.leg_queued"):
    """A telephone is to be rung. Ordered by itself: one that is slow to place holds up no other."""

    leg_id: UUID


class PhoneLegGivenUp(Event, frozen=True, kw_only=True, tag="phone.leg_given_up"):
    """A telephone that may ring, or be talked on, is to be hung up."""

    leg_id: UUID
