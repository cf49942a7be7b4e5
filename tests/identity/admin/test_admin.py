"""The administrator's home: people, the clinic, the audit."""

import csv
import io
from dataclasses import replace
from uuid import UUID

import httpx
import msgspec
import pytest
from sqlalchemy import text

from app.asgi import build_app
from core import audit
from core.actor import Role
from core.config import Settings
from core.services import open_services
from identity.clinic import clinics
from identity.models import Account
from tests.identity.conftest import Door, enrol
from tests.people import make_patient, make_staff, parts_of, session_for, sign_in


@pytest.fixture
async def admin(door: Door) -> Account:
    async with door.inside() as unit:
        return await make_staff(unit.write, Role.ADMIN, name="Alex Admin")


@pytest.fixture
async def desk(door: Door, admin: Account, browser: httpx.AsyncClient) -> httpx.AsyncClient:
    """The administrator's browser."""
    async with door.inside() as unit:
        sign_in(browser, await session_for(unit.write, admin))
    return browser


SEARCH = "/api/admin/audit/search"
FORM = {
    "given": "Sam",
    "family": "Doe",
    "email": "sam@clinic.example",
    "roles": ["clinician"],
    "npi": "1234567893",
}


async def test_what_is_wrong_with_a_person_is_said_beside_the_field(desk: httpx.AsyncClient) -> None:
    form = {"family": " ", "email": "x", "roles": [], "npi": "1234567890", "dea": "AB1", "licences": ["XX"]}
    answer = await desk.post("/api/admin/people", json=form)
    assert {each["path"]: each["code"] for each in answer.json()["fields"]} == {
        "family": "required",
        "email": "email_invalid",
        "roles": "roles_required",
        "npi": "npi_invalid",
        "dea": "dea_invalid",
        "licences": "state_unknown",
    }


async def test_an_address_is_staff_once(desk: httpx.AsyncClient) -> None:
    assert (await desk.post("/api/admin/people", json=FORM)).status_code == 201
    again = await desk.post("/api/admin/people", json={**FORM, "email": "SAM@clinic.example", "npi": ""})
    assert again.json()["fields"] == [{"path": "email", "code": "email_taken"}]


async def test_where_no_mail_leaves_the_admin_hands_the_link_over_and_it_opens(
    door: Door, admin: Account, settings: Settings
) -> None:
    real = msgspec.structs.replace(settings, demo=False, twilio_account_sid="AC1")
    async with open_services(real, door.services.clock) as services:
        there = replace(door, services=services, app=build_app(services))
        async with there.inside() as unit:
            session = await session_for(unit.write, admin)
        async with there.browser() as desk, there.browser() as theirs:
            sign_in(desk, session)
            person = (await desk.post("/api/admin/people", json=FORM)).json()
            again = (await desk.post(f"/api/admin/people/{person['id']}/invite")).json()
            assert "link" not in (await desk.get(f"/api/admin/people/{person['id']}")).json(), "shown once"
            statuses = []
            for link in (person["link"], again["link"]):
                token = link.partition("#")[2]
                opened = await theirs.post(there.path("/invites/open"), json={"token": token})
                statuses.append(opened.status_code)
            assert statuses == [409, 200], "the earlier one is void"


async def test_where_mail_leaves_no_admin_sees_the_link(desk: httpx.AsyncClient) -> None:
    assert (await desk.post("/api/admin/people", json=FORM)).json()["link"] is None


@pytest.mark.parametrize("role", ["patient", "system", "guest", "root"])
async def test_staff_are_given_no_other_roles(desk: httpx.AsyncClient, role: str) -> None:
    answer = await desk.post("/api/admin/people", json={**FORM, "roles": [role]})
    assert answer.status_code == 422


