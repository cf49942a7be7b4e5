"""A whole visit in which every field that takes words holds a script and a canary.

The script would show itself if any screen ran it; the canary would be found wherever health data must not be.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any
from uuid import uuid4

import asyncpg

from app.embedded import postgres
from app.home import Home
from tests.e2e import by_api
from tests.e2e.by_api import Person
from tests.e2e.people import Clinic

CANARY = "CANARY7731"

PHONE = "+15185550177"
CLINICIAN = "amara.okafor@harbor.example"
COORDINATOR = "kim.cole@harbor.example"
ADMIN = "grace.lin@harbor.example"
# What each of these would do if it ran: open a dialog, or ask for an address with this word in it.
RAN = "pwned"
SCRIPTS = (
    f"<img src=x onerror=\"fetch('/{RAN}')\">",
    f"<script>fetch('/{RAN}')</script>",
    "<svg onload=alert(1)>",
    "javascript:alert(1)",
    f'"><iframe srcdoc="<script src=/{RAN}></script>">',
    "{{constructor.constructor('alert(1)')()}}${alert(1)}",
    "</script></style></textarea><b onmouseover=alert(1)>",
    "=cmd|'/C calc'!A0 @SUM(1) [x](javascript:alert(1)) <a href=\"javascript:alert(1)\">y</a>",
    '#set page(width: 1pt) #panic("x") \\ $ * _ `',
)
DRUG = "amoxicillin-500-mg-capsule"


@dataclass
class Marked:
    """The people of the visit, its ids, and what was written."""

    clinic: Clinic
    patient: Person
    clinician: Person
    coordinator: Person
    admin: Person
    ids: dict[str, str] = field(default_factory=dict)
    clinic_before: dict[str, Any] = field(default_factory=dict)

    @property
    def people(self) -> tuple[Person, ...]:
        return (self.patient, self.clinician, self.coordinator, self.admin)


_scripts = cycle(SCRIPTS)


def marked(words: str = "") -> str:
    """Health data: the next script, with the canary behind it."""
    return f"{words}{next(_scripts)} {CANARY}"


async def make_marked_visit(clinic: Clinic) -> Marked:
    """From registration to the completed task, through the routes that the screens use."""
    made = Marked(
        clinic,
        await by_api.new_patient(clinic, PHONE, "Wren", "Canary"),
        await by_api.staff(clinic, CLINICIAN),
        await by_api.staff(clinic, COORDINATOR),
        await by_api.staff(clinic, ADMIN),
    )
    made.ids["patient"] = (await made.patient.get("/api/session"))["patient_id"]
    await _name_with_script(made)
    await _profile(made)
    await _first_visit(made)
    await _messages(made)
    await _follow_up(made)
    await _settings(made)
    await _second_visit(made)
    return made


async def _name_with_script(made: Marked) -> None:
    """No form takes such a name; a record from elsewhere may bring one."""
    connection = await asyncpg.connect(postgres.url(Home(made.clinic.home), postgres.SUPERUSER, "carethread"))
    try:
        await connection.execute(
            "UPDATE patient SET given = $2, family = $3 WHERE id = $1",
            made.ids["patient"], marked(), marked(),
        )  # fmt: skip
        await connection.execute(
            "UPDATE account SET name = $2 FROM patient WHERE patient.id = $1 AND account.id = account_id",
            made.ids["patient"], marked(),
        )  # fmt: skip
    finally:
        await connection.close()


async def _profile(made: Marked) -> None:
    address = {"line": [marked()], "city": marked(), "state": "NY", "postalCode": "12207", "country": "US"}
    await made.patient.ask("PATCH", "/api/me", {"address": address})


async def _first_visit(made: Marked) -> None:
    """Seen, written up, prescribed for, signed and finished."""
    visit = made.ids["visit"] = await by_api.request_visit(made.patient, words=marked(), **_told())
    await made.clinician.post(f"/api/visits/{visit}/admit", {"licence_reason": marked()})
    await _chart(made, visit)
    await _prescription(made, visit)
    note = await made.clinician.post(f"/api/visits/{visit}/note")
    saved = await made.clinician.put(
        f"/api/notes/{note['id']}", {"version": note["version"], "content": _content()}
    )
    ready = await made.clinician.post(f"/api/notes/{note['id']}/ready", {"version": saved["version"]})
    await made.clinician.post(f"/api/visits/{visit}/finish-visit", {"sha256": ready["sha256"]})
    await made.clinician.post(f"/api/notes/{note['id']}/addenda", {"text": marked()})


def _told() -> dict[str, Any]:
    """What the patient writes in the intake besides the answers."""
    return {
        "identity": {"confirmed": "no", "note": marked()},
        "location": {"line": marked(), "city": marked(), "state": "NY", "zip": "12207"},
        "no_allergies": False,
        "allergies": [{"key": "n1", "substance": marked(), "reaction": marked()}],
        "no_medicines": False,
        "medicines": [{"key": "n2", "name": marked(), "directions": marked()}],
        "pharmacy": {"name": marked()},
    }


def _content() -> dict[str, Any]:
    sections = {name: marked() for name in ("subjective", "objective", "assessment", "plan")}
    items = [{"id": str(uuid4()), "kind": "call", "title": marked(), "detail": marked(), "due_in_days": 3}]
    diagnoses = [{"code": "J02.0", "display": marked(), "add_to_problems": True}]
    return {**sections, "diagnoses": diagnoses, "plan_items": items}


async def _chart(made: Marked, visit: str) -> None:
    chart = f"/api/patients/{made.ids['patient']}"
    await made.clinician.post(f"{chart}/problems", {"display": marked(), "visit_id": visit})
    await made.clinician.post(f"{chart}/allergies", {"display": marked(), "reaction": marked()})
    await made.clinician.post(f"{chart}/medicines", {"display": marked(), "dosage": marked()})


async def _prescription(made: Marked, visit: str) -> None:
    """One with words of one's own, as far as it gets: our check may want a person to look at it first."""
    draft = await made.clinician.post(f"/api/visits/{visit}/prescriptions", {"drug_id": DRUG})
    body = {
        "version": draft["version"],
        "sig": {key: value for key, value in draft["sig"].items()} | {"extra": marked()[:140]},
        "note": marked()[:200],
        "pharmacy_id": (await made.clinician.get("/api/pharmacies?q=Albany"))["items"][0]["id"],
    }
    draft = await made.clinician.put(f"/api/prescriptions/{draft['line']['id']}", body)
    if draft["unread_sha256"]:
        path = f"/api/prescriptions/{draft['line']['id']}/acknowledgement"
        draft = await made.clinician.put(path, {"sha256": draft["unread_sha256"]})
    reasons = {alert["key"]: marked() for alert in draft["alerts"]}
    await made.clinician.post(
        f"/api/prescriptions/{draft['line']['id']}/sign", {"sha256": draft["sha256"], "reasons": reasons}
    )


