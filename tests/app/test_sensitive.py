"""A sensitive note: who is kept out of its words, made from the route table, and how it is opened all the same."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import func, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from app.registry import all_subscribers
from chart.notes import finishing, sensitivity, service, signing
from chart.notes.domain import DiagnosisLine, NoteContent, PlanKind, PlanLine
from chart.reference import SETS
from core.actor import Role, system_actor
from core.database.reference import ensure_loaded
from core.database.session import open_unit
from core.events.relay import drain
from core.ids import new_id
from core.services import Services
from identity.models import Account
from identity.permissions import GRANTS, Permission
from identity.privacy import service as privacy
from identity.privacy.domain import Sensitive, Why
from identity.privacy.models import ChartOpening
from tests.app.every_route.test_matrix import GUARDED, call
from tests.app.every_route.world import World, make_world
from tests.conftest import make_clinic_row, new_browser
from tests.people import actor_of, make_staff, session_for, sign_in
from tests.statements import counted
from visits.models import Visit

SECRET = "SECRET4471"
DIAGNOSIS = DiagnosisLine("F41.1", "Generalized anxiety disorder")
REASON = "The patient asks about the plan of that visit"
HIDDEN = {
    "note": "visit_id = :visit",
    "note_version": "note_id = :note",
    "note_addendum": "note_id = :note",
    "plan_item": "visit_id = :visit",
    "after_visit_summary": "visit_id = :visit",
    "file": "visit_id = :visit",
    "record": "visit_id = :visit AND category = 'encounter-diagnosis'",
    "record_history": "resource #>> '{category,0,coding,0,code}' = 'encounter-diagnosis'",
}
"""What row-level security hides (migrations 0053 and 0057)."""


@dataclass
class Ward:
    """The world of the matrix, whose own patient's note is signed, sensitive, and hours old."""

    services: Services
    owner: AsyncEngine
    world: World
    author: Account
    officer: Account
    outsiders: dict[Role, Account]
    browsers: dict[UUID, httpx.AsyncClient]

    @property
    def patient_id(self) -> UUID:
        return self.world.own.patient.id

    def named(self, what: str) -> UUID:
        found = self.world.own.ids[what]
        assert isinstance(found, UUID)
        return found

    @property
    def note_path(self) -> str:
        return f"/api/visits/{self.named('visit_id')}/note"

    def browser(self, who: Account) -> httpx.AsyncClient:
        return self.browsers[who.id]

    async def note(self, who: Account) -> httpx.Response:
        return await self.browser(who).get(self.note_path)

    async def mark(self, who: Account, category: str | None) -> httpx.Response:
        path = f"/api/notes/{self.named('note_id')}/sensitivity"
        return await self.browser(who).put(path, json={"category": category})

    async def open(self, who: Account) -> httpx.Response:
        return await self.browser(who).post(f"/api/patients/{self.patient_id}/open", json={"reason": REASON})

    async def last_visit(self, browser: httpx.AsyncClient, path: str | None = None) -> Any:
        """The note's visit as the chart summary shows it."""
        answer = await browser.get(path or f"/api/patients/{self.patient_id}/summary")
        assert answer.status_code == 200, answer.text
        [found] = [each for each in answer.json()["visits"] if each["id"] == str(self.named("visit_id"))]
        return found


async def _signed(services: Services, world: World, author: Account) -> None:
    """The world's note, whose every part has the secret word, marked, signed and added to."""
    note_id, visit_id = world.own.ids["note_id"], world.own.ids["visit_id"]
    assert isinstance(note_id, UUID)
    assert isinstance(visit_id, UUID)
    content = NoteContent(
        subjective=f"{SECRET} s",
        objective=f"{SECRET} o",
        assessment=f"{SECRET} a",
        plan=f"{SECRET} p",
        diagnoses=[DIAGNOSIS],
        plan_items=[PlanLine(new_id(), PlanKind.CALL, f"{SECRET} item", 1, f"{SECRET} detail")],
    )
    async with open_unit(services, actor_of(author)) as unit:
        note = await service.note_by_id(unit.read, note_id)
        await service.save(unit.write, note_id, note.version, content)
    async with open_unit(services, actor_of(author)) as unit:
        note = await service.note_by_id(unit.read, note_id)
        ready = await signing.make_ready(unit.write, note_id, note.version)
        await sensitivity.mark(unit.write, note_id, Sensitive.MENTAL_HEALTH)
        given_up = world.own.ids["prescription_id"]
        assert isinstance(given_up, UUID)
        await finishing.finish_visit(unit.write, visit_id, ready.sha256 or "", [given_up])
        await signing.add_addendum(unit.write, note_id, f"{SECRET} addendum")


