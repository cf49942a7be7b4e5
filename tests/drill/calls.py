"""Calls of the drill: headless pages that speak the real protocol through the proxy and send each other media."""

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import httpx
from aiortc import VideoStreamTrack
from aiortc.mediastreams import VIDEO_CLOCK_RATE, VIDEO_TIME_BASE
from av import VideoFrame

from signaling import protocol as p
from signaling.headless.media import HeadlessPeer
from signaling.headless.media import Link as Connection
from tests.certificates import trusting
from tests.drill.links import Link, Roads
from tests.patience import PATIENCE

HERE = {
    "location": {"line": "12 Elm Street", "city": "Albany", "state": "NY", "zip": "12207", "country": "US"},
    "callback_phone": "(212) 555-0142",
}
FRAMES_A_SECOND = 5
LOOK_SECONDS = 0.02
TRY_AGAIN_SECONDS = 0.25


class Stills(VideoStreamTrack):
    """A small grey picture, a few times a second: what counts is that it comes."""

    _next = 0.0

    async def recv(self) -> VideoFrame:
        now = time.monotonic()
        self._next = max(self._next + 1 / FRAMES_A_SECOND, now)
        await asyncio.sleep(self._next - now)
        frame = VideoFrame(160, 120, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes([128]) * plane.buffer_size)
        frame.pts, frame.time_base = int(self._next * VIDEO_CLOCK_RATE), VIDEO_TIME_BASE
        return frame


class Page(HeadlessPeer):
    """A page of the call behind a link, and what it was told of the other side."""

    picture = Stills

    def __init__(self, link: Link, origin: str, visit_id: UUID, cookie: str, *, is_patient: bool) -> None:
        super().__init__(f"wss://localhost:{link.port}/signaling", origin, self._ticket, secrets.token_hex(8))
        self.link = link
        self.told: p.Media | None = None
        self._join = f"/api/visits/{visit_id}/join"
        self._body = HERE if is_patient else {}
        self._browser = httpx.AsyncClient(
            base_url=f"https://localhost:{link.port}",
            headers={"origin": origin, "cookie": f"__Host-carethread={cookie}"},
            verify=trusting(),
            timeout=10,
        )

    def check(self) -> None:
        """Raises AssertionError, or what ended the page, if it is in the call no longer."""
        assert self.over is None, f"thrown out of the call: {self.over}"
        if self._running is not None and self._running.done():
            self._running.result()
            raise AssertionError("the page has stopped")

    async def says(self, media: p.Media) -> None:
        await self.caller.say(p.SetMedia(media=media))

    async def close(self) -> None:
        await self.__aexit__()
        await self._browser.aclose()

    async def _ticket(self) -> str:
        while True:
            try:
                answer = await self._browser.post(self._join, json=self._body)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.is_success:
                return str(answer.json()["ticket"])
            assert answer is None or answer.status_code >= 500, f"refused: {answer.text}"
            await asyncio.sleep(TRY_AGAIN_SECONDS)

    async def _hear(self, message: p.ServerMessage) -> None:
        match message:
            case p.Welcome(peers=[peer]) | p.PeerJoined(peer=peer):
                self.told = peer.media
            case p.PeerMedia(media=media):
                self.told = media
        await super()._hear(message)

    async def _tell(self, link: Connection) -> None:
        local = link.pc.localDescription
        await self.caller.say(
            p.DescriptionOut(
                to=link.peer.participant_id,
                instance=link.peer.instance,
                connection=link.number,
                kind="offer" if local.type == "offer" else "answer",
                sdp=await self.link.hide(local.sdp),
            )
        )


@dataclass
class Call:
    """Two people in a visit."""

    visit_id: UUID
    clinician: Page
    patient: Page

    @property
    def pages(self) -> tuple[Page, Page]:
        return (self.clinician, self.patient)

    async def begin(self) -> None:
        for page in self.pages:
            await page.__aenter__()
        await self.flows_since(0)

    async def answers(self) -> None:
        """Until each has heard by signaling what the other says now."""
        for speaker, listener in (self.pages, self.pages[::-1]):
            camera = not (listener.told.camera if listener.told else False)
            said = p.Media(microphone=True, camera=camera)
            await speaker.says(said)
            await _until(lambda: listener.told == said, self)  # noqa: B023 - awaited before the next round

    async def flows_since(self, moment: float) -> None:
        """Until media that were sent to each have come since then."""
        await _until(lambda: all(page.link.last_rtp > moment for page in self.pages), self)

    def listen_anew(self) -> None:
        for page in self.pages:
            page.link.longest_silence = 0.0

    def silence(self) -> float:
        """How long at most nothing had come to somebody, since one listens anew."""
        now = time.monotonic()
        return max(max(page.link.longest_silence, now - page.link.last_rtp) for page in self.pages)

    async def end(self) -> None:
        for page in self.pages:
            await page.close()
            await page.link.close()


async def _until(true: Callable[[], bool], call: Call) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():
            for page in call.pages:
                page.check()
            await asyncio.sleep(LOOK_SECONDS)


async def new_call(origin: str, proxy_port: int, visit_id: UUID, clinician: str, patient: str) -> Call:
    """A call of the two whose cookies these are, each behind a link of their own."""
    roads = Roads()
    pages = []
    for cookie in (clinician, patient):
        link = Link(roads, proxy_port)
        await link.open()
        pages.append(Page(link, origin, visit_id, cookie, is_patient=cookie is patient))
    return Call(visit_id, *pages)
