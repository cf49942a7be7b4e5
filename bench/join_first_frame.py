"""From the click on Join to the first decoded frame of the other side, through the real signaling process.

The ceiling is two bare peer connections in one page of the same browser with the same camera: from their creation
to the first frame. Both start with the camera on, as people do.
"""

import tempfile
from pathlib import Path
from statistics import median

from playwright.async_api import Browser, Page

from signaling.room import Rules
from signaling.server import Config, listening
from tests.signaling.conftest import Valkey
from tests.signaling.pages import PageServer, build, chromium, open_call, serving
from tests.signaling.people import KEY

ROUNDS = 9

# Both resolve to milliseconds. The first frame is the first that the video element presents.
_CLICK_TO_FRAME = """() => new Promise((resolve) => {
  const button = [...document.querySelectorAll('button')].find((each) => each.textContent === 'Join the call');
  const start = performance.now();
  const look = () => {
    const video = document.querySelector('video[aria-label^="Video of"]');
    if (video) video.requestVideoFrameCallback(() => resolve(performance.now() - start));
    else requestAnimationFrame(look);
  };
  button.click();
  look();
})"""
_BARE = """async () => {
  const video = { width: { ideal: 1280 }, height: { ideal: 720 } };
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video });
  const start = performance.now();
  const [one, two] = [new RTCPeerConnection(), new RTCPeerConnection()];
  one.onicecandidate = ({ candidate }) => candidate && two.addIceCandidate(candidate);
  two.onicecandidate = ({ candidate }) => candidate && one.addIceCandidate(candidate);
  const element = document.createElement('video');
  element.muted = true;
  document.body.append(element);
  const first = new Promise((resolve) => element.requestVideoFrameCallback(resolve));
  two.ontrack = ({ streams }) => {
    element.srcObject = streams[0];
    element.play();
  };
  for (const track of stream.getTracks()) {
    one.addTrack(track, stream);
    two.addTrack(track, stream);
  }
  await one.setLocalDescription();
  await two.setRemoteDescription(one.localDescription);
  await two.setLocalDescription();
  await one.setRemoteDescription(two.localDescription);
  await first;
  const took = performance.now() - start;
  one.close();
  two.close();
  element.remove();
  for (const track of stream.getTracks()) track.stop();
  return took;
}"""


async def measure(rounds: int = ROUNDS) -> tuple[float, float]:
    """Medians in ms: of the call, and of the two bare connections, taken in turn."""
    with tempfile.TemporaryDirectory(prefix="ct-") as folder:
        valkey = Valkey(Path(folder))
        valkey.start()
        try:
            await valkey.answers()
            with serving(build(Path(folder) / "page")) as pages:
                config = Config(
                    redis_url=valkey.url,
                    ticket_key=KEY,
                    origins=frozenset({pages.url}),
                    port=0,
                    rules=Rules(allow_loopback=True),
                )
                async with listening(config) as port, chromium() as browser:
                    pages.signaling_url = f"ws://127.0.0.1:{port}"
                    return await _rounds(browser, pages, rounds)
        finally:
            valkey.kill()


async def _rounds(browser: Browser, pages: PageServer, rounds: int) -> tuple[float, float]:
    calls: list[float] = []
    bare: list[float] = []
    for number in range(rounds):
        page = await open_call(browser, pages, "patient", f"bench-{number}")
        bare.append(await page.evaluate(_BARE))
        await page.context.close()
        calls.append(await _call(browser, pages, f"bench-{number}"))
    return median(calls), median(bare)


async def _call(browser: Browser, pages: PageServer, visit: str) -> float:
    doctor = await open_call(browser, pages, "doctor", visit)
    await _ready(doctor)
    await doctor.get_by_role("button", name="Join the call").click()
    await doctor.get_by_text("Waiting for").first.wait_for()
    patient = await open_call(browser, pages, "patient", visit)
    await _ready(patient)
    took: float = await patient.evaluate(_CLICK_TO_FRAME)
    for page in (doctor, patient):
        await page.context.close()
    return took


async def _ready(page: Page) -> None:
    """The camera runs and the button may be pressed."""
    await page.wait_for_function(
        "() => document.querySelector('video')?.videoWidth > 0"
        " && [...document.querySelectorAll('button')].some("
        "(each) => each.textContent === 'Join the call' && !each.disabled)"
    )
