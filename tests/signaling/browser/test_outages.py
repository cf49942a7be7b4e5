"""One side alone loses signaling, for longer than its seat is kept, while audio and video flow."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import msgspec
import pytest
from playwright.async_api import Browser, Page, WebSocketRoute, expect
from redis.asyncio import Redis

from signaling.server import Config, listening
from tests.patience import PATIENCE
from tests.signaling.conftest import RULES, Valkey
from tests.signaling.pages import PageServer, join, open_call, sees_moving_video
from tests.signaling.people import KEY

pytestmark = pytest.mark.whole

# Keeps every peer connection that the page makes.
CONNECTIONS = """() => {
  window.connections = [];
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(...all) { super(...all); window.connections.push(this); }
  };
}"""


@dataclass
class Line:
    """The way of one page to signaling. While it is cut, sockets close and no new one opens."""

    cut: bool = False
    sockets: list[WebSocketRoute] = field(default_factory=list)

    async def carry(self, socket: WebSocketRoute) -> None:
        if self.cut:
            await socket.close(code=1001)
            return
        self.sockets.append(socket)
        socket.connect_to_server()

    async def break_off(self) -> None:
        self.cut = True
        for socket in self.sockets:
            await socket.close(code=1001)
        self.sockets.clear()


@pytest.fixture
async def hasty(valkey: Valkey, pages: PageServer) -> AsyncIterator[PageServer]:
    """Signaling that gives a seat up after a second."""
    rules = msgspec.structs.replace(RULES, grace_seconds=1.0)
    config = Config(redis_url=valkey.url, ticket_key=KEY, origins=frozenset({pages.url}), port=0, rules=rules)
    async with listening(config) as port:
        pages.signaling_url = f"ws://127.0.0.1:{port}"
        yield pages


async def test_who_is_not_heard_by_signaling_is_still_seen_and_heard(
    hasty: PageServer, browser: Browser, redis: Redis
) -> None:
    line = Line()
    patient = await open_call(browser, hasty, "patient", "outage")
    doctor = await open_call(browser, hasty, "doctor", "outage")
    await patient.route_web_socket("ws://127.0.0.1:*/**", line.carry)
    for page in (patient, doctor):
        await page.add_init_script(f"({CONNECTIONS})()")
        await page.reload()
        await join(page)
    await sees_moving_video(patient)
    await sees_moving_video(doctor)

    await line.break_off()
    await expect(patient.get_by_text("You are reconnecting").first).to_be_visible()
    await expect(doctor.get_by_text("Jamie Doe is reconnecting").first).to_be_visible()
    await gave_up_the_seat(redis)
    for page in (patient, doctor):
        await sees_moving_video(page)
        await expect(page.locator("[data-trouble]")).to_have_attribute("data-trouble", "false")
    await expect(doctor.get_by_text("did not come back")).to_have_count(0)

    line.cut = False
    await expect(doctor.get_by_text("Jamie Doe is reconnecting")).to_have_count(0)
    await patient.keyboard.press("m")
    await expect(doctor.get_by_text("Jamie Doe is muted")).to_be_visible()
    for page in (patient, doctor):
        await sees_moving_video(page)
        assert await alive(page) == [True], "it is the same connection all along"


async def gave_up_the_seat(redis: Redis) -> None:
    """Wait until signaling records that somebody did not come back in time."""
    kinds: set[str] = set()
    async with asyncio.timeout(PATIENCE):
        while "dropped" not in kinds:
            await asyncio.sleep(0.05)
            kinds = {record["kind"] for _, record in await redis.xrange("carethread:call-events")}


async def alive(page: Page) -> list[bool]:
    """Of each peer connection that the page has made, whether it is connected."""
    connected = "window.connections.map(({ connectionState }) => connectionState === 'connected')"
    states: list[bool] = await page.evaluate(connected)
    return states
