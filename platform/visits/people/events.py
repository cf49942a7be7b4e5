"""What happens to a guest and makes somebody act."""

from uuid import UUID

from core.events.outbox import Event


class GuestInvited(Event, frozen=True, kw_only=True, tag="guest.link_to_send"):
    """A link waits to be sent to somebody who is asked into a visit."""

    guest_id: UUID


class GuestOut(Event, frozen=True, kw_only=True, tag="guest.out"):
    """Somebody's invitation is over: whoever came by it is out of the call, by whichever sign-in they joined."""

    visit_id: UUID
    account_id: UUID
