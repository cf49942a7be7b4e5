"""What stays closed to who acts for a patient: by scope, in a restricted chart, of a sensitive note."""

from datetime import timedelta

from sqlalchemy import text

from chart.notes.models import Note
from chart.record import store
from chart.record.spec import TERMS
from core import live
from core.actor import Actor, Role
from core.ids import new_id
from identity.permissions import Permission
from identity.privacy.models import SensitiveNote
from identity.related.acting import acting, who_hears
from tests.identity.conftest import Door
from tests.identity.related.conftest import (
    Family,
    act_for,
    booked,
)
from tests.people import make_staff

_WHEREABOUTS = {
    "location": {"line": "1 Elm St", "city": "Albany", "state": "NY", "country": "US"},
    "callback_phone": "+15185550100",
}
_PROBLEM = {
    "resourceType": "Condition",
    "clinicalStatus": {"coding": [{"system": f"{TERMS}condition-clinical", "code": "active"}]},
    "category": [{"coding": [{"system": f"{TERMS}condition-category", "code": "problem-list-item"}]}],
    "code": {"text": "Contraception"},
}
_FLAGGED = """
UPDATE visit SET location = '{"line": "1 Elm St", "city": "Albany", "state": "NY", "country": "US"}',
       red_flags = '[{"code": "chest_pain", "level": "emergency", "at": "2026-11-27T12:00:00Z"},
                     {"code": "unsafe_home", "level": "urgent", "at": "2026-11-27T12:00:00Z"}]'
 WHERE id = :visit
"""


async def _see_restricted(door: Door) -> None:
    """What is restricted is open to every proxy from now on."""
    # Row-level security asks the database's clock, which other tests' moving of ours leaves behind.
    opened = text("UPDATE related_person SET sees_restricted = true, starts_at = least(starts_at, now())")
    async with door.inside() as unit:
        await unit.write.execute(opened)


async def test_no_flag_of_violence_is_shown_to_who_acts_for_a_patient(family: Family) -> None:
    await family.relate(family.leo)
    visit_id = await booked(family.door, family.leo)
    async with family.door.inside() as unit:
        await unit.write.execute(text(_FLAGGED), {"visit": visit_id})
    async with family.door.browser() as tab:
        await family.come_in(tab)
        shown = (await tab.get(f"/api/visits/{visit_id}")).json()["red_flags"]
        assert [flag["code"] for flag in shown] == ["chest_pain"]


async def test_a_no_of_who_acts_for_a_patient_does_not_speak_for_the_patient(family: Family) -> None:
    await family.relate(family.leo)
    async with family.door.browser() as tab:
        await family.come_in(tab)
        said = await tab.post("/api/intake/red-flags", json={"rule": "chest_pain", "yes": False})
        assert said.status_code == 204, said.text
    async with family.door.inside() as unit:
        assert await unit.read.scalar(text("SELECT count(*) FROM urgent_answer")) == 0


async def test_a_narrow_scope_opens_what_it_says_and_no_more(family: Family) -> None:
    await family.relate(family.leo, scope="scheduling")
    await family.relate(family.mia, scope="messages")
    visit_id = await booked(family.door, family.leo)
    async with family.door.browser() as tab:
        await family.come_in(tab)
        await act_for(tab, family.leo)
        async with family.door.inside() as unit:
            await unit.write.execute(text(_FLAGGED), {"visit": visit_id})
        visit = (await tab.get(f"/api/visits/{visit_id}")).json()
        assert (visit["reason_code"], visit["red_flags"], visit["location"]) == ("rash", [], None)
        for path in ("/api/threads", "/api/me/record", "/api/me/accesses", f"/api/visits/{visit_id}/intake"):
            assert (await tab.get(path)).status_code == 403, path
        chosen = (await act_for(tab, family.mia)).json()
        assert "message.read" in chosen["permissions"] and "visit.read" not in chosen["permissions"]
        assert (await tab.get("/api/threads")).status_code == 200
        assert (await tab.get("/api/visits")).status_code == 403


