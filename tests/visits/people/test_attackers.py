"""What somebody tries who has a link that is not theirs, is old, was used, or who has one and wants more."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from identity.sessions.tokens import new_token
from tests.visits.conftest import HOME, PHONE, ClinicAtWork
from tests.visits.people.conftest import VisitWithGuests, with_guests
from visits import service as visits


async def test_a_link_is_good_for_one_browser(visit: VisitWithGuests) -> None:
    first, link = await visit.entered()
    thief = await visit.guest_browser()
    for answer in (await thief.look(link.token), await thief.enter(link.token, "Ines Ortiz")):
        assert (answer.status_code, answer.json()["code"]) == (409, "guest_link_used")
        assert "Ines" not in answer.text
    assert "carethread" not in thief.http.cookies
    assert await first.status() == "waiting"


async def test_the_same_browser_comes_in_again_as_the_same_person(visit: VisitWithGuests) -> None:
    """The reply was lost, a second tab was opened, the page was loaded anew."""
    browser, link = await visit.entered()
    account = (await browser.http.get("/api/guest")).json()["account_id"]
    browser.http.cookies.delete("carethread")
    assert (await browser.look(link.token)).json()["entered"] is True
    again = (await browser.enter(link.token, "Somebody Else")).json()
    assert (again["account_id"], again["name"]) == (account, "Ines Ortiz")
    assert len(await visit.guests()) == 1


async def test_of_twenty_browsers_at_once_one_comes_in(visit: VisitWithGuests) -> None:
    link = await visit.invite()
    browsers = [await visit.guest_browser() for _ in range(20)]
    answers = await asyncio.gather(*(browser.enter(link.token) for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 19]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"guest_link_used"}


async def test_a_double_click_is_one_guest(visit: VisitWithGuests) -> None:
    link, browser = await visit.invite(), await visit.guest_browser()
    await browser.look(link.token)
    answers = await asyncio.gather(*(browser.enter(link.token) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["account_id"] for answer in answers}) == 1
    assert await browser.status() == "waiting"


async def test_a_link_that_was_taken_back_or_is_too_old_opens_nothing(
    visit: VisitWithGuests, owner: AsyncEngine
) -> None:
    revoked, old, browser = await visit.invite(), await visit.invite(), await visit.guest_browser()
    await visit.say(visit.ruth, revoked, "revoke")
    async with owner.begin() as connection:
        aged = text("UPDATE visit_guest SET expires_at = :then WHERE id = cast(:id AS uuid)")
        then = visit.clinic.services.clock.now() - timedelta(seconds=1)
        await connection.execute(aged, {"then": then, "id": old.guest_id})
    for link, code in ((revoked, "guest_link_over"), (old, "guest_link_expired")):
        for answer in (await browser.look(link.token), await browser.enter(link.token)):
            assert (answer.status_code, answer.json()["code"]) == (409, code)


async def test_a_made_up_link_and_another_clinics_are_wrong_alike(
    visit: VisitWithGuests, elsewhere: ClinicAtWork
) -> None:
    abroad = await with_guests(elsewhere)
    link, browser = await abroad.invite(), await visit.guest_browser()
    for token in (new_token(), link.token):
        answer = await browser.enter(token)
        assert (answer.status_code, answer.json()["code"]) == (409, "guest_link_wrong")
    [untouched] = await abroad.guests()
    assert untouched["status"] == "invited"


@pytest.mark.parametrize(
    "wrong",
    [
        {"token": ""},
        {"token": "x" * 44},
        {"agrees": False},
        {"name": "x" * 81},
        {"kind": "clinician"},
    ],
)
async def test_what_is_malformed_is_refused_and_uses_nothing(
    visit: VisitWithGuests, wrong: dict[str, object]
) -> None:
    link, browser = await visit.invite(), await visit.guest_browser()
    body = {"token": link.token, "name": "Ines", "agrees": True, **wrong}
    answer = await browser.http.post(f"/api/clinics/{visit.slug}/guest-link/enter", json=body)
    assert answer.status_code in (400, 422), answer.text
    assert (await visit.guests())[0]["status"] == "invited"


async def test_a_name_that_nobody_sees_is_no_name(visit: VisitWithGuests) -> None:
    link, browser = await visit.invite(), await visit.guest_browser()
    answer = await browser.enter(link.token, " \u200b\u202e ")
    assert [(f["path"], f["code"]) for f in answer.json()["fields"]] == [("name", "required")]


async def test_who_tries_links_without_end_is_told_to_wait(visit: VisitWithGuests) -> None:
    browser = await visit.guest_browser()
    codes = [(await browser.look(new_token())).status_code for _ in range(61)]
    assert codes.count(429) == 1 and codes[-1] == 429


async def test_a_guest_reaches_nothing_of_the_visit_but_their_own_place(visit: VisitWithGuests) -> None:
    browser, link = await visit.admitted()
    visit_id, guest_id = visit.visit_id, link.guest_id
    reads = [
        f"/api/visits/{visit_id}",
        f"/api/visits/{visit_id}/people",
        f"/api/visits/{visit_id}/thread",
        f"/api/patients/{visit.clinic.patient.id}/summary",
        "/api/queue",
        "/api/threads",
        "/api/visits",
        "/api/tasks",
    ]
    for path in reads:
        assert (await browser.http.get(path)).status_code == 403, path
    here = {"location": HOME, "callback_phone": PHONE}
    writes = [
        (f"/api/visits/{visit_id}/join", here),
        (f"/api/visits/{visit_id}/people", {"kind": "family"}),
        (f"/api/visits/{visit_id}/people/{guest_id}/agree", None),
        (f"/api/visits/{visit_id}/people/{guest_id}/admit", None),
    ]
    for path, body in writes:
        assert (await browser.http.post(path, json=body)).status_code == 403, path
    told = (await browser.http.get("/api/guest")).text
    for secret in (str(visit.clinic.patient.id), "Lopez", "Maria", "Elm Street", PHONE):
        assert secret not in told


async def test_a_guest_of_one_visit_has_no_place_in_another(visit: VisitWithGuests) -> None:
    browser, link = await visit.admitted()
    other = await visit.clinic.admitted(await visit.clinic.another_patient())
    answer = await visit.ruth.post(f"/api/visits/{other.id}/people/{link.guest_id}/admit")
    assert answer.status_code == 404
    assert (await browser.http.get("/api/guest")).json()["visit_id"] == str(visit.visit_id)


async def test_only_the_clinician_of_the_visit_decides_who_comes(visit: VisitWithGuests) -> None:
    _, link = await visit.entered()
    omar = await visit.clinic.browser(visit.clinic.omar)
    for verb in ("agreed-aloud", "admit", "revoke"):
        answer = await visit.say(omar, link, verb)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_your_visit")
    assert (await visit.say(visit.patient, link, "admit")).status_code == 403
    assert (await visit.say(visit.ruth, link, "agree")).status_code == 403
    stranger = await visit.clinic.browser(await visit.clinic.another_patient())
    assert (await visit.say(stranger, link, "agree")).status_code == 404


async def test_nobody_is_asked_into_a_visit_that_is_over(visit: VisitWithGuests) -> None:
    await visit.clinic.act(visit.clinic.ruth, visit.visit_id, visits.finish)
    answer = await visit.ruth.post(visit.at, json={"kind": "nurse"})
    assert (answer.status_code, answer.json()["code"]) == (409, "visit_moved_on")


async def test_invitations_have_an_end(visit: VisitWithGuests) -> None:
    for _ in range(20):
        await visit.invite()
    answer = await visit.ruth.post(visit.at, json={"kind": "nurse"})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_guests")


async def test_a_link_that_was_cut_short_says_so_of_the_link(visit: VisitWithGuests) -> None:
    browser = await visit.guest_browser()
    for token in ("", new_token()[:20]):
        answer = await browser.look(token)
        assert answer.status_code == 422
        assert [field["path"] for field in answer.json()["fields"]] == ["token"]