async def test_people_are_found_by_name_role_and_page(door: Door, desk: httpx.AsyncClient) -> None:
    async with door.inside() as unit:
        for number in range(60):
            await make_staff(unit.write, Role.CLINICIAN, name=f"Doctor {number:02}")
        await make_patient(unit.write, given="Doctor", family="Patient")
    first = (await desk.get("/api/admin/people", params={"role": "clinician"})).json()
    rest = (await desk.get("/api/admin/people", params={"role": "clinician", "after": first["next"]})).json()
    names = [each["name"] for page in (first, rest) for each in page["people"]]
    assert names == [f"Doctor {number:02}" for number in range(60)] and rest["next"] is None
    found = (await desk.get("/api/admin/people", params={"q": "tor 07"})).json()["people"]
    assert [each["name"] for each in found] == ["Doctor 07"]
    async with door.inside() as unit:
        await make_staff(unit.write, Role.COORDINATOR, name="Zoë Muñoz")
    found = (await desk.get("/api/admin/people", params={"q": "zoe mun"})).json()["people"]
    assert [each["name"] for each in found] == ["Zoë Muñoz"]
    assert (await desk.get("/api/admin/people", params={"q": "%"})).json()["people"] == []
    assert (await desk.get("/api/admin/people", params={"after": "x|y"})).status_code == 422


async def test_whoever_is_disabled_is_out_at_once(door: Door, desk: httpx.AsyncClient) -> None:
    member = await enrol(door)
    async with door.browser() as theirs:
        await member.sign_in(theirs)
        path = f"/api/admin/people/{member.account.id}"
        assert (await desk.post(f"{path}/disable")).json()["status"] == "disabled"
        assert (await theirs.get("/api/session")).status_code == 401
        assert (await member.password(theirs)).status_code == 422
        assert (await desk.post(f"{path}/enable")).json()["status"] == "active"
        assert (await member.password(theirs)).status_code == 200


async def test_another_role_ends_the_sessions(door: Door, desk: httpx.AsyncClient) -> None:
    async with door.inside() as unit:
        account = await make_staff(unit.write, Role.CLINICIAN)
        token = await session_for(unit.write, account)
    async with door.browser() as theirs:
        sign_in(theirs, token)
        form = {**parts_of(account.name), "email": account.email, "roles": ["coordinator"], "version": 1}
        changed = await desk.put(f"/api/admin/people/{account.id}", json=form)
        assert changed.json()["roles"] == ["coordinator"]
        assert (await theirs.get("/api/session")).status_code == 401


async def test_nobody_locks_themselves_out(admin: Account, desk: httpx.AsyncClient) -> None:
    path = f"/api/admin/people/{admin.id}"
    for verb in ("disable", "reset-second-factor"):
        answer = await desk.post(f"{path}/{verb}")
        assert (answer.status_code, answer.json()["code"]) == (409, "not_yourself")
    form = {"given": "Alex", "family": "Admin", "email": admin.email, "roles": ["clinician"], "version": 1}
    assert (await desk.put(path, json=form)).json()["code"] == "not_yourself"


async def test_no_admin_overwrites_what_another_has_just_changed(door: Door, desk: httpx.AsyncClient) -> None:
    person = (await desk.post("/api/admin/people", json=FORM)).json()
    path, seen = f"/api/admin/people/{person['id']}", {**FORM, "version": person["version"]}
    changed = await desk.put(path, json={**seen, "roles": ["clinician", "coordinator"]})
    assert changed.status_code == 200, changed.text
    late = await desk.put(path, json={**seen, "title": "Nurse"})
    assert (late.status_code, late.json()["code"]) == (409, "person_changed")
    again = await desk.put(path, json={**FORM, "title": "Nurse", "version": changed.json()["version"]})
    assert again.json()["title"] == "Nurse"


async def test_a_reset_second_factor_is_set_up_anew_at_the_next_sign_in(
    door: Door, desk: httpx.AsyncClient
) -> None:
    member = await enrol(door)
    async with door.browser() as theirs:
        await member.sign_in(theirs)
        await desk.post(f"/api/admin/people/{member.account.id}/reset-second-factor")
        assert (await theirs.get("/api/session")).status_code == 401
        assert (await member.password(theirs)).json()["step"] == "enrol"


