"""A headless peer on aiortc: joins a call as a browser would, sends a moving picture and a tone, counts
what comes.

For tests, and the base of whatever a server peer is good for. aiortc 1.16 asks for a public STUN server
unless it is given `iceServers`, so it always is; it has no ICE restart (an offer with new credentials would
be answered with the old ones), so a restart by the other side is answered with a new connection; and it
sends all its candidates in the description.
"""

import asyncio
import contextlib
import math
import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCIceServer,
    RTCPeerConnection,
    RTCSessionDescription,
    VideoStreamTrack,
)
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError
from aiortc.sdp import candidate_from_sdp
from av import VideoFrame
from av.audio.frame import AudioFrame

from signaling import protocol as p
from signaling.headless.caller import Caller, GetTicket, Hung

WIDTH: Final = 320
HEIGHT: Final = 240
_STEP: Final = 8
_DARK, _BRIGHT, _GREY = 40, 220, 128
_TONE: Final = 2 * math.pi * 440
_VOLUME: Final = 3000


class MovingBar(VideoStreamTrack):
    """A bright bar that wanders over a dark field, 30 times a second."""

    def __init__(self) -> None:
        super().__init__()
        self._shown = 0

    async def recv(self) -> VideoFrame:
        pts, time_base = await self.next_timestamp()
        left = self._shown * _STEP % (WIDTH - 2 * _STEP)
        self._shown += 1
        frame = VideoFrame(WIDTH, HEIGHT, "yuv420p")
        luma, *chroma = frame.planes
        row = bytearray([_DARK]) * luma.line_size
        row[left : left + 2 * _STEP] = bytes([_BRIGHT]) * (2 * _STEP)
        luma.update(bytes(row) * luma.height)
        for plane in chroma:
            plane.update(bytes([_GREY]) * plane.buffer_size)
        frame.pts, frame.time_base = pts, time_base
        return frame


class Tone(AudioStreamTrack):
    """A quiet A, in frames of 20 ms."""

    async def recv(self) -> AudioFrame:
        frame = await super().recv()
        if not isinstance(frame, AudioFrame):
            raise TypeError(type(frame))
        first, rate = frame.pts or 0, frame.sample_rate
        times = range(first, first + frame.samples)
        wave = array("h", (int(_VOLUME * math.sin(_TONE * time / rate)) for time in times))
        frame.planes[0].update(wave.tobytes())
        return frame


@dataclass
class Link:
    """The connection to one page of one other person."""

    peer: p.Peer
    number: int
    pc: RTCPeerConnection
    remote_ufrag: str = ""
    watching: list["asyncio.Task[None]"] = field(default_factory=list)