@pytest.fixture
async def ward(services: Services, owner: AsyncEngine, app: Litestar) -> AsyncIterator[Ward]:
    await ensure_loaded(owner, SETS)
    clinic_id = await make_clinic_row(owner)
    world = await make_world(services, clinic_id, await make_clinic_row(owner))
    author = world.people[Role.CLINICIAN]
    assert isinstance(author, Account)
    await _signed(services, world, author)
    await drain(services, all_subscribers(), clinic_id)
    async with owner.begin() as connection:
        long_ago = func.now() - timedelta(hours=2)
        visit = update(Visit).where(Visit.id == world.own.ids["visit_id"])
        await connection.execute(visit.values(finished_at=long_ago))
    async with open_unit(services, system_actor(clinic_id)) as unit:
        officer = await make_staff(unit.write, Role.PRIVACY, name="Olga Officer")
        outsiders = {
            role: await make_staff(unit.write, role, name=f"Out {role}")
            for role in (Role.CLINICIAN, Role.COORDINATOR)
        }
        browsers = {}
        for who in (author, officer, *outsiders.values()):
            browsers[who.id] = new_browser(app)
            sign_in(browsers[who.id], await session_for(unit.write, who))
    yield Ward(services, owner, world, author, officer, outsiders, browsers)
    for browser in browsers.values():
        await browser.aclose()


@pytest.mark.parametrize("reads", [True, False], ids=["reads", "writes"])
async def test_no_route_shows_an_outsider_what_the_note_says(ward: Ward, reads: bool) -> None:
    seen_by_author, closed = set(), set()
    for route in (each for each in GUARDED if (each.method == "GET") == reads):
        if route.path.endswith("/open") or route.path.endswith("/admit"):
            continue
        for role, who in ward.outsiders.items():
            if role not in GRANTS[Permission(route.permission)]:
                continue
            answer = await call(ward.browser(who), route, dict(ward.world.own.ids))
            assert SECRET not in answer.text, f"{role}: {route} shows {answer.text}"
            if reads:
                assert DIAGNOSIS.display not in answer.text, f"{role}: {route} shows {answer.text}"
            if answer.status_code == 403 and answer.json()["code"] == "chart_restricted":
                assert answer.json()["data"] == {"patient_id": str(ward.patient_id), "part": "note"}
                closed.add(str(route))
        if reads and Role.CLINICIAN in GRANTS[Permission(route.permission)]:
            answer = await call(ward.browser(ward.author), route, dict(ward.world.own.ids))
            if SECRET in answer.text:
                seen_by_author.add(str(route))
    if reads:
        # Without it, routes that answer nothing to anybody would prove nothing.
        assert {
            "GET /api/visits/{visit_id}/note",
            "GET /api/notes/{note_id}/versions",
            "GET /api/visits/{visit_id}/summary",
            "GET /api/tasks",
        } <= seen_by_author, seen_by_author
        assert "GET /api/visits/{visit_id}/summary.pdf" in closed
    else:
        assert "POST /api/notes/{note_id}/addenda" in closed


async def test_row_level_security_hides_the_words_from_an_outsider(ward: Ward) -> None:
    values = {"visit": ward.named("visit_id"), "note": ward.named("note_id")}
    for name, where in HIDDEN.items():
        asked = text(f"SELECT count(*) FROM {name} WHERE {where}")  # noqa: S608  names of ours
        used = {key: value for key, value in values.items() if f":{key}" in where}
        for who, there in ((ward.author, True), (ward.outsiders[Role.CLINICIAN], False)):
            async with open_unit(ward.services, actor_of(who)) as unit:
                assert bool(await unit.read.scalar(asked, used)) == there, f"{name} to {who.name}"


async def test_lists_say_that_there_is_something_restricted(ward: Ward) -> None:
    outsider = ward.browser(ward.outsiders[Role.COORDINATOR])
    visits = (await outsider.get("/api/visits", params={"patient_id": str(ward.patient_id)})).json()
    [visit] = [each for each in visits if each["id"] == str(ward.named("visit_id"))]
    assert (visit["restricted"], visit["reason_code"]) == (True, "")
    tasks = [each for each in (await outsider.get("/api/tasks")).json()["tasks"] if each["restricted"]]
    assert tasks
    assert {(each["patient_id"], each["title"], each["detail"]) for each in tasks} == {
        (str(ward.patient_id), "", "")
    }


