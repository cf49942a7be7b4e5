"""A restricted chart: who is kept out of what, made from the route table."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import column, func, select, table, text, update

from chart.access import CHART
from chart.prescribing.access import PRESCRIPTION
from chart.record import store
from core.actor import Role, system_actor
from core.database.session import ReadSession, Unit, open_unit
from core.errors import NotFound, Restricted
from core.ids import new_id
from core.subject import Subject
from followup.access import TASK
from identity.models import Account
from identity.permissions import GRANTS, Permission
from identity.readable import Kind, fetch, known, readable
from messaging.access import THREAD
from tests.app.every_route.test_matrix import GUARDED, Route, call
from tests.app.ward import Ward, having, is_masked, tells
from tests.conftest import new_browser
from tests.people import actor_of, sign_in
from tests.statements import counted
from visits.access import VISIT
from visits.models import Visit

WITHOUT_CHART = {
    "POST /api/visits/{visit_id}/admit",
    "POST /api/patients/{patient_id}/open",
    "POST /api/patients/{patient_id}/restriction",
    "POST /api/patients/{patient_id}/restriction/lift",
}
"""What opens or closes the chart; each has a test of its own below."""
HIDDEN = (
    "record",
    "record_history",
    "chart_summary",
    "note",
    "note_version",
    "message",
    "prescription",
)
"""Tables of the world's content that row-level security hides (migration 0048 has them all)."""


async def ask(browser: httpx.AsyncClient, route: Route, ward: Ward) -> httpx.Response:
    return await call(browser, route, dict(ward.world.own.ids))


async def test_no_read_shows_an_outsider_what_the_chart_holds(ward: Ward) -> None:
    seen_by_others: set[str] = set()
    for route in (each for each in GUARDED if each.method == "GET"):
        for role, who in ward.outsiders.items():
            if role not in GRANTS[Permission(route.permission)]:
                continue
            answer = await ask(ward.browser(who), route, ward)
            assert not tells(answer), f"{role}: {route} shows {answer.text}"
            if answer.status_code == 403:
                assert answer.json()["code"] == "chart_restricted", f"{role}: {route} {answer.text}"
                assert answer.json()["data"] == {"patient_id": str(ward.patient_id)}
            else:
                shown = {
                    k: v for k, v in ward.world.own.ids.items() if k in ("visit_id", "task_id", "thread_id")
                }
                assert is_masked(answer, shown), f"{role}: {route} {answer.text}"
            if role is Role.CLINICIAN and tells(await ask(ward.browser(having(ward)), route, ward)):
                seen_by_others.add(str(route))
    # Without it, routes that answer nothing to anybody would prove nothing.
    assert {
        "GET /api/queue",
        "GET /api/tasks",
        "GET /api/threads",
        "GET /api/visits/{visit_id}",
    } <= seen_by_others
    assert len(seen_by_others) >= 8, seen_by_others


async def test_no_write_shows_an_outsider_what_the_chart_holds(ward: Ward) -> None:
    for route in (each for each in GUARDED if each.method != "GET" and str(each) not in WITHOUT_CHART):
        for role, who in ward.outsiders.items():
            if role in GRANTS[Permission(route.permission)]:
                answer = await ask(ward.browser(who), route, ward)
                assert not tells(answer), f"{role}: {route} shows {answer.text}"


@pytest.mark.parametrize(
    ("path", "what"), [("/api/prescriptions", "prescription_id"), ("/api/notes", "note_id")]
)
async def test_what_is_asked_for_by_its_own_id_is_closed_and_not_missing(
    ward: Ward, path: str, what: str
) -> None:
    """Whoever may open the chart with a reason has to learn that there is one to open."""
    browser = ward.browser(ward.outsiders[Role.CLINICIAN])
    end = "/versions" if what == "note_id" else ""
    closed = await browser.get(f"{path}/{ward.world.own.ids[what]}{end}")
    assert (closed.status_code, closed.json()["code"]) == (403, "chart_restricted")
    assert closed.json()["data"] == {"patient_id": str(ward.patient_id)}
    assert (await browser.get(f"{path}/{new_id()}{end}")).status_code == 404


async def whose(ward: Ward, who: Account, condition: Any, kind: Kind[Any]) -> set[UUID]:
    async with open_unit(ward.services, actor_of(who)) as unit:
        query = select(kind.patient).select_from(kind.model).where(condition(kind, unit.read.subject))
        return set(await unit.read.scalars(query))


@pytest.mark.parametrize("kind", [CHART, TASK, THREAD, VISIT], ids=lambda kind: kind.model.__name__)
async def test_a_list_of_what_one_reads_leaves_out_a_closed_chart(ward: Ward, kind: Kind[Any]) -> None:
    """Of these row-level security hides nothing: that they are there is known, to be masked."""
    outsider, other = ward.outsiders[Role.CLINICIAN], ward.world.other.patient.id
    assert await whose(ward, outsider, known, kind) == {ward.patient_id, other}
    assert await whose(ward, outsider, readable, kind) == {other}
    assert await whose(ward, ward.named, readable, kind) == {ward.patient_id, other}


