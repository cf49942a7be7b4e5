"""The demo's people without their browsers: what a test needs done, and does not want to watch being typed."""

import json
import time
from typing import Any
from uuid import uuid4

import httpx
from playwright.async_api import BrowserContext

from tests.e2e.people import SLUG, Clinic

JSON = dict[str, Any]
NO_FLAGS = {
    "safety.now": ["none"],
    "pregnant": "no",
    "trend": "same",
    "follow.medicine": "yes",
    "follow.new": False,
}


class Person:
    """Somebody signed in over HTTP."""

    def __init__(self, clinic: Clinic, client: httpx.AsyncClient) -> None:
        self.clinic = clinic
        self._client = client
        # Everything that proves who they are: none of it may be found anywhere.
        self.secrets: list[str] = []

    @property
    def token(self) -> str:
        return self._client.cookies["carethread"]

    def go_on_with(self, token: str) -> None:
        """Be signed in by this session from now on."""
        self._client.cookies.set("carethread", token)

    async def ask(self, method: str, path: str, body: object = None) -> Any:
        """The answer's JSON (None without one). Fails with what was answered if that is no success."""
        answer = await self.attempt(method, path, body)
        why = f"{method} {path}: {answer.status_code} {answer.text}"
        assert answer.is_success, f"{why}\n{self.clinic.last_errors()}"
        return answer.json() if answer.headers.get("content-type", "").endswith("json") else None

    async def attempt(self, method: str, path: str, body: object = None) -> httpx.Response:
        return await self._client.request(method, path, json=body, headers={"idempotency-key": str(uuid4())})

    async def get(self, path: str) -> Any:
        return await self.ask("GET", path)

    async def post(self, path: str, body: object = None) -> Any:
        return await self.ask("POST", path, {} if body is None else body)

    async def put(self, path: str, body: object) -> Any:
        return await self.ask("PUT", path, body)

    async def lend_cookie(self, context: BrowserContext) -> None:
        """Let a browser be signed in as this person."""
        await context.add_cookies([{"name": "carethread", "value": self.token, "url": self.clinic.base}])

    async def lend_device(self, context: BrowserContext) -> None:
        """Let the clinic know a browser as one of this person's, in which nobody is signed in."""
        known = self._client.cookies["carethread-device"]
        await context.add_cookies([{"name": "carethread-device", "value": known, "url": self.clinic.base}])

    async def close(self) -> None:
        await self._client.aclose()


def somebody(clinic: Clinic) -> Person:
    """Nobody yet: not signed in."""
    return Person(clinic, clinic.client())


async def staff(clinic: Clinic, email: str) -> Person:
    """Sign in with password and authenticator, or go on with the sign-in of a test just before.

    A code works once, so a second sign-in has to wait for the next, up to half a minute.
    """
    if person := await _signed_in_already(clinic, email):
        return person
    person = somebody(clinic)
    password = (await clinic.demo_people())["password"]
    door = f"/api/clinics/{SLUG}/staff"
    step = await person.post(f"{door}/password", {"email": email, "password": password})
    code = await clinic.authenticator_code(email)
    await person.post(f"{door}/totp", {"challenge": step["challenge"], "code": code})
    # The password is the demo's, shown to everybody.
    person.secrets += [step["challenge"], person.token]
    _sign_ins[clinic.base, email] = (time.monotonic(), person.token)
    return person


_sign_ins: dict[tuple[str, str], tuple[float, str]] = {}
_FRESH_S = 300
"""Long before the second factor has to be shown again."""


async def _signed_in_already(clinic: Clinic, email: str) -> Person | None:
    at, token = _sign_ins.get((clinic.base, email), (0.0, ""))
    if not token or time.monotonic() - at > _FRESH_S:
        return None
    person = somebody(clinic)
    person.secrets.append(token)
    person.go_on_with(token)
    if (await person.attempt("GET", "/api/session")).is_success:
        return person
    await person.close()
    return None


async def new_patient(clinic: Clinic, phone: str, given: str, family: str) -> Person:
    """Register as a patient by a code that came by text message."""
    person = somebody(clinic)
    door = f"/api/clinics/{SLUG}"
    earlier = await clinic.codes(phone)
    asked = await person.post(f"{door}/codes", {"contact": phone})
    code = await clinic.next_code(phone, earlier)
    proof = await person.post(f"{door}/codes/{asked['code_id']}/check", {"code": code})
    form = {"given": given, "family": family, "birth_date": "1984-03-09", "time_zone": "America/New_York"}
    await person.post(f"{door}/patients", {"registration": proof["registration"], **form})
    person.secrets += [proof["registration"], person.token]
    return person


async def request_visit(patient: Person, *, words: str, **parts: Any) -> str:
    """Ask for a visit and send a complete, harmless intake; the visit's id. `parts` replace parts of the draft."""
    visit = (await patient.post("/api/visits", {"reason_code": "follow-up"}))["id"]
    await patient.put(f"/api/visits/{visit}/intake", await _saving(patient, visit, words, parts))
    await patient.post(f"/api/visits/{visit}/intake/submit", {"version": 1})
    return str(visit)


async def _saving(patient: Person, visit: str, words: str, parts: JSON) -> JSON:
    consent = await patient.get(f"/api/visits/{visit}/intake/consent?language=en")
    draft = {
        "identity": {"confirmed": "yes"},
        "location": {"line": "5 Pine Rd", "city": "Albany", "state": "NY", "zip": "12207"},
        "contact": {"callback_phone": "(518) 462-5000", "reach_by": "phone"},
        "answers": {**NO_FLAGS, "follow.about": words},
        "no_allergies": True,
        "no_medicines": True,
        "pharmacy": {"name": "Pine Pharmacy"},
        "consent": {
            "agreed": True, "text_hash": consent["hash"], "language": "en", "signature": "Maria Lopez",
        },
    }  # fmt: skip
    return {"version": 0, "step": "identity", "language": "en", "draft": draft | parts}


async def everything_told(clinic: Clinic) -> str:
    """Every SMS and e-mail that left, as one text, without the addresses that they went to."""
    async with clinic.client() as client:
        notices = (await client.get("/api/demo/outbox")).json()
    return json.dumps([[each["kind"], each["subject"], each["text"]] for each in notices])
