"""Who asks, and with what: the one input of every decision about access."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from core.actor import Actor, Role

P = TypeVar("P", bound=str)


@dataclass(frozen=True, slots=True)
class Subject:
    """An actor by a session cookie, or an actor by a bearer token that leaves them less.

    `scopes` are the permissions that the token keeps, None without one. `compartment` is the one patient to whom it is
    held, `client` the program that bears it. Each only ever narrows what the actor's roles give.
    """

    actor: Actor
    scopes: frozenset[str] | None = None
    compartment: UUID | None = None
    client: str | None = None

    def may(self, permission: P, grants: Mapping[P, frozenset[Role]]) -> bool:
        """Whether the roles give this permission, and the relation to the patient and the token, if any, keep it."""
        for kept in (self.actor.keeps, self.scopes):
            if kept is not None and permission not in kept:
                return False
        return not self.actor.roles.isdisjoint(grants[permission])

    @property
    def is_system(self) -> bool:
        """The product at work for a clinic. Whoever bears a token is a program of somebody's."""
        return self.actor.has(Role.SYSTEM) and self.scopes is None and self.compartment is None