class HeadlessPeer:
    """`async with HeadlessPeer(...) as peer: await peer.receives(frames=10)`.

    `video_frames` and `audio_frames` count what was received and decoded, of everybody, on all connections. What is
    sent is what `picture` and `sound` make.
    """

    picture: type[VideoStreamTrack] = MovingBar
    sound: type[AudioStreamTrack] = Tone

    def __init__(
        self,
        url: str,
        origin: str,
        get_ticket: GetTicket,
        instance: str,
        ice_servers: Sequence[RTCIceServer] = (),
    ) -> None:
        self.caller = Caller(url, origin, get_ticket, instance, p.Media(microphone=True, camera=True))
        self.over: Hung | None = None
        self.video_frames = 0
        self.audio_frames = 0
        self._configuration = RTCConfiguration(iceServers=list(ice_servers))
        self._links: dict[str, Link] = {}
        self._changed = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "HeadlessPeer":
        self._running = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        for participant_id in list(self._links):
            await self._drop(participant_id)

    async def receives(self, frames: int) -> None:
        """Until so many more frames of video, and as many of audio, have come."""
        video, audio = self.video_frames + frames, self.audio_frames + frames
        while self.video_frames < video or self.audio_frames < audio:
            self._changed.clear()
            await self._changed.wait()

    async def _run(self) -> None:
        try:
            async for message in self.caller.messages():
                await self._hear(message)
        except Hung as hung:
            self.over = hung

    async def _hear(self, message: p.ServerMessage) -> None:
        match message:
            case p.Welcome(peers=peers):
                for peer in peers:
                    await self._meet(peer)
            case p.PeerJoined(peer=peer):
                await self._meet(peer)
            case p.PeerLeft(participant_id=participant_id):
                await self._drop(participant_id)
            case p.DescriptionIn():
                await self._describe(message)
            case p.CandidateIn():
                await self._candidate(message)
            case _:
                pass

    # --- links -----------------------------------------------------------------------------------------

    async def _meet(self, peer: p.Peer) -> None:
        known = self._links.get(peer.participant_id)
        if known is None or known.peer.instance != peer.instance:
            await self._connect(peer, 1, offers=not peer.polite)

    async def _connect(self, peer: p.Peer, number: int, *, offers: bool) -> Link:
        await self._drop(peer.participant_id)
        pc = RTCPeerConnection(self._configuration)
        link = Link(peer, number, pc)
        self._links[peer.participant_id] = link

        @pc.on("track")
        def received(track: MediaStreamTrack) -> None:
            link.watching.append(asyncio.create_task(self._count(track)))

        if offers:
            pc.addTrack(self.picture())
            pc.addTrack(self.sound())
            await pc.setLocalDescription(await pc.createOffer())
            await self._tell(link)
        return link

    async def _describe(self, message: p.DescriptionIn) -> None:
        link = self._links.get(message.sender)
        if link is None or message.connection < link.number:
            return
        if message.connection > link.number:
            link = await self._connect(link.peer, message.connection, offers=False)
        if message.kind == "answer":
            if link.pc.signalingState == "have-local-offer":
                await link.pc.setRemoteDescription(RTCSessionDescription(message.sdp, "answer"))
            return
        ufrag = _ufrag(message.sdp)
        if link.remote_ufrag not in ("", ufrag) or link.pc.signalingState != "stable":
            # A restart of ICE, or both offered at once: begin anew, on a number that both will take.
            await self._connect(link.peer, link.number + 1, offers=True)
            return
        link.remote_ufrag = ufrag
        await self._answer(link, message.sdp)

    async def _answer(self, link: Link, sdp: str) -> None:
        await link.pc.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        for transceiver in link.pc.getTransceivers():
            if transceiver.sender.track is None:
                transceiver.sender.replaceTrack(
                    self.picture() if transceiver.kind == "video" else self.sound()
                )
            transceiver.direction = "sendrecv"
        await link.pc.setLocalDescription(await link.pc.createAnswer())
        await self._tell(link)

    async def _candidate(self, message: p.CandidateIn) -> None:
        link = self._links.get(message.sender)
        text = message.candidate.candidate
        if link is None or link.number != message.connection or not text:
            return
        candidate = candidate_from_sdp(text.removeprefix("candidate:"))
        candidate.sdpMid = message.candidate.sdp_mid
        candidate.sdpMLineIndex = message.candidate.sdp_m_line_index
        await link.pc.addIceCandidate(candidate)

    async def _tell(self, link: Link) -> None:
        local = link.pc.localDescription
        description = p.DescriptionOut(
            to=link.peer.participant_id,
            instance=link.peer.instance,
            connection=link.number,
            kind="offer" if local.type == "offer" else "answer",
            sdp=local.sdp,
        )
        await self.caller.say(description)

    async def _drop(self, participant_id: str) -> None:
        link = self._links.pop(participant_id, None)
        if link is None:
            return
        for task in link.watching:
            task.cancel()
        await asyncio.gather(*link.watching, return_exceptions=True)
        await link.pc.close()

    async def _count(self, track: MediaStreamTrack) -> None:
        with contextlib.suppress(MediaStreamError):
            while True:
                await track.recv()
                if track.kind == "video":
                    self.video_frames += 1
                else:
                    self.audio_frames += 1
                self._changed.set()


def _ufrag(sdp: str) -> str:
    found = re.search(r"^a=ice-ufrag:(\S+)", sdp, re.MULTILINE)
    return found.group(1) if found else ""