async def test_each_readers_summary_is_their_own_and_others_are_still_one_statement(
    ward: Ward, app: Litestar
) -> None:
    outsider, author = ward.browser(ward.outsiders[Role.CLINICIAN]), ward.browser(ward.author)
    for _ in range(2):
        closed = await ward.last_visit(outsider)
        assert (closed["restricted"], closed["reason_code"], closed["diagnoses"]) == (True, "", [])
        opened = await ward.last_visit(author)
        assert (opened["restricted"], opened["diagnoses"][0]["code"]) == (False, DIAGNOSIS.code)
    async with new_browser(app) as browser:
        sign_in(browser, ward.world.tokens[Role.PATIENT])
        own = await ward.last_visit(browser, "/api/me/record")
        assert (own["restricted"], own["diagnoses"][0]["code"]) == (False, DIAGNOSIS.code)
        summary = await browser.get(f"/api/visits/{ward.named('visit_id')}/summary")
        assert SECRET in summary.text, "the patient reads their own"
    other = f"/api/patients/{ward.world.other.patient.id}/summary"
    assert (await outsider.get(other)).status_code == 200
    with counted(ward.services) as sent:
        assert (await outsider.get(other)).status_code == 200
    assert not sent, "the engine of ordinary requests was not asked"


async def test_opening_with_a_reason_is_for_an_hour_reviewed_and_told_to_the_patient(
    ward: Ward, app: Litestar
) -> None:
    who = ward.outsiders[Role.CLINICIAN]
    assert (await ward.note(who)).json()["code"] == "chart_restricted"
    opened = await ward.open(who)
    assert opened.status_code == 201, opened.text
    assert SECRET in (await ward.note(who)).text
    assert (await ward.last_visit(ward.browser(who)))["restricted"] is False
    assert (await ward.note(ward.outsiders[Role.COORDINATOR])).status_code == 403
    page = (await ward.browser(ward.officer).get("/api/privacy/openings")).json()
    told = [(each["by"], each["reason"], each["why"], each["sensitive"]) for each in page["openings"]]
    assert (who.name, REASON, None, ["mental_health"]) in told
    async with new_browser(app) as browser:
        sign_in(browser, ward.world.tokens[Role.PATIENT])
        lines = (await browser.get("/api/me/accesses")).json()
    assert (who.name, "chart.break_glass") in [(line["who"], line["what"]) for line in lines]
    async with ward.owner.begin() as connection:
        over = update(ChartOpening).where(ChartOpening.account_id == who.id)
        await connection.execute(over.values(until=func.now()))
    assert (await ward.note(who)).status_code == 403


async def test_who_is_named_for_the_chart_reads_and_the_author_as_ever(ward: Ward) -> None:
    named = ward.outsiders[Role.CLINICIAN]
    async with open_unit(ward.services, actor_of(ward.outsiders[Role.COORDINATOR])) as unit:
        ends = unit.write.now() + timedelta(days=30)
        who = [named.id, ward.author.id]
        await privacy.restrict(unit.write, ward.patient_id, Why.STAFF, "Works at the desk", ends, who)
    assert SECRET in (await ward.note(named)).text
    assert SECRET in (await ward.note(ward.author)).text


async def test_only_who_wrote_the_note_marks_it_and_takes_the_mark_back(ward: Ward) -> None:
    outsider = ward.outsiders[Role.CLINICIAN]
    assert (await ward.mark(outsider, None)).json()["code"] == "chart_restricted"
    assert (await ward.mark(ward.author, "secret")).status_code == 422
    for _ in range(2):
        changed = await ward.mark(ward.author, "substance_use")
        assert (changed.status_code, changed.json()["sensitive"]) == (200, "substance_use")
    assert (await ward.note(outsider)).status_code == 403
    assert (await ward.mark(ward.author, None)).json()["sensitive"] is None
    read = (await ward.note(outsider)).json()
    assert (read["sensitive"], read["mine"], read["status"]) == (None, False, "signed")
    assert (await ward.mark(outsider, "mental_health")).json()["code"] == "not_your_visit"
    assert (await ward.open(outsider)).json()["code"] == "chart_is_open"
    # The summary is one for all readers again, and kept.
    browser = ward.browser(outsider)
    assert (await ward.last_visit(browser))["diagnoses"][0]["code"] == DIAGNOSIS.code
    with counted(ward.services) as sent:
        await ward.last_visit(browser)
    assert not sent
