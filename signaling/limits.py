"""How much of each thing signaling takes, before it parses anything. docs/signaling.md says what is answered beyond."""

from typing import Final

MAX_FRAME_BYTES: Final = 64 * 1024
MAX_SDP_BYTES: Final = 32 * 1024
MAX_CANDIDATES: Final = 50
"""ICE candidates in a description, and for one peer after it. Handling them is quadratic in aiortc: 20,000 hold its
loop for over a minute."""

# An honest client says some 30 things while it connects and hardly anything later.
BURST: Final = 150.0
"""Messages that a socket may say at once."""
PER_SECOND: Final = 20.0
"""Messages more that it may say each second."""
BYTES_PER_UNIT: Final = 4096
"""A message counts as one more for each so many bytes."""

MAX_PENDING: Final = 128
"""Unacknowledged messages. Far above what an honest pair has in flight: a full exchange is two descriptions and some
twenty candidates."""
MAX_BEHIND_BYTES: Final = 512 * 1024
"""What a slow reader has not taken. Far above what a call says at once, and little enough for a thousand readers that
do not read."""
MAX_STRANGERS: Final = 1000
"""Sockets that have not said yet who they are; each is closed after a few seconds."""
MISSED_HEARTBEATS: Final = 3
"""Of a client that beats every `Rules.heartbeat_seconds`, so many in a row may be late."""