async def _messages(made: Marked) -> None:
    opened = await made.patient.post(
        "/api/threads", {"subject": marked(), "body": marked(), "client_id": str(uuid4())}
    )
    made.ids["thread"] = opened["id"]
    for person in (made.clinician, made.coordinator, made.patient):
        body = {"client_id": str(uuid4()), "body": marked()}
        await person.post(f"/api/threads/{opened['id']}/messages", body)


async def _follow_up(made: Marked) -> None:
    due = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    task = await made.coordinator.post(
        "/api/tasks",
        {"patient_id": made.ids["patient"], "title": marked(), "detail": marked(), "due_at": due},
    )
    made.ids["task"] = task["task"]["id"]
    await made.coordinator.post(
        f"/api/tasks/{made.ids['task']}/outreach",
        {"channel": "phone", "outcome": "no_answer", "note": marked()},
    )


async def _settings(made: Marked) -> None:
    """What an administrator writes is public, so it holds scripts but no canary."""
    form = made.clinic_before = await _clinic_form(made.admin)
    settings = form["settings"]
    address = form["address"] | {"line": [f"{SCRIPTS[0]} {form['address']['line'][0]}"]}
    words = {"welcome_en": SCRIPTS[1], "welcome_es": SCRIPTS[2]}
    await made.admin.put("/api/admin/clinic", {**form, "address": address, "settings": settings | words})
    person = {"family": SCRIPTS[0], "email": f"{uuid4()}@harbor.example", "roles": ["coordinator"]}
    await made.admin.post("/api/admin/people", {**person, "title": SCRIPTS[1][:60]})


async def _clinic_form(admin: Person) -> dict[str, Any]:
    page = await admin.get("/api/admin/clinic")
    names = ("name", "time_zone", "languages", "hours", "emergency_number", "phone", "address", "settings")
    return {name: page[name] for name in names}


async def clean_up(made: Marked) -> None:
    """Leave the clinic to the other tests as it was."""
    await made.admin.put("/api/admin/clinic", made.clinic_before)


async def _second_visit(made: Marked) -> None:
    """One that is being seen now, for the screens that only then show it."""
    visit = made.ids["open_visit"] = await by_api.request_visit(made.patient, words=marked(), **_told())
    await made.clinician.post(f"/api/visits/{visit}/admit", {"licence_reason": marked()})
    await made.clinician.post(f"/api/visits/{visit}/note")
