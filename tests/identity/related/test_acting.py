"""Who may act for whom, from the sign-in to the end of the relation, and what an attacker in the family tries."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select, text

from core.actor import Role
from core.clock import FrozenClock
from core.ids import new_id
from identity.models import Patient
from identity.person.age import years_old
from identity.related.tasks import end_what_is_over
from identity.sessions.authentication import streams_alive
from messaging import service as messaging
from tests.identity.conftest import Door
from tests.identity.related.conftest import (
    NOTE,
    PHONE,
    REASON,
    Family,
    act_for,
    booked,
    make_child,
    session,
    staff_browser,
)
from tests.people import make_patient, session_for, sign_in


async def test_whoever_acts_for_several_and_was_not_it_is_called(family: Family) -> None:
    await family.relate(family.leo)
    await family.relate(family.mia)
    async with family.door.browser() as tab:
        await family.come_in(tab)
        assert (await tab.post("/api/me/security-events/not-mine")).status_code < 300
    async with family.door.inside() as unit:
        found = text("SELECT ids ->> 'patient_id' FROM outbox WHERE name = :event AND clinic_id = :clinic")
        called = (
            (
                await unit.read.execute(
                    found, {"event": "identity.account_not_mine", "clinic": family.door.clinic.id}
                )
            )
            .scalars()
            .all()
        )
    assert called == [str(family.leo.id)]


async def _acted(door: Door, patient: Patient) -> list[tuple[str, str | None]]:
    """Who did something for this patient, with their relationship, as the audit has it."""
    query = text(
        "SELECT action, detail->>'relationship' AS relationship FROM audit_event WHERE patient_id = :patient "
        "AND detail ? 'acting_for' AND detail->>'acting_for' = :patient_text ORDER BY seq"
    )
    async with door.inside() as unit:
        rows = await unit.read.execute(query, {"patient": patient.id, "patient_text": str(patient.id)})
        return [(row.action, row.relationship) for row in rows]


async def test_a_mother_of_two_signs_in_once_and_says_for_whom(family: Family) -> None:
    await family.relate(family.leo)
    await family.relate(family.mia)
    await booked(family.door, family.leo)
    async with family.door.browser() as phone:
        begun = await family.come_in(phone)
        assert (begun["patient_id"], begun["name"]) == (None, "Ana Reyes")
        assert [each["name"] for each in begun["patients"]] == ["Leo Reyes", "Mia Reyes"]
        refused = await phone.get("/api/visits")
        assert (refused.status_code, refused.json()["code"]) == (403, "choose_patient")
        chosen = (await act_for(phone, family.leo)).json()
        assert (chosen["patient_name"], chosen["relationship"]) == ("Leo Reyes", "MTH")
        assert len((await phone.get("/api/visits")).json()) == 1
        await act_for(phone, family.mia)
        assert (await phone.get("/api/visits")).json() == []


async def test_nobody_learns_of_the_household_before_they_proved_who_they_are(family: Family) -> None:
    await family.relate(family.leo)
    async with family.door.browser() as phone:
        proof = await family.door.prove(phone, PHONE)
        assert proof["outcome"] == "identify"
        for said in ({"birth_date": "2018-05-01"}, {"birth_date": "1990-04-03"}):
            wrong = await family.door.identify(phone, proof, "Reyes", **said)
            assert wrong.status_code == 422
            assert "Leo" not in wrong.text and "Ana" not in wrong.text
        assert (await phone.get("/api/session")).status_code == 401


async def test_a_first_name_is_no_answer_on_a_new_device(family: Family) -> None:
    """It is told in every message to the family, and children call it across the room."""
    await family.relate(family.leo)
    async with family.door.browser() as phone:
        proof = await family.door.prove(phone, PHONE)
        for said in ("Ana", "Ana Reyes"):
            wrong = await family.door.identify(phone, proof, said, birth_date="1990-04-02")
            assert (wrong.status_code, wrong.json()["fields"][0]["code"]) == (422, "identity_refused")
        assert (await family.door.identify(phone, proof, "reyes", birth_date="1990-04-02")).status_code == 200


async def test_a_relation_opens_nothing_until_it_is_verified(family: Family) -> None:
    added = await family.add(family.leo)
    assert added.json()["acts"] is False
    async with family.door.browser() as phone:
        proof = await family.door.prove(phone, PHONE)
        refused = await family.door.identify(phone, proof, "Ana Reyes", birth_date="1990-04-02")
        assert refused.status_code == 422


async def test_an_open_tab_of_somebody_whose_relation_ended_reads_and_writes_nothing(family: Family) -> None:
    relation_id = await family.relate(family.leo)
    visit_id = await booked(family.door, family.leo)
    async with family.door.browser() as tab:
        begun = await family.come_in(tab)
        page = {"carethread-patient": str(family.leo.id)}
        assert begun["patient_id"] == str(family.leo.id), "the only patient needs no asking"
        stream = (UUID(begun["session_id"]), family.leo.id)
        assert await streams_alive(family.door.services, {stream}) == {stream}
        ended = await family.end(relation_id)
        assert ended.json()["ended_because"] == "staff"
        assert await streams_alive(family.door.services, {stream}) == set()
        for answer in (
            await tab.get(f"/api/visits/{visit_id}", headers=page),
            await tab.post(f"/api/visits/{visit_id}/cancel", json={}, headers=page),
        ):
            assert (answer.status_code, answer.json()["code"]) == (409, "acting_for_changed")
        bare = await tab.get(f"/api/visits/{visit_id}")
        assert (bare.status_code, bare.json()["code"]) == (403, "choose_patient")
        assert (await session(tab))["patients"] == []
        assert (await act_for(tab, family.leo)).status_code == 404


async def test_a_page_about_one_child_does_nothing_for_the_other(family: Family) -> None:
    await family.relate(family.leo)
    await family.relate(family.mia)
    async with family.door.browser() as tab:
        await family.come_in(tab)
        await act_for(tab, family.leo)
        await act_for(tab, family.mia)
        body = {"subject": "Fever", "body": "Since Monday", "client_id": str(new_id())}
        stale = await tab.post("/api/threads", json=body, headers={"carethread-patient": str(family.leo.id)})
        assert (stale.status_code, stale.json()["code"]) == (409, "acting_for_changed")


async def test_another_patients_id_in_the_selection_does_not_exist(family: Family) -> None:
    await family.relate(family.leo)
    async with family.door.browser() as tab:
        await family.come_in(tab)
        for stranger in (family.mia, await make_child(family.door, "Zoe")):
            assert (await act_for(tab, stranger)).status_code == 404
        assert (await session(tab))["patient_id"] == str(family.leo.id)


async def test_a_proxy_who_changes_their_profile_changes_their_own(family: Family) -> None:
    await family.relate(family.leo)
    async with family.door.browser() as tab:
        await family.come_in(tab)
        answer = await tab.patch("/api/me", json={"time_zone": "America/Chicago", "locale": "es"})
        assert answer.status_code == 200, answer.text
    async with family.door.inside() as unit:
        leo = await unit.read.one_or_not_found(select(Patient).where(Patient.id == family.leo.id))
    assert (leo.time_zone, leo.language, leo.phone) == ("America/New_York", "en", None)


async def test_the_audit_says_who_acted_and_for_whom_and_the_patient_reads_it(family: Family) -> None:
    async with family.door.inside() as unit:
        leo = await make_patient(unit.write, given="Leon", phone="+12125550199")
        own = await session_for(unit.write, leo)
    await family.relate(leo)
    async with family.door.browser() as tab, family.door.browser() as home:
        await family.come_in(tab)
        await tab.get("/api/me/record")
        assert ("record.own", "MTH") in await _acted(family.door, leo)
        sign_in(home, own)
        lines = (await home.get("/api/me/accesses")).json()
        assert ("Ana Reyes", "MTH") in {(each["who"], each["relationship"]) for each in lines}
        [who] = (await home.get("/api/me/related")).json()
        assert (who["name"], who["relationship"], who["scope"]) == ("Ana Reyes", "MTH", "full")


async def test_a_relation_ends_by_its_date_at_once_and_is_written_down(
    family: Family, clock: FrozenClock
) -> None:
    until = clock.now() + timedelta(minutes=10)
    await family.relate(family.leo, until=until.isoformat())
    async with family.door.browser() as tab:
        await family.come_in(tab)
        assert (await tab.get("/api/visits")).status_code == 200
        clock.advance(timedelta(minutes=10))
        assert (await tab.get("/api/visits")).json()["code"] == "choose_patient"
    await end_what_is_over(family.door.services)
    [line] = (await family.desk.get(f"/api/patients/{family.leo.id}/related")).json()
    assert (line["acts"], line["ended_because"], line["ended_by"]) == (False, "until", "")


async def test_a_childs_relations_end_at_midnight_where_they_live_as_they_come_of_age(
    family: Family, clock: FrozenClock
) -> None:
    today = clock.now().date()
    born = date(today.year - 18, today.month, today.day) if today.month != 2 else date(today.year - 18, 2, 1)
    teen = await make_child(family.door, "Tom", born + timedelta(days=40))
    relation_id = await family.relate(teen)
    async with family.door.inside() as unit:
        of_age = await unit.read.scalar(select(func.of_age_on(teen.id)))
        midnight = await unit.read.scalar(
            text("SELECT cast(:day AS timestamp) AT TIME ZONE 'America/New_York'"), {"day": of_age}
        )
        for at, minor in ((midnight - timedelta(seconds=1), True), (midnight, False)):
            assert await unit.read.scalar(select(func.is_minor(teen.id, at))) is minor
        acts = text("SELECT relation_acts(r, :at) FROM related_person r WHERE id = :id")
        assert await unit.read.scalar(acts, {"at": midnight - timedelta(seconds=1), "id": relation_id})
        assert not await unit.read.scalar(acts, {"at": midnight, "id": relation_id})


async def test_the_database_and_python_say_the_same_day_of_age(family: Family) -> None:
    for born in (
        date(2008, 2, 29),
        date(2008, 2, 28),
        date(2007, 3, 1),
        date(2000, 12, 31),
        date(2004, 2, 29),
    ):
        child = await make_child(family.door, "Tom", born)
        async with family.door.inside() as unit:
            of_age = await unit.read.scalar(select(func.of_age_on(child.id)))
        assert years_old(born, of_age) == 18
        assert years_old(born, of_age - timedelta(days=1)) == 17


async def test_a_family_on_one_phone_hears_once_and_no_name_is_told(family: Family) -> None:
    await family.relate(family.leo)
    await family.relate(family.leo, given="Luis", birth_date="1988-01-01", contact=PHONE, relationship="FTH")
    await family.relate(family.mia, scope="scheduling")
    async with await staff_browser(family.door, family.door.browser(), Role.CLINICIAN) as doctor:
        for child in (family.leo, family.mia):
            body = {
                "client_id": str(new_id()),
                "subject": "Results",
                "body": "Come by",
                "patient_id": str(child.id),
            }
            sent = await doctor.post("/api/threads", json=body)
            assert sent.status_code == 201, sent.text
    told = [each for each in await family.told() if each[1] == "message"]
    assert len(told) == 1, "one telephone, one notice; whoever only schedules hears of no message"
    assert told[0][0] == PHONE
    assert not any(name in told[0][2] for name in ("Leo", "Mia", "Ana", "Reyes"))


async def test_one_person_has_one_account_and_one_relation_to_a_patient(family: Family) -> None:
    await family.relate(family.leo)
    again = await family.add(family.leo)
    assert (again.status_code, again.json()["code"]) == (409, "already_related")
    await family.relate(family.mia)
    async with family.door.inside() as unit:
        count = text("SELECT count(*) FROM account WHERE phone = :phone AND clinic_id = :clinic")
        accounts = await unit.read.scalar(count, {"phone": PHONE, "clinic": family.door.clinic.id})
    assert accounts == 1


async def test_a_patient_who_is_also_a_parent_acts_for_both(family: Family) -> None:
    async with family.door.inside() as unit:
        await make_patient(unit.write, given="Maria", phone=PHONE)
    await family.relate(family.leo, given="Maria", family="Lopez", birth_date="1988-02-29")
    async with family.door.browser() as tab:
        await family.door.come_in(tab, PHONE)
        begun = await session(tab)
        assert [each["relationship"] for each in begun["patients"]] == ["ONESELF", "MTH"]
        own = (await act_for(tab, family.leo)).json()
        assert own["relationship"] == "MTH"


async def test_what_staff_say_is_checked_and_a_patients_own_account_is_no_relation(family: Family) -> None:
    wrong = await family.add(family.leo, birth_date=None, reason="no", until="2020-01-01T00:00:00Z")
    fields = {each["path"]: each["code"] for each in wrong.json()["fields"]}
    assert fields == {"birth_date": "required", "reason": "too_short", "until": "in_the_past"}
    async with family.door.inside() as unit:
        patient = await make_patient(unit.write)
        query = text("SELECT id FROM related_person WHERE patient_id = :patient")
        own = await unit.read.scalar(query, {"patient": patient.id})
    assert (await family.end(str(own))).json()["code"] == "own_relation"
    assert (await family.desk.get(f"/api/patients/{patient.id}/related")).json() == []
    relation_id = await family.relate(family.leo)
    await family.end(relation_id)
    late = await family.desk.post(
        f"/api/related/{relation_id}/verify", json={"proof": "in_person", "note": NOTE}
    )
    assert late.json()["code"] == "relation_ended"
    assert REASON in (await family.desk.get(f"/api/patients/{family.leo.id}/related")).text


async def test_a_message_of_the_proxy_is_theirs(family: Family) -> None:
    await family.relate(family.leo)
    async with family.door.inside() as unit:
        thread = await messaging.open_thread(unit.write, family.leo.id, "Fever")
    async with family.door.browser() as tab:
        await family.come_in(tab)
        sent = await tab.post(
            f"/api/threads/{thread.id}/messages", json={"client_id": str(new_id()), "body": "He is better"}
        )
        assert sent.status_code == 201, sent.text
    assert ("message.send", "MTH") in await _acted(family.door, family.leo)
