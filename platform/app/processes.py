"""The processes that make up a running Carethread, in one table.

The supervisor starts these on one machine and docker-compose.yml starts the same ones in containers; a test
holds the two against each other.
"""

from dataclasses import dataclass

# Each process listens on the base port plus its own offset; the base comes from `carethread run --port`.
DEFAULT_PORT = 8000


@dataclass(frozen=True)
class Part:
    """One process: its name, the `carethread` command that is it, and where it listens (None: nowhere)."""

    name: str
    command: tuple[str, ...]
    port_offset: int | None

    def port(self, base: int) -> int | None:
        return None if self.port_offset is None else base + self.port_offset


PARTS = (
    Part("api", ("carethread", "api"), 0),
    Part("worker", ("carethread", "worker"), None),
    Part("signaling", ("carethread", "signaling"), 1),
    Part("pharmacy", ("carethread", "pharmacy"), 2),
)
