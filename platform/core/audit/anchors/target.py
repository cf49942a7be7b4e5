"""What every place outside of the database that keeps anchors can do."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.audit.anchors.anchor import Anchors, Head
from core.crypto import Signer


class CannotAnchor(Exception):
    """The target did not take an anchor, or cannot be read. The message is a code for logs, without any data."""


class Target(Protocol):
    """Both methods block: they are called in a thread. ``name`` is the target's address, without credentials."""

    @property
    def name(self) -> str: ...

    @property
    def reads_back(self) -> bool:
        """Whether what it was told can be read from it, so that its absence means something."""
        ...

    def publish(self, heads: Sequence[Head], now: datetime) -> None:
        """Keep the heads, all or none as far as one can tell. Raises OSError or CannotAnchor."""
        ...

    def read(self, newest: int, signer: Signer) -> Anchors | None:
        """What it holds: at least what is newer than a batch a little before ``newest``.

        None if it is not there, or cannot be read back. Raises OSError or CannotAnchor.
        """
        ...