class ByToken(ReadSession):
    """Reads by a token that is held to one patient."""

    def __init__(self, unit: Unit, compartment: UUID) -> None:
        super().__init__(unit)
        self._compartment = compartment

    @property
    def subject(self) -> Subject:
        return replace(super().subject, compartment=self._compartment)


async def test_a_token_for_one_patient_does_not_tell_that_anothers_chart_is_closed(ward: Ward) -> None:
    prescription = ward.world.own.ids["prescription_id"]
    assert isinstance(prescription, UUID)
    # The permission of either reader is enough.
    kind = replace(PRESCRIPTION, reads=PRESCRIPTION.reads | {Permission.RECORD_OWN})
    async with open_unit(ward.services, actor_of(ward.outsiders[Role.CLINICIAN])) as unit:
        with pytest.raises(Restricted):
            await fetch(unit.read, kind, prescription)
        with pytest.raises(Restricted):
            await fetch(ByToken(unit, ward.patient_id), kind, prescription)
        with pytest.raises(NotFound):
            await fetch(ByToken(unit, ward.world.other.patient.id), kind, prescription)


async def test_who_has_the_visit_or_is_named_reads_and_an_hour_after_the_visit_no_more(ward: Ward) -> None:
    outsider = ward.outsiders[Role.CLINICIAN]
    for who, status in ((having(ward), 200), (ward.named, 200), (outsider, 403)):
        assert (await ward.chart(who)).status_code == status
    visit = update(Visit).where(Visit.patient_id == ward.patient_id)
    just_now, before = timedelta(minutes=59), timedelta(minutes=61)
    for ago, status in ((just_now, 200), (before, 403)):
        finished = func.now() - ago
        await ward.as_owner(visit.values(status="finished", finished_at=finished))
        assert (await ward.chart(having(ward))).status_code == status


async def test_the_patient_reads_their_own_record_as_ever(ward: Ward, app: Litestar) -> None:
    async with new_browser(app) as browser:
        sign_in(browser, ward.world.tokens[Role.PATIENT])
        assert (await browser.get("/api/me/record")).status_code == 200
        threads = (await browser.get("/api/threads")).json()["threads"]
        assert [each["restricted"] for each in threads] == [False]


async def test_row_level_security_hides_the_content_from_an_outsider(ward: Ward) -> None:
    of_patient = {"note_version": "note_id = :note", "message": "thread_id = :thread"}
    values = {
        "patient": ward.patient_id,
        "note": ward.world.own.ids["note_id"],
        "thread": ward.world.own.ids["thread_id"],
    }
    for name in HIDDEN:
        where = of_patient.get(name, "patient_id = :patient")
        asked = text(f"SELECT count(*) FROM {name} WHERE {where}")  # noqa: S608  names of ours
        used = {key: value for key, value in values.items() if f":{key}" in where}
        for who, there in ((having(ward), True), (ward.named, True), (ward.outsiders[Role.CLINICIAN], False)):
            async with open_unit(ward.services, actor_of(who)) as unit:
                assert bool(await unit.read.scalar(asked, used)) == there, f"{name} to {who.name}"


async def test_live_push_tells_of_a_restricted_chart_only_to_whom_it_is_open(ward: Ward) -> None:
    live = table("live_event", column("topic"), column("audience"), column("ids"), column("seq"))
    async with open_unit(ward.services, system_actor(ward.world.own.patient.clinic_id)) as unit:
        store.publish_change(unit.write, ward.patient_id)
        store.publish_change(unit.write, ward.world.other.patient.id)
    async with open_unit(ward.services, system_actor(ward.world.own.patient.clinic_id)) as unit:
        asked = select(live.c.audience, live.c.ids).where(live.c.topic == "chart.changed")
        rows = (await unit.read.execute(asked.order_by(live.c.seq.desc()).limit(2))).all()
    heard = {row.ids["patient_id"]: set(row.audience) for row in rows}
    own = {
        f"patient:{ward.patient_id}",
        f"patient:{ward.patient_id}:record.own",
        f"account:{ward.named.id}",
        f"account:{having(ward).id}",
    }
    assert heard[str(ward.patient_id)] == own
    assert "role:clinician" in heard[str(ward.world.other.patient.id)]


async def test_the_prepared_read_of_an_open_chart_is_still_one_statement(ward: Ward) -> None:
    """Of the patient whose chart is restricted, and of another's, by somebody to whom the first is closed."""
    other = f"/api/patients/{ward.world.other.patient.id}/summary"
    for who, path in (
        (ward.named, f"/api/patients/{ward.patient_id}/summary"),
        (ward.outsiders[Role.CLINICIAN], other),
    ):
        assert (await ward.browser(who).get(path)).status_code == 200
        with counted(ward.services) as sent:
            assert (await ward.browser(who).get(path)).status_code == 200
        assert not sent, "the engine of ordinary requests was not asked"
