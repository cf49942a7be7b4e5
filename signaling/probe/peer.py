"""The peer that a browser measures against: it sends back what it is asked to, and counts the rest.

One data channel, unordered and without retransmission, so that what the network loses is lost here too. Messages that
begin with ECHO come back; those that begin with BULK are counted. Whoever sends anything else, or more than the limits
leave, is done.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from aiortc import (
    RTCConfiguration,
    RTCDataChannel,
    RTCIceServer,
    RTCPeerConnection,
    RTCSessionDescription,
)

from signaling.probe.limits import (
    MAX_BYTES,
    MAX_CHANNELS,
    MAX_ECHO_BYTES,
    MAX_ECHOES,
    MAX_MESSAGE_BYTES,
)
from signaling.probe.protocol import BULK, ECHO, Sent, Tallied

BULK_BYTES: Final = 1100
"""A message of bulk, in one datagram on every path."""
TICK_SECONDS: Final = 0.01
MOST_AT_ONCE: Final = 8
MOST_BEHIND: Final = 64 * 1024
"""What is not sent yet while sending: more would be a queue of our own making, and be measured as the network's."""


class ProbePeer:
    """`over` is set once a limit is crossed or the connection has ended; `crossed` says which limit, if one was."""

    def __init__(self, ice_servers: Sequence[RTCIceServer] = ()) -> None:
        # Without a list of its own, aiortc asks a public STUN server.
        self._pc = RTCPeerConnection(RTCConfiguration(iceServers=list(ice_servers)))
        self.connected = asyncio.Event()
        self.over = asyncio.Event()
        self.crossed: str | None = None
        self._now = asyncio.get_running_loop().time
        self._channels = 0
        self._channel: RTCDataChannel | None = None
        self._echoes = 0
        self._bytes_out = 0
        self._tally = _Tally(self._now)
        self._pc.on("datachannel", self._opened)
        self._pc.on("connectionstatechange", self._moved)

    async def answer(self, offer: str) -> str:
        """The answer to an offer that was checked. Raises whatever aiortc finds wrong with it."""
        await self._pc.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await self._pc.setLocalDescription(await self._pc.createAnswer())
        return str(self._pc.localDescription.sdp)

    def tally(self) -> Tallied:
        """What bulk has come since this was last asked."""
        told, self._tally = self._tally.told(), _Tally(self._now)
        return told

    async def send(self, kbps: int, ms: int) -> Sent:
        """Send bulk at this rate for this long, as far as the path takes it."""
        message = bytes([BULK]) + bytes(BULK_BYTES - 1)
        began, sent, skipped = self._now(), 0, 0
        while (passed := self._now() - began) < ms / 1000 and not self.over.is_set():
            due = int(passed * kbps * 1000 / 8 / BULK_BYTES)
            # What the path did not take in time is not made up for: that would be a burst.
            skipped = max(skipped, due - sent - MOST_AT_ONCE)
            while sent + skipped < due and self._out(message):
                sent += 1
            await asyncio.sleep(TICK_SECONDS)
        return Sent(bytes=sent * BULK_BYTES, messages=sent)

    async def close(self) -> None:
        self.over.set()
        await self._pc.close()

    def _out(self, message: bytes) -> bool:
        channel = self._channel
        if channel is None or channel.readyState != "open" or channel.bufferedAmount > MOST_BEHIND:
            return False
        if self._spend(len(message)):
            return False
        channel.send(message)
        return True

    def _opened(self, channel: RTCDataChannel) -> None:
        self._channels += 1
        if self._channels > MAX_CHANNELS or channel.ordered or channel.maxRetransmits != 0:
            self._cross("channel_refused")
            return
        self._channel = channel
        channel.on("message", self._message)

    def _moved(self) -> None:
        if self._pc.connectionState == "connected":
            self.connected.set()
        if self._pc.connectionState in ("failed", "closed"):
            self.over.set()

    def _message(self, message: bytes | str) -> None:
        if self.over.is_set():
            return
        if not isinstance(message, bytes) or not message or len(message) > MAX_MESSAGE_BYTES:
            self._cross("message_refused")
        elif message[0] == BULK:
            self._tally.add(len(message))
        elif message[0] == ECHO and len(message) <= MAX_ECHO_BYTES:
            self._echo(message)
        else:
            self._cross("message_refused")

    def _echo(self, message: bytes) -> None:
        self._echoes += 1
        if self._echoes > MAX_ECHOES:
            self._cross("too_many_echoes")
        elif not self._spend(len(message)) and self._channel and self._channel.readyState == "open":
            self._channel.send(message)

    def _spend(self, size: int) -> bool:
        """Count what goes out; whether it is too much."""
        self._bytes_out += size
        if self._bytes_out > MAX_BYTES:
            self._cross("too_many_bytes")
            return True
        return False

    def bytes_in(self) -> int:
        """What came as datagrams, whatever was in them."""
        transport = self._pc.sctp.transport if self._pc.sctp else None
        if transport is None:
            return 0
        return sum(stats.bytesReceived for stats in transport._get_stats().values())

    def watch(self) -> None:
        """Look whether more came than is taken. Messages of the channel are only a part of what may come."""
        if self.bytes_in() > MAX_BYTES:
            self._cross("too_many_bytes")

    def _cross(self, limit: str) -> None:
        self.crossed = self.crossed or limit
        self.over.set()


class _Tally:
    """Bulk that came, and between which moments."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._bytes = self._messages = 0
        self._first = self._last = 0.0

    def add(self, size: int) -> None:
        self._last = self._now()
        if not self._messages:
            self._first = self._last
        self._bytes += size
        self._messages += 1

    def told(self) -> Tallied:
        return Tallied(self._bytes, self._messages, round((self._last - self._first) * 1000))