async def test_another_clinics_people_do_not_exist(
    door: Door, desk: httpx.AsyncClient, other_clinic_id: UUID
) -> None:
    from core.actor import system_actor
    from core.database.session import open_unit

    async with open_unit(door.services, system_actor(other_clinic_id)) as unit:
        foreign = await make_staff(unit.write, name="Foreign Canary")
    path = f"/api/admin/people/{foreign.id}"
    for answer in (
        await desk.get(path),
        await desk.put(path, json={**FORM, "version": 1}),
        await desk.post(f"{path}/disable"),
        await desk.post(f"{path}/invite"),
        await desk.post(f"{path}/reset-second-factor"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert "Canary" not in answer.text


CLINIC = {
    "name": "Harbor Family Clinic",
    "time_zone": "America/Chicago",
    "languages": ["en", "es"],
    "hours": {"mon": [["08:00", "12:00"], ["13:00", "17:30"]], "sun": []},
    "emergency_number": "911",
    "phone": "(312) 555-0100 ext. 204",
    "settings": {"staff_idle_minutes": 10, "welcome_en": "Welcome.", "crisis_number": "988"},
}


async def test_an_admin_changes_the_clinics_page(door: Door, desk: httpx.AsyncClient) -> None:
    saved = await desk.put("/api/admin/clinic", json=CLINIC)
    assert saved.status_code == 200, saved.text
    page = (await desk.get(door.path(""))).json()
    assert (page["name"], page["phone"]) == ("Harbor Family Clinic", "+13125550100;ext=204")
    assert page["welcome"]["en"] == "Welcome." and "sun" not in page["hours"]
    assert (await desk.get("/api/admin/clinic")).json()["settings"]["staff_idle_minutes"] == 10


PARTS = {"line": ["1 Harbor Road", ""], "city": " Albany ", "state": "NY", "postalCode": "12207"}


async def test_the_clinics_address_has_parts_and_each_wrong_one_is_named(
    door: Door, desk: httpx.AsyncClient
) -> None:
    saved = await desk.put("/api/admin/clinic", json={**CLINIC, "address": PARTS})
    assert saved.status_code == 200, saved.text
    kept = {**PARTS, "line": ["1 Harbor Road"], "city": "Albany", "country": "US"}
    assert saved.json()["address"] == (await desk.get(door.path(""))).json()["address"] == kept
    # A page that knows of no address takes none away.
    assert (await desk.put("/api/admin/clinic", json=CLINIC)).json()["address"] == kept
    wrong = {**PARTS, "city": " ", "state": "Nowhere"}
    answer = await desk.put("/api/admin/clinic", json={**CLINIC, "address": wrong})
    assert {each["path"]: each["code"] for each in answer.json()["fields"]} == {
        "address.city": "required",
        "address.state": "state_unknown",
    }
    assert (await desk.put("/api/admin/clinic", json={**CLINIC, "address": None})).json()["address"] is None


async def test_an_address_that_nobody_has_split_stays_until_somebody_does(
    door: Door, desk: httpx.AsyncClient
) -> None:
    one_text = {"line": ["1 Harbor Road, Albany, NY 12207"], "city": "", "state": "", "postalCode": ""}
    async with door.inside() as unit:
        (await clinics.current(unit.write)).address = one_text
    form = {**CLINIC, "address": (await desk.get("/api/admin/clinic")).json()["address"]}
    assert (await desk.put("/api/admin/clinic", json=form)).status_code == 200
    half = {**one_text, "line": ["1 Harbor Road"]}
    answer = await desk.put("/api/admin/clinic", json={**CLINIC, "address": half})
    assert [each["path"] for each in answer.json()["fields"]] == [
        "address.city",
        "address.state",
        "address.postalCode",
    ]


async def test_what_is_wrong_with_the_settings_is_said_beside_the_field(desk: httpx.AsyncClient) -> None:
    wrong = {
        **CLINIC,
        "name": "",
        "time_zone": "Nowhere",
        "phone": "12",
        "emergency_number": "",
        "hours": {
            "mon": [["17:00", "09:00"]],
            "tue": [["09:00", "12:00"], ["11:00", "13:00"]],
            "day": [["09:00", "10:00"]],
            "wed": [["9", "25:00"]],
        },
    }
    answer = await desk.put("/api/admin/clinic", json=wrong)
    assert {each["path"]: each["code"] for each in answer.json()["fields"]} == {
        "name": "required",
        "time_zone": "time_zone_unknown",
        "phone": "phone_invalid",
        "emergency_number": "required",
        "hours.mon.0": "ends_before_it_starts",
        "hours.tue.1": "overlaps",
        "hours.day": "not_a_day",
        "hours.wed.0": "not_a_time",
    }
    long = {**CLINIC, "settings": {"staff_idle_minutes": 600}}
    assert (await desk.put("/api/admin/clinic", json=long)).status_code == 422


async def test_consent_texts_are_versions_in_two_languages(door: Door, desk: httpx.AsyncClient) -> None:
    half = await desk.post("/api/admin/consent", json={"body_en": "I agree.", "body_es": " "})
    assert half.json()["fields"] == [{"path": "body_es", "code": "required"}]
    for number in (1, 2):
        made = await desk.post(
            "/api/admin/consent", json={"body_en": f"I agree, {number}.", "body_es": f"Acepto, {number}."}
        )
    assert [(each["version"], each["body_en"]) for each in made.json()] == [
        (2, "I agree, 2."),
        (1, "I agree, 1."),
    ]


async def test_the_audit_tells_who_saw_whom(door: Door, desk: httpx.AsyncClient) -> None:
    async with door.inside() as unit:
        doctor = await make_staff(unit.write, name="Dr Quinn")
        patient = await make_patient(unit.write, given="Zoë", family="Quill")
        other = await make_patient(unit.write)
        await unit.write.flush()
    from core.database.session import open_unit
    from tests.people import actor_of

    async with open_unit(door.services, actor_of(doctor)) as unit:
        await audit.log(unit.read, "chart.read", patient_id=patient.id)
        await audit.log(unit.read, "note.sign", patient_id=other.id)
    wanted = {"who": "quinn", "patient": "zoe q", "action": "chart."}
    found = (await desk.post(SEARCH, json=wanted)).json()["entries"]
    assert [(each["who"], each["action"], each["patient"]) for each in found] == [
        ("Dr Quinn", "chart.read", "Zoë Quill")
    ]
    by_number = await desk.post(SEARCH, json={"patient": patient.mrn})
    assert {each["mrn"] for each in by_number.json()["entries"]} == {patient.mrn}
    assert (await desk.post(SEARCH, json={"since": "2026-01-01T00:00:00"})).status_code == 422


async def test_the_audit_is_paged_without_gap_or_repeat(door: Door, desk: httpx.AsyncClient) -> None:
    async with door.inside() as unit:
        for number in range(120):
            await audit.log(unit.read, "test.page", detail={"number": number})
    seen: list[int] = []
    before: int | None = None
    while True:
        params: dict[str, str | int] = {"action": "test.page"}
        if before:
            params["before"] = before
        page = (await desk.post(SEARCH, json=params)).json()
        seen += [each["detail"]["number"] for each in page["entries"]]
        before = page["next"]
        if before is None:
            break
    assert seen == list(range(119, -1, -1))


async def test_a_spreadsheet_finds_no_formula_in_the_export(door: Door, desk: httpx.AsyncClient) -> None:
    async with door.services.system.begin() as connection:
        await connection.execute(
            text("UPDATE account SET name = '=cmd|''/c calc''!A1' WHERE clinic_id = :clinic"),
            {"clinic": door.clinic.id},
        )
    await desk.get("/api/admin/clinic")
    await desk.put("/api/admin/clinic", json=CLINIC)
    answer = await desk.post("/api/admin/audit/export", json={})
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert any(row["who"] == "'=cmd|'/c calc'!A1" for row in rows)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.COORDINATOR, None])
async def test_only_admins_come_in(door: Door, browser: httpx.AsyncClient, role: Role | None) -> None:
    async with door.inside() as unit:
        who = await (make_staff(unit.write, role) if role else make_patient(unit.write))
        sign_in(browser, await session_for(unit.write, who))
    for path in ("/api/admin/people", "/api/admin/clinic"):
        answer = await browser.get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
    for path in (SEARCH, "/api/admin/audit/export"):
        answer = await browser.post(path, json={})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")


@pytest.mark.parametrize(
    "name", ["Harbor\r\nBcc: all@elsewhere.example", "Harbor\u202eevil", "Harbor\x1b[2J"]
)
async def test_a_name_begins_no_line_of_an_email_and_turns_no_text_around(
    desk: httpx.AsyncClient, name: str
) -> None:
    person = {"family": name, "email": "x@y.example", "roles": ["clinician"], "title": name}
    for answer, paths in (
        (await desk.put("/api/admin/clinic", json={**CLINIC, "name": name}), {"name"}),
        # Blanks of any kind within a name become one space, so a line break ends there.
        (
            await desk.post("/api/admin/people", json=person),
            {"title"} if "\r\n" in name else {"family", "title"},
        ),
    ):
        assert answer.status_code == 422
        assert {each["path"]: each["code"] for each in answer.json()["fields"]} == dict.fromkeys(
            paths, "control_characters"
        )
