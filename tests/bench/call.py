"""From the patient's click on Join to the first decoded frame of the clinician, through the whole running product.

Both are at their real pages, the clinician in the call already, both with the camera on, as people are. The click asks
for a ticket, opens the WebSocket and connects. The ceiling is two bare peer connections in one page of the same browser
with the same camera: from their creation to the first frame.
"""

from statistics import median
from uuid import UUID

from playwright.async_api import Browser, Page

from app.demo.cast.people import SLUG
from core.database.session import open_unit
from core.ids import new_id
from tests.bench.demo import Demo, SomePatient, demo_clinic, open_page
from tests.bench.figures import Figure, multiple
from tests.signaling.pages import chromium
from visits.domain import VisitKind, VisitStatus
from visits.models import Visit

ROUNDS = 9
CLINICIANS_BUTTON, PATIENTS_BUTTON = "Join the call", "I am here: join the call"

# Both resolve to milliseconds. The first frame is the first that the video element presents.
_CLICK_TO_FRAME = """(label) => new Promise((resolve) => {
  const button = [...document.querySelectorAll('button')].find((each) => each.textContent === label);
  const start = performance.now();
  const look = () => {
    const video = document.querySelector('video[aria-label^="Video of"]');
    if (video) video.requestVideoFrameCallback(() => resolve(performance.now() - start));
    else requestAnimationFrame(look);
  };
  button.click();
  look();
})"""
BARE = """async () => {
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
# The camera runs and the button may be pressed.
_READY = """(label) => document.querySelector('video')?.videoWidth > 0
  && [...document.querySelectorAll('button')].some((each) => each.textContent === label && !each.disabled)"""


async def join_first_frame() -> Figure:
    """Medians of the call and of the two bare connections, taken in turn."""
    calls: list[float] = []
    bare: list[float] = []
    async with demo_clinic() as demo, chromium() as browser:
        english = [each for each in demo.patients if each.person.language == "en"]
        for patient in english[:ROUNDS]:
            bare.append(await _bare(browser, demo, patient))
            calls.append(await _call(browser, demo, patient))
    return multiple("join_first_frame", median(calls), median(bare), 2)


async def _bare(browser: Browser, demo: Demo, patient: SomePatient) -> float:
    page = await open_page(browser, demo.base, f"/c/{SLUG}", patient, phone=True)
    took: float = await page.evaluate(BARE)
    await page.context.close()
    return took


async def _call(browser: Browser, demo: Demo, patient: SomePatient) -> float:
    doctors, patients = await before_joining(browser, demo, patient)
    took: float = await patients.evaluate(_CLICK_TO_FRAME, PATIENTS_BUTTON)
    for page in (doctors, patients):
        await page.context.close()
    return took


async def before_joining(browser: Browser, demo: Demo, patient: SomePatient) -> tuple[Page, Page]:
    """The clinician's page, in the call, and the patient's, which may join."""
    visit_id = await _admitted(demo, patient)
    doctors = await open_page(browser, demo.base, f"/encounter/{visit_id}", demo.clinician)
    await doctors.wait_for_function(_READY, arg=CLINICIANS_BUTTON)
    await doctors.get_by_role("button", name=CLINICIANS_BUTTON).click()
    await doctors.get_by_text("Waiting for").first.wait_for()
    patients = await open_page(browser, demo.base, f"/visit/{visit_id}/call", patient, phone=True)
    await patients.wait_for_function(_READY, arg=PATIENTS_BUTTON)
    return doctors, patients


async def _admitted(demo: Demo, patient: SomePatient) -> UUID:
    """A visit at the call, of a patient who has said where they are."""
    person = patient.person
    async with open_unit(demo.services, demo.clinician.actor) as unit:
        now = unit.write.now()
        visit = Visit(
            id=new_id(),
            patient_id=patient.actor.patient_id,
            clinician_id=demo.clinician.actor.account_id,
            kind=VisitKind.ON_DEMAND,
            reason_code="cough",
            status=VisitStatus.ADMITTED,
            location={
                "line": person.street,
                "city": person.city,
                "state": person.state,
                "zip": person.zip,
                "country": "US",
            },
            callback_phone=person.phone,
            requested_at=now,
            ready_at=now,
            queued_at=now,
            admitted_at=now,
        )
        unit.write.add(visit)
    return visit.id
