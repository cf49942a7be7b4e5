"""What a page holds, as the browser itself counts it."""

import asyncio
from dataclasses import asdict, dataclass

from playwright.async_api import CDPSession, Page

from tests.patience import PATIENCE

# Counts the timers that will ring. Installed before the page's own scripts.
COUNT_TIMERS = """() => {
  const running = new Set();
  window.timersRunning = () => running.size;
  for (const kind of ['Timeout', 'Interval']) {
    const [set, clear] = [window[`set${kind}`], window[`clear${kind}`]];
    window[`set${kind}`] = (ring, ...rest) => {
      const timer = set((...all) => {
        if (kind === 'Timeout') running.delete(timer);
        ring(...all);
      }, ...rest);
      running.add(timer);
      return timer;
    };
    window[`clear${kind}`] = (timer) => {
      running.delete(timer);
      clear(timer);
    };
  }
}"""


@dataclass(frozen=True)
class Held:
    """Objects that live, and timers that will ring."""

    nodes: int
    listeners: int
    timers: int
    videos: int
    streams: int
    tracks: int
    connections: int
    sockets: int
    heap_kb: int

    def beyond(self, before: "Held") -> dict[str, int]:
        """What there is more of than before. The memory grows and shrinks by itself, and is not looked at."""
        was = asdict(before)
        more = {name: count - was[name] for name, count in asdict(self).items() if name != "heap_kb"}
        return {name: count for name, count in more.items() if count > 0}


async def holds_no_more(page: Page, before: Held) -> None:
    """Wait until nothing is held that was not held before: a browser lets go in its own time."""
    more = {}
    try:
        async with asyncio.timeout(PATIENCE):
            while more := (await held(page)).beyond(before):
                pass
    except TimeoutError:
        raise AssertionError(f"the page holds more than before: {more}") from None


async def held(page: Page) -> Held:
    session = await page.context.new_cdp_session(page)
    try:
        await session.send("Performance.enable")
        await session.send("HeapProfiler.collectGarbage")
        metrics = (await session.send("Performance.getMetrics"))["metrics"]
        found = {each["name"]: int(each["value"]) for each in metrics}
        return Held(
            nodes=found["Nodes"],
            listeners=found["JSEventListeners"],
            timers=await page.evaluate("window.timersRunning?.() ?? 0"),
            videos=await _alive(session, "HTMLVideoElement"),
            streams=await _alive(session, "MediaStream"),
            tracks=await _alive(session, "MediaStreamTrack"),
            connections=await _alive(session, "RTCPeerConnection"),
            sockets=await _alive(session, "WebSocket"),
            heap_kb=found["JSHeapUsedSize"] // 1024,
        )
    finally:
        await session.detach()


async def _alive(session: CDPSession, constructor: str) -> int:
    """How many objects of a kind there are."""
    group = {"objectGroup": "counted"}
    prototype = await session.send("Runtime.evaluate", {"expression": f"{constructor}.prototype", **group})
    objects = await session.send(
        "Runtime.queryObjects", {"prototypeObjectId": prototype["result"]["objectId"], **group}
    )
    count = await session.send(
        "Runtime.callFunctionOn",
        {
            "functionDeclaration": "function () { return this.length; }",
            "objectId": objects["objects"]["objectId"],
            "returnByValue": True,
        },
    )
    await session.send("Runtime.releaseObjectGroup", group)
    return int(count["result"]["value"])
