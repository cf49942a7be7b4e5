"""A camera or microphone that goes in the middle of a call, and comes back."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.signaling.pages import PageServer, join, open_call, sees_moving_video

pytestmark = pytest.mark.whole

# Chromium's own test devices cannot be unplugged: this does to the page what an unplugged one does.
LEVERS = """() => {
  const tracks = new Map();
  const gone = new Set();
  const devices = navigator.mediaDevices;
  const real = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (wanted) => {
    if ([...gone].some((kind) => wanted[kind])) throw new DOMException('', 'NotFoundError');
    const stream = await real(wanted);
    for (const track of stream.getTracks()) tracks.set(track.kind, track);
    return stream;
  };
  window.unplug = (kind) => {
    gone.add(kind);
    tracks.get(kind).stop();
    tracks.get(kind).dispatchEvent(new Event('ended'));
  };
  window.plugIn = (kind) => {
    gone.delete(kind);
    devices.dispatchEvent(new Event('devicechange'));
  };
  window.endInSilence = () => tracks.forEach((track) => track.stop());
  window.pause = (kind, muted) => {
    Object.defineProperty(tracks.get(kind), 'muted', { value: muted, configurable: true });
    tracks.get(kind).dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
  };
}"""


async def in_a_call(signaling: PageServer, browser: Browser, lang: str) -> tuple[Page, Page]:
    patient = await open_call(browser, signaling, "patient", f"devices-{lang}", lang=lang)
    doctor = await open_call(browser, signaling, "doctor", f"devices-{lang}")
    await patient.add_init_script(f"({LEVERS})()")
    await patient.reload()
    await patient.get_by_role(
        "button", name={"en": "Join the call", "es": "Entrar en la llamada"}[lang]
    ).click()
    await join(doctor)
    await sees_moving_video(doctor)
    return patient, doctor


@pytest.mark.parametrize(
    ("lang", "lost", "why"),
    [("en", "No camera was found", "They do not see you"), ("es", "No se encontró la cámara", "No le ven")],
)
async def test_a_camera_that_is_unplugged_is_missed_aloud_and_found_again(
    signaling: PageServer, browser: Browser, lang: str, lost: str, why: str
) -> None:
    patient, doctor = await in_a_call(signaling, browser, lang)
    await patient.evaluate("window.unplug('video')")
    said = patient.get_by_role("alert")
    await expect(said).to_contain_text(lost)
    await expect(said).to_contain_text(why)
    await expect(doctor.get_by_text("Jamie Doe has the camera off")).to_be_visible()
    await patient.evaluate("window.plugIn('video')")
    await expect(said).to_be_hidden()
    await expect(doctor.get_by_text("Jamie Doe has the camera off")).to_be_hidden()
    await sees_moving_video(doctor)


async def test_a_telephone_call_pauses_and_the_visit_goes_on_after_it(
    signaling: PageServer, browser: Browser
) -> None:
    patient, doctor = await in_a_call(signaling, browser, "en")
    for kind in ("audio", "video"):
        await patient.evaluate("(kind) => window.pause(kind, true)", kind)
    await expect(patient.get_by_role("alert")).to_contain_text("has paused the camera and microphone")
    await expect(doctor.get_by_text("Jamie Doe is muted")).to_be_visible()
    await expect(doctor.get_by_text("Jamie Doe has the camera off")).to_be_visible()
    for kind in ("audio", "video"):
        await patient.evaluate("(kind) => window.pause(kind, false)", kind)
    await expect(patient.get_by_role("alert")).to_be_hidden()
    await expect(doctor.get_by_text("Jamie Doe is muted")).to_be_hidden()
    await sees_moving_video(doctor)


async def test_a_camera_that_was_turned_off_is_not_missed(signaling: PageServer, browser: Browser) -> None:
    patient, _ = await in_a_call(signaling, browser, "en")
    await patient.evaluate("window.unplug('video')")
    await expect(patient.get_by_role("alert")).to_be_visible()
    await patient.keyboard.press("v")
    await expect(patient.get_by_role("alert")).to_be_hidden()
