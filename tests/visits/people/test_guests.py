"""From the invitation to the call: what the clinician, the patient and the guest see and do."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actor import system_actor
from core.database.session import open_unit
from core.tickets import verify
from tests.conftest import Deliver
from tests.visits.people.conftest import VisitWithGuests
from tests.visits.test_calls import say as signaling_says
from visits import service as visits

_AUDITED = text(
    "SELECT action, roles FROM audit_event WHERE patient_id = :patient AND action LIKE 'guest.%' ORDER BY seq"
)
_NOTICES = text("SELECT kind, channel FROM notification WHERE source_id = cast(:source AS uuid)")


async def test_an_interpreter_is_asked_agreed_to_let_in_and_gets_a_ticket_of_their_own(
    visit: VisitWithGuests,
) -> None:
    link, browser = await visit.invite(language="es"), await visit.guest_browser()
    seen = (await browser.look(link.token)).json()
    assert (seen["invited_by"], seen["kind"], seen["language"], seen["entered"]) == (
        "Ruth Adler",
        "interpreter",
        "es",
        False,
    )
    assert (await browser.enter(link.token)).json()["status"] == "waiting"
    early = await browser.join()
    assert (early.status_code, early.json()["code"]) == (409, "guest_not_admitted")
    unasked = await visit.say(visit.ruth, link, "admit")
    assert (unasked.status_code, unasked.json()["code"]) == (409, "patient_not_asked")
    assert (await visit.say(visit.patient, link, "agree")).json()["agreement"] == "pressed"
    assert (await visit.say(visit.ruth, link, "admit")).json()["status"] == "admitted"

    place = (await browser.http.get("/api/guest")).json()
    assert [(each["role"], each["name"]) for each in place["companions"]] == [("clinician", "Ruth Adler")]
    joined = (await browser.join()).json()
    services = visit.clinic.services
    ticket = verify(services.settings.ticket_key, joined["ticket"], services.clock.now())
    assert (ticket.role, ticket.display) == ("guest", "IO")
    assert (ticket.visit_id, ticket.participant_id) == (str(visit.visit_id), place["account_id"])


async def test_the_clinician_notes_a_yes_that_the_patient_said_aloud(visit: VisitWithGuests) -> None:
    _, link = await visit.entered()
    noted = (await visit.say(visit.ruth, link, "agreed-aloud")).json()
    assert noted["agreement"] == "spoken"
    assert (await visit.say(visit.ruth, link, "admit")).status_code == 200


async def test_pressing_twice_is_pressing_once(visit: VisitWithGuests, owner: AsyncEngine) -> None:
    browser, link = await visit.admitted()
    for who, verb in ((visit.patient, "agree"), (visit.ruth, "admit")):
        assert (await visit.say(who, link, verb)).status_code == 200
    for _ in range(2):
        assert (await visit.say(visit.ruth, link, "revoke")).status_code == 200
    assert await browser.status() == 401
    async with owner.connect() as connection:
        rows = await connection.execute(_AUDITED, {"patient": visit.clinic.patient.id})
        assert [(row.action, row.roles) for row in rows] == [
            ("guest.invited", ["clinician"]),
            ("guest.entered", ["guest"]),
            ("guest.agreed", ["patient"]),
            ("guest.admitted", ["clinician"]),
            ("guest.revoked", ["clinician"]),
        ]


async def test_who_the_patient_does_not_want_is_out_before_and_after_being_let_in(
    visit: VisitWithGuests,
) -> None:
    waiting, first = await visit.entered()
    inside, second = await visit.admitted()
    for browser, link in ((waiting, first), (inside, second)):
        assert (await visit.say(visit.patient, link, "decline")).json()["status"] == "declined"
        assert await browser.status() == 401
        over = await browser.look(link.token)
        assert (over.status_code, over.json()["data"]) == (409, {"status": "declined"})
        late = await visit.say(visit.ruth, link, "admit")
        assert (late.status_code, late.json()["code"]) == (409, "guest_moved_on")


async def test_taking_a_guest_out_ends_their_call(visit: VisitWithGuests, deliver: Deliver) -> None:
    browser, link = await visit.admitted()
    attempt = (await browser.join()).json()["attempt_id"]
    await signaling_says(visit.clinic, visit.visit_id, attempt, "joined")
    [shown] = await visit.guests()
    assert [each["until"] for each in shown["there"]] == [None]
    await visit.say(visit.ruth, link, "revoke")
    await deliver()
    [shown] = await visit.guests()
    assert shown["status"] == "revoked"
    assert [each["until"] is None for each in shown["there"]] == [False]


async def test_a_guest_who_leaves_is_gone_and_the_visit_goes_on(visit: VisitWithGuests) -> None:
    browser, link = await visit.admitted()
    assert (await browser.http.post("/api/guest/leave")).status_code == 204
    assert await browser.status() == 401
    assert (await browser.look(link.token)).json()["data"] == {"status": "left"}
    assert [each["status"] for each in await visit.guests(visit.patient)] == ["left"]
    assert (await visit.clinic.fetch(visit.visit_id)).status == "admitted"


async def test_the_end_of_the_visit_ends_every_link_and_every_guest(visit: VisitWithGuests) -> None:
    inside, used = await visit.admitted()
    unopened, late = await visit.invite(), await visit.guest_browser()
    await visit.clinic.act(visit.clinic.ruth, visit.visit_id, visits.finish)
    assert await inside.status() == 401
    for browser, link in ((inside, used), (late, unopened)):
        answer = await browser.enter(link.token)
        assert (answer.status_code, answer.json()["code"]) == (409, "guest_link_over")
        assert answer.json()["data"] == {"status": "visit_over"}


async def test_a_visit_that_is_given_back_lets_nobody_in_by_itself(visit: VisitWithGuests) -> None:
    browser, link = await visit.admitted()
    await visit.clinic.act(visit.clinic.ruth, visit.visit_id, visits.put_back)
    assert await browser.status() == "waiting"
    await visit.clinic.act(visit.clinic.omar, visit.visit_id, visits.admit)
    assert (await browser.join()).json()["code"] == "guest_not_admitted"
    omar = await visit.clinic.browser(visit.clinic.omar)
    assert (await visit.say(omar, link, "admit")).json()["status"] == "admitted"
    assert (await browser.join()).status_code == 200


async def test_no_more_are_let_in_than_the_room_takes(visit: VisitWithGuests) -> None:
    for _ in range(3):
        await visit.admitted()
    _, fourth = await visit.entered()
    await visit.say(visit.patient, fourth, "agree")
    full = await visit.say(visit.ruth, fourth, "admit")
    assert (full.status_code, full.json()["code"], full.json()["data"]) == (409, "room_full", {"most": 3})


async def test_a_link_is_sent_once_to_the_contact_and_is_kept_nowhere(
    visit: VisitWithGuests, deliver: Deliver, owner: AsyncEngine
) -> None:
    link = await visit.invite(contact="(212) 555-0188", language="es")
    await deliver()
    [staff] = await visit.guests()
    [patient] = await visit.guests(visit.patient)
    assert (staff["contact"], patient["contact"]) == ("••• 0188", None)
    async with owner.connect() as connection:
        rows = await connection.execute(_NOTICES, {"source": link.guest_id})
        assert [tuple(row) for row in rows] == [("guest", "sms")]
        kept = text("SELECT row_to_json(g)::text FROM visit_guest g WHERE id = cast(:id AS uuid)")
        row = await connection.scalar(kept, {"id": link.guest_id})
        assert link.token not in row and '"sealed":null' in row
        for table in ("outbox", "audit_event", "visit_step"):
            found = text(f"SELECT count(*) FROM {table} t WHERE t::text LIKE '%' || :token || '%'")  # noqa: S608 - our words
            assert await connection.scalar(found, {"token": link.token}) == 0, table


async def test_what_cannot_be_written_to_is_said_at_the_field(visit: VisitWithGuests) -> None:
    answer = await visit.ruth.post(visit.at, json={"kind": "family", "contact": "12"})
    assert answer.status_code == 422
    assert [(f["path"], f["code"]) for f in answer.json()["fields"]] == [("contact", "contact_invalid")]


async def test_the_thread_of_the_visit_tells_of_guests(visit: VisitWithGuests) -> None:
    await visit.admitted()
    thread: dict[str, Any] = (await visit.ruth.get(f"/api/visits/{visit.visit_id}/thread")).json()
    kinds = [step["kind"] for step in thread["steps"] if step["kind"].startswith("guest.")]
    assert kinds == ["guest.invited", "guest.entered", "guest.agreed", "guest.admitted"]


async def test_pages_hear_of_it_without_asking(visit: VisitWithGuests) -> None:
    browser, _ = await visit.admitted()
    account = (await browser.http.get("/api/guest")).json()["account_id"]
    async with open_unit(visit.clinic.services, system_actor(visit.clinic.clinic_id)) as unit:
        heard = await unit.read.execute(
            text(
                "SELECT topic, audience FROM live_event WHERE clinic_id = :clinic ORDER BY seq DESC LIMIT 20"
            ),
            {"clinic": visit.clinic.clinic_id},
        )
        told = [(row.topic, row.audience) for row in heard]
    assert any(topic == "guest.changed" and f"account:{account}" in to for topic, to in told)