async def test_a_restricted_chart_is_closed_to_a_proxy_unless_the_relation_says_otherwise(
    family: Family,
) -> None:
    await family.relate(family.leo)
    visit_id = await booked(family.door, family.leo)
    mark = {
        "why": "patient_request",
        "reason": "Asked for it at the last visit",
        "ends_at": (family.door.services.clock.now() + timedelta(days=90)).isoformat(),
        "named": [],
    }
    marked = await family.desk.post(f"/api/patients/{family.leo.id}/restriction", json=mark)
    assert marked.status_code == 201, marked.text
    async with family.door.browser() as tab:
        await family.come_in(tab)
        for path in ("/api/visits", "/api/me/record", "/api/me/accesses", "/api/me/related"):
            closed = await tab.get(path)
            assert closed.status_code == 403, (path, closed.text)
            assert closed.json()["code"] == "chart_restricted", path
        visit = (await tab.get(f"/api/visits/{visit_id}")).json()
        assert (visit["restricted"], visit["reason_code"]) == (True, "")
        for deed, body in (("join", _WHEREABOUTS), ("leave", None), ("return", None)):
            refused = await tab.post(f"/api/visits/{visit_id}/{deed}", json=body)
            assert (refused.status_code, refused.json()["code"]) == (403, "chart_restricted"), deed
        await _see_restricted(family.door)
        assert (await tab.get(f"/api/visits/{visit_id}")).json()["reason_code"] == "rash"


async def test_a_sensitive_note_is_closed_to_a_proxy_unless_the_relation_says_otherwise(
    family: Family,
) -> None:
    await family.relate(family.leo)
    visit_id = await booked(family.door, family.leo)
    async with family.door.inside() as unit:
        author = await make_staff(unit.write, Role.CLINICIAN)
        of = {"visit_id": visit_id, "patient_id": family.leo.id}
        saved = {"author_id": author.id, "saved_by": author.id, "saved_at": unit.read.now()}
        note = Note(id=new_id(), **of, **saved, version=1, status="draft", content={})
        unit.write.add(note)
        await unit.write.flush()
        marked = {"category": "sexual_health", "changed_at": unit.read.now(), "changed_by": author.id}
        unit.write.add(SensitiveNote(**of, **marked, note_id=note.id, clinic_id=note.clinic_id))
        await unit.write.flush()
        await store.put(unit.write, family.leo.id, _PROBLEM, visit_id=visit_id)
        of_leo = await who_hears(unit.read, family.leo.id, Permission.SUMMARY_READ)
        of_visit = await who_hears(unit.read, family.leo.id, Permission.SUMMARY_READ, visit_id)
        assert (len(of_leo), len(of_visit)) == (1, 0), "the parent hears of Leo, and not of this visit"
    async with family.door.browser() as tab:
        await family.come_in(tab)
        visit = (await tab.get(f"/api/visits/{visit_id}")).json()
        assert (visit["restricted"], visit["reason_code"]) == (True, "")
        assert (await tab.get("/api/me/record")).json()["problems"] == []
        await _see_restricted(family.door)
        assert (await tab.get(f"/api/visits/{visit_id}")).json()["reason_code"] == "rash"
        assert len((await tab.get("/api/me/record")).json()["problems"]) == 1


async def _hears(door: Door, audiences: frozenset[str]) -> set[str]:
    """The topics of the clinic's live events that reach somebody of these audiences."""
    query = text("SELECT DISTINCT topic FROM live_event WHERE clinic_id = :clinic AND audience && :audiences")
    async with door.inside() as unit:
        rows = await unit.read.execute(query, {"clinic": door.clinic.id, "audiences": sorted(audiences)})
        return set(rows.scalars())


async def test_no_live_event_tells_a_proxy_that_something_happened_beyond_their_scope(family: Family) -> None:
    visit_id = await booked(family.door, family.leo)
    async with family.door.inside() as unit:
        await store.put(unit.write, family.leo.id, _PROBLEM, visit_id=visit_id)
    body = {
        "client_id": str(new_id()),
        "subject": "Results",
        "body": "Come by",
        "patient_id": str(family.leo.id),
    }
    assert (await family.desk.post("/api/threads", json=body)).status_code == 201
    own = Actor(clinic_id=family.door.clinic.id, roles=frozenset({Role.PATIENT}), account_id=new_id())
    heard = {
        scope: await _hears(family.door, live.audiences_of(acting(own, family.leo.id, "MTH", scope)))
        for scope in ("full", "scheduling", "messages")
    }
    told = {"visit.changed", "thread.changed", "chart.changed"}
    assert heard["full"] & told == told
    assert heard["scheduling"] & told == {"visit.changed"}
    assert heard["messages"] & told == {"thread.changed"}
