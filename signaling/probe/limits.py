"""How much of each thing the probe gives to one person, and to all together. docs/signaling.md says what is answered
beyond."""

from typing import Final

MAX_SESSIONS: Final = 12
"""Checks at once in one process. Each costs some 5% of a core on average; more would measure us and not the network."""
MAX_BULK: Final = 2
"""So many are sent bulk at once; the others wait their turn, within their own time."""
SESSION_SECONDS: Final = 40.0
"""From the ticket to the end, whatever is under way. An honest check needs some ten."""
CONNECT_SECONDS: Final = 15.0
"""A path that is not there by now is not looked for any longer."""
START_WITHIN_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 8.0
"""Finding our own addresses may wait for a STUN or TURN server that does not answer."""

MAX_STRANGERS: Final = 200
"""Sockets that have not shown a ticket yet; each is closed after a few seconds."""
MAX_FRAME_BYTES: Final = 40 * 1024
MAX_COMMANDS: Final = 16
"""A check says three or four things."""

MAX_MESSAGE_BYTES: Final = 1200
"""One message of the data channel fits into one datagram: what is larger is no measurement."""
MAX_ECHO_BYTES: Final = 200
MAX_ECHOES: Final = 1500
"""A check sends 50 a second for a few seconds."""
MAX_CHANNELS: Final = 1
MAX_BYTES: Final = 3_000_000
"""Each way, as datagrams: three seconds at MAX_KBPS, the echoes, and what both cost beside."""

MAX_KBPS: Final = 4000
MAX_BULK_MS: Final = 3000
