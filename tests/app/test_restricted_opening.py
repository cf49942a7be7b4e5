"""A restricted chart is opened with a reason for an hour, and its mark ends or is lifted."""

from datetime import timedelta

from litestar import Litestar
from sqlalchemy import func, update

from app.registry import all_subscribers
from core.actor import Role, system_actor
from core.database.session import open_unit
from core.events.relay import drain
from core.ids import new_id
from identity.privacy.models import ChartOpening, ChartRestriction
from tests.app.ward import REASON, Ward, having, tells
from tests.conftest import new_browser
from tests.notices import notices_of
from tests.people import make_staff, session_for, sign_in


async def test_opening_with_a_reason_is_for_an_hour_reviewed_and_told_to_the_patient(
    ward: Ward, app: Litestar
) -> None:
    who = ward.outsiders[Role.CLINICIAN]
    for reason, code in (("", "required"), ("me", "too_short")):
        assert (await ward.open(who, reason)).json()["fields"][0]["code"] == code
    opened = await ward.open(who)
    assert opened.status_code == 201, opened.text
    assert (await ward.open(who)).json() == opened.json(), "a second opening is the same one"
    assert (await ward.chart(who)).status_code == 200
    assert (await ward.chart(ward.outsiders[Role.COORDINATOR])).status_code == 403
    access = (await ward.browser(who).get(f"/api/patients/{ward.patient_id}/access")).json()
    assert (access["restricted"], access["open"], access["until"]) == (True, True, opened.json()["until"])

    # The privacy officer is told at once, and reviews it.
    clinic_id = ward.world.own.patient.clinic_id
    await drain(ward.services, all_subscribers(), clinic_id)
    assert "chart_opened" in [each.kind for each in await notices_of(ward.services, clinic_id)]
    officer = ward.browser(ward.officer)
    page = (await officer.get("/api/privacy/openings")).json()
    [found] = [
        each for each in page["openings"] if each["patient_id"] == str(ward.patient_id) and each["why"]
    ]
    assert (found["by"], found["reason"], found["why"]) == (who.name, REASON, "staff")
    reviewed = await officer.post(
        f"/api/privacy/openings/{found['id']}/review", json={"review": "Called back"}
    )
    assert reviewed.json()["reviewed_by"] == ward.officer.name
    assert (await officer.get("/api/privacy/openings")).json()["waiting"] == page["waiting"] - 1

    # The patient sees it among who looked.
    async with new_browser(app) as browser:
        sign_in(browser, ward.world.tokens[Role.PATIENT])
        lines = (await browser.get("/api/me/accesses")).json()
    assert (who.name, "chart.break_glass") in [(line["who"], line["what"]) for line in lines]

    # An hour later it is closed again.
    over = update(ChartOpening).where(ChartOpening.account_id == who.id).values(until=func.now())
    await ward.as_owner(over)
    assert (await ward.chart(who)).status_code == 403


async def test_nobody_reviews_their_own_opening(ward: Ward, app: Litestar) -> None:
    async with open_unit(ward.services, system_actor(ward.world.own.patient.clinic_id)) as unit:
        both = await make_staff(unit.write, Role.CLINICIAN, Role.PRIVACY, name="Both")
        token = await session_for(unit.write, both)
    async with new_browser(app) as browser:
        sign_in(browser, token)
        await browser.post(f"/api/patients/{ward.patient_id}/open", json={"reason": REASON})
        page = (await browser.get("/api/privacy/openings")).json()
        [found] = [each for each in page["openings"] if each["by"] == "Both"]
        answer = await browser.post(f"/api/privacy/openings/{found['id']}/review", json={})
    assert answer.json()["code"] == "own_opening"


async def test_a_mark_ends_by_itself_and_is_lifted_by_who_may_read(ward: Ward) -> None:
    coordinator, outsider = ward.outsiders[Role.COORDINATOR], ward.outsiders[Role.CLINICIAN]
    lift = f"/api/patients/{ward.patient_id}/restriction/lift"
    answer = await ward.browser(coordinator).post(lift, json={"reason": "No longer works here"})
    assert answer.json()["code"] == "chart_restricted", "lifting is no way around the reason"
    await ward.open(coordinator)
    answer = await ward.browser(coordinator).post(lift, json={"reason": "No longer works here"})
    assert answer.json()["restricted"] is False, answer.text
    assert (await ward.chart(outsider)).status_code == 200

    mark = f"/api/patients/{ward.patient_id}/restriction"
    body = {
        "why": "public_figure",
        "reason": "Is in the news",
        "ends_at": "2000-01-01T00:00:00Z",
        "named": [],
    }
    answer = await ward.browser(coordinator).post(mark, json=body)
    assert answer.json()["fields"] == [{"path": "ends_at", "code": "in_the_past"}]
    tomorrow = (ward.services.clock.now() + timedelta(days=1)).isoformat()
    strangers = {**body, "ends_at": tomorrow, "named": [str(new_id())]}
    assert (await ward.browser(coordinator).post(mark, json=strangers)).json()["fields"][0]["path"] == "named"
    answer = await ward.browser(coordinator).post(mark, json={**body, "ends_at": tomorrow})
    assert answer.status_code == 201, answer.text
    again = await ward.browser(coordinator).post(mark, json={**body, "ends_at": tomorrow})
    assert again.json()["code"] == "already_restricted"
    assert (await ward.chart(outsider)).status_code == 403

    over = update(ChartRestriction).where(ChartRestriction.lifted_at.is_(None)).values(ends_at=func.now())
    await ward.as_owner(over)
    assert (await ward.chart(outsider)).status_code == 200
    # What ended makes room for another.
    answer = await ward.browser(coordinator).post(mark, json={**body, "ends_at": tomorrow})
    assert answer.status_code == 201, answer.text


async def test_whoever_admits_the_patient_has_the_chart_and_who_puts_back_is_shown_nothing(
    ward: Ward,
) -> None:
    outsider = ward.outsiders[Role.CLINICIAN]
    visit_id = ward.world.own.ids["visit_id"]
    back = await ward.browser(having(ward)).post(f"/api/visits/{visit_id}/put-back")
    assert back.status_code == 200, back.text
    assert back.json()["restricted"] is True
    assert not tells(back)
    admitted = await ward.browser(outsider).post(f"/api/visits/{visit_id}/admit", json={})
    assert admitted.json()["restricted"] is False, admitted.text
    assert (await ward.chart(outsider)).status_code == 200
    assert (await ward.chart(having(ward))).status_code == 403
