"""The client's half of the protocol, Sans-I/O: the same steps as `web/src/lib/call`, for headless peers in
Python."""

from dataclasses import dataclass, field

from signaling.protocol import (
    PROTOCOL_VERSION,
    ClientFrame,
    ClientMessage,
    Heartbeat,
    Join,
    Media,
    Resume,
    ServerFrame,
    ServerMessage,
    SetMedia,
    Welcome,
)
from signaling.stream import Numbered


@dataclass
class Heard:
    """What came of one frame: messages to act upon, in order and each once, and frames to send."""

    messages: list[ServerMessage] = field(default_factory=list)
    frames: list[ClientFrame] = field(default_factory=list)


class Dialogue:
    """One page's conversation with the signaling process, over as many sockets as it takes.

    A resume goes on where the last socket stopped. A fresh welcome voids what was still under way, and
    whoever uses this has to negotiate again what it had not finished.
    """

    def __init__(self, instance: str, media: Media) -> None:
        self.instance = instance
        self.media = media
        self.token: str | None = None
        self._stream: Numbered[ClientMessage] = Numbered()
        self._asked_again = False

    def opening(self, ticket: str) -> ClientFrame:
        """The first frame on a new socket: resume when there is something to resume, else join."""
        if self.token is not None:
            message: ClientMessage = Resume(version=PROTOCOL_VERSION, token=self.token)
        else:
            message = Join(version=PROTOCOL_VERSION, ticket=ticket, instance=self.instance, media=self.media)
        return self._frame(message)

    def say(self, message: ClientMessage) -> ClientFrame | None:
        """The frame to send. None without a seat: the welcome to come would void it, and tells the media besides."""
        if isinstance(message, SetMedia):
            self.media = message.media
        if self.token is None:
            return None
        return self._frame(message, self._stream.say(message))

    def refused(self) -> None:
        """The seat is gone, and its numbers with it: an acknowledgement of them would, in the next seat, be one of
        messages that never came."""
        self.token = None
        self._stream = Numbered()

    def heartbeat(self) -> ClientFrame:
        return self._frame(Heartbeat())

    def receive(self, frame: ServerFrame) -> Heard:
        message = frame.message
        if isinstance(message, Welcome):
            return self._welcomed(frame, message)
        self._stream.acknowledged(frame.ack)
        if frame.seq == 0:
            return Heard([message], self._again() if isinstance(message, Heartbeat) else [])
        if self._stream.take(frame.seq):
            self._asked_again = False
            return Heard([message])
        if frame.seq > self._stream.taken and not self._asked_again:
            self._asked_again = True
            return Heard(frames=[self.heartbeat()])
        return Heard()

    def _welcomed(self, frame: ServerFrame, welcome: Welcome) -> Heard:
        self.token = welcome.resume_token
        self._asked_again = False
        if welcome.resumed:
            self._stream.acknowledged(frame.ack)
            return Heard([welcome], self._again())
        self._stream = Numbered()
        media = self.say(SetMedia(media=self.media))
        return Heard([welcome], [media] if media else [])

    def _again(self) -> list[ClientFrame]:
        return [self._frame(message, seq) for seq, message in self._stream.pending]

    def _frame(self, message: ClientMessage, seq: int = 0) -> ClientFrame:
        return ClientFrame(seq=seq, ack=self._stream.taken, message=message)
