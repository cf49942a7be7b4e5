"""Nobody comes to sign under another's name alone: what changes an account waits for a second person (ADR 17)."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import httpx
import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.registry import all_subscribers
from core.actor import Role
from core.events.relay import drain
from identity.factors import second_factor
from identity.models import Account
from identity.staff.standing import Change, Standing, to_confirm, watched
from tests.identity.conftest import Door, Member
from tests.identity.office import CONFIRMATIONS, JSON, Office, confirm, edit, form_of, mailbox
from tests.people import make_staff, session_for, sign_in


@pytest.fixture
async def office(door: Door) -> AsyncIterator[Office]:
    async with AsyncExitStack() as stack:
        yield Office(door, stack)


async def test_one_admin_alone_does_not_become_a_prescriber(
    office: Office, browser: httpx.AsyncClient
) -> None:
    """Another address, another factor, the link opened, signed in as the clinician: and nothing to sign with."""
    door = office.door
    doctor = await office.hire(Role.CLINICIAN, email="dana@clinic.example")
    admin = await office.hire(Role.ADMIN)
    desk = await office.browser(admin)
    await edit(desk, doctor, email="mine@elsewhere.example")
    assert (await desk.post(f"/api/admin/people/{doctor.id}/reset-second-factor")).is_success
    await browser.post(door.path("/staff/forgot"), json={"email": "mine@elsewhere.example"})
    await drain(door.services, all_subscribers(), door.clinic.id)
    link = (await mailbox(door, "mine@elsewhere.example", "reset"))[-1]
    body = {"token": link.rpartition("#")[2], "password": "a third fine sentence 9"}
    step = (await browser.post(door.path("/invites/accept"), json=body)).json()
    assert step["step"] == "enrol"
    app = (await browser.post(door.path("/staff/enrolment"), json={"challenge": step["challenge"]})).json()
    code = pyotp.TOTP(app["secret"]).at(door.services.clock.now())
    begun = await browser.post(
        door.path("/staff/enrolment/confirm"), json={"challenge": step["challenge"], "code": code}
    )
    assert begun.is_success, begun.text
    session = (await browser.get("/api/session")).json()
    assert session["account_id"] == str(doctor.id)
    assert session["waits_for"] == ["email", "second_factor"]
    assert not await office.may_sign(doctor)
    for path in (f"/api/prescriptions/{doctor.id}/sign", f"/api/notes/{doctor.id}/sign"):
        refused = await browser.post(path, json={"sha256": "0" * 64, "reasons": {}})
        assert (refused.status_code, refused.json()["code"]) == (403, "not_confirmed")
    for own in (browser, desk):
        assert (await confirm(own, doctor))[0] == 403
    assert (await confirm(await office.browser(await office.hire(Role.ADMIN)), doctor)) == (200, "")
    assert await office.may_sign(doctor)


CHANGES: list[tuple[JSON, list[str]]] = [
    ({"email": "new@clinic.example"}, ["email"]),
    ({"name": "Amara Okafor"}, ["name"]),
    ({"credentials": "MD"}, ["credentials"]),
    ({"npi": "1245319599"}, ["npi"]),
    ({"dea": "AB1234563"}, ["dea"]),
    ({"licences": ["NY", "FL", "CA"]}, ["licenses"]),
    ({"roles": ["admin", "clinician"]}, ["roles"]),
    ({"name": "Amara Okafor", "npi": "1679576722"}, ["name", "npi"]),
    ({"title": "Family medicine", "locale": "es"}, []),
    ({"licences": ["NY"], "npi": ""}, []),
    ({"roles": ["coordinator"]}, []),
]


async def test_what_lets_one_sign_as_another_waits_and_what_takes_it_away_does_not(office: Office) -> None:
    desk = await office.browser(await office.hire(Role.ADMIN))
    for changed, waits in CHANGES:
        async with office.door.inside() as unit:
            doctor = await make_staff(unit.write)
        assert (await edit(desk, doctor, **changed))["waits_for"] == waits, changed
        assert await office.waits(doctor) == waits
        assert await office.may_sign(doctor) is not bool(waits)


async def test_who_is_invited_enabled_or_given_the_role_waits_too(office: Office) -> None:
    desk = await office.browser(await office.hire(Role.ADMIN))
    doctor, coordinator = await office.hire(Role.CLINICIAN), await office.hire(Role.COORDINATOR)
    path = f"/api/admin/people/{doctor.id}"
    await desk.post(f"{path}/disable")
    assert (await desk.post(f"{path}/enable")).json()["waits_for"] == ["enabled"]
    form = {"given": "Amara", "family": "Okafor", "email": "amara@clinic.example", "roles": ["clinician"]}
    assert (await desk.post("/api/admin/people", json=form)).json()["waits_for"] == ["invited"]
    # Whoever puts no name under anything needs nobody else, until they are to.
    assert (await edit(desk, coordinator, email="kim@clinic.example"))["waits_for"] == []
    given = await edit(desk, coordinator, roles=["clinician"])
    assert given["waits_for"] == ["email", "licenses", "name", "roles", "second_factor"]


async def test_ones_own_name_and_numbers_wait_and_ones_own_address_does_not(office: Office) -> None:
    both = await office.hire(Role.ADMIN, Role.CLINICIAN)
    desk = await office.browser(both)
    assert (await edit(desk, both, email="moved@clinic.example"))["waits_for"] == []
    assert (await edit(desk, both, name="Amara Okafor", npi="1245319599"))["waits_for"] == ["name", "npi"]
    assert not await office.may_sign(both)
    assert (await confirm(desk, both)) == (403, "not_yourself")
    # They are who they were, and go on administering.
    assert (await edit(desk, both, title="Lead"))["title"] == "Lead"


@dataclass(frozen=True)
class Try:
    """Who tries to confirm what the administrator `maker` did to a clinician, and the answer."""

    who: str
    admins: tuple[str, ...]
    answer: tuple[int, str]


@pytest.mark.parametrize(
    "case",
    [
        Try("maker", ("maker", "second"), (403, "made_it_yourself")),
        Try("maker", ("maker",), (403, "made_it_yourself")),
        Try("doctor", ("maker", "second"), (403, "not_confirmed")),
        Try("second", ("maker", "second"), (200, "")),
        Try("colleague", ("maker", "second"), (403, "ask_your_admin")),
        Try("colleague", ("maker",), (200, "")),
        Try("coordinator", ("maker",), (403, "not_permitted")),
    ],
    ids=lambda case: f"{case.who} of {len(case.admins)}",
)
async def test_who_may_be_the_second_person(office: Office, case: Try) -> None:
    people = {each: await office.hire(Role.ADMIN) for each in case.admins}
    people |= {each: await office.hire(Role.CLINICIAN) for each in ("doctor", "colleague")}
    people["coordinator"] = await office.hire(Role.COORDINATOR)
    await edit(await office.browser(people["maker"]), people["doctor"], email="new@clinic.example")
    who = await office.browser(people[case.who])
    if case.who == "coordinator":
        answer = await who.post(
            f"{CONFIRMATIONS}/{people['doctor'].id}/confirm", json={"changes": [str(UUID(int=1))]}
        )
        assert (answer.status_code, answer.json()["code"]) == case.answer
    else:
        assert await confirm(who, people["doctor"]) == case.answer
    assert await office.may_sign(people["doctor"]) is (case.answer[0] == 200)


async def test_an_admin_who_made_another_admin_has_no_second_person(office: Office) -> None:
    """Invited, promoted or taken over by the first, they confirm and change nothing until they are confirmed."""
    maker, colleague = await office.hire(Role.ADMIN), await office.hire(Role.CLINICIAN)
    doctor, coordinator = await office.hire(Role.CLINICIAN), await office.hire(Role.COORDINATOR)
    desk = await office.browser(maker)
    await edit(desk, doctor, email="new@clinic.example")
    await edit(desk, coordinator, roles=["admin"])
    made = await office.browser(coordinator)
    assert await confirm(made, doctor) == (403, "not_confirmed")
    # Nor may they make the change that the first then confirms.
    form = await form_of(made, colleague, npi="1245319599")
    refused = await made.put(f"/api/admin/people/{colleague.id}", json=form)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_confirmed")
    # With no administrator left to ask, a clinician stands in; then the new one may.
    peer = await office.browser(colleague)
    assert await confirm(peer, coordinator) == (200, "")
    assert await confirm(made, doctor) == (200, "")


async def test_each_of_two_admins_confirms_what_the_other_did(office: Office) -> None:
    doctor = await office.hire(Role.CLINICIAN)
    first = await office.browser(await office.hire(Role.ADMIN))
    second = await office.browser(await office.hire(Role.ADMIN))
    await edit(first, doctor, email="new@clinic.example")
    await edit(second, doctor, npi="1245319599")
    assert await confirm(second, doctor) == (200, "")
    assert await office.waits(doctor) == ["npi"]
    assert await confirm(second, doctor) == (403, "made_it_yourself")
    assert await confirm(first, doctor) == (200, "")
    assert await office.may_sign(doctor)


async def test_only_what_was_shown_is_confirmed(office: Office) -> None:
    doctor = await office.hire(Role.CLINICIAN)
    first = await office.browser(await office.hire(Role.ADMIN))
    second = await office.browser(await office.hire(Role.ADMIN))
    await edit(first, doctor, email="right@clinic.example")
    [shown] = (await second.get(CONFIRMATIONS)).json()
    assert (shown["email"], shown["refusal"]) == ("right@clinic.example", None)
    ids = [change["id"] for change in shown["changes"]]
    await edit(first, doctor, email="wrong@elsewhere.example")
    late = await second.post(f"{CONFIRMATIONS}/{doctor.id}/confirm", json={"changes": ids})
    assert (late.status_code, late.json()["code"]) == (409, "confirmation_changed")
    assert not await office.may_sign(doctor)


async def test_nobody_is_confirmed_before_they_have_come(office: Office) -> None:
    """Else it would be confirmed of whoever opens the link."""
    doctor = await office.hire(Role.CLINICIAN)
    first = await office.browser(await office.hire(Role.ADMIN))
    second = await office.browser(await office.hire(Role.ADMIN))
    await first.post(f"/api/admin/people/{doctor.id}/reset-second-factor")
    assert await confirm(second, doctor) == (409, "not_set_up_yet")
    async with office.door.inside() as unit:
        made = await second_factor.start(unit.write, doctor)
        code = pyotp.TOTP(made.secret).at(unit.write.now())
        assert await second_factor.confirm(unit.write, doctor.id, code)
    assert await confirm(second, doctor) == (200, "")


async def test_a_confirmation_whose_answer_was_lost_is_sent_again(office: Office) -> None:
    doctor = await office.hire(Role.CLINICIAN)
    second = await office.browser(await office.hire(Role.ADMIN))
    await edit(await office.browser(await office.hire(Role.ADMIN)), doctor, email="new@clinic.example")
    [shown] = (await second.get(CONFIRMATIONS)).json()
    body = {"changes": [change["id"] for change in shown["changes"]]}
    for _ in range(2):
        answer = await second.post(f"{CONFIRMATIONS}/{doctor.id}/confirm", json=body)
        assert (answer.status_code, answer.json()) == (200, [])
    assert (await confirm_blindly(second, doctor)).status_code == 404


async def confirm_blindly(browser: httpx.AsyncClient, who: Account) -> httpx.Response:
    return await browser.post(f"{CONFIRMATIONS}/{who.id}/confirm", json={"changes": [str(UUID(int=1))]})


async def test_what_happened_is_on_record(office: Office) -> None:
    doctor = await office.hire(Role.CLINICIAN)
    first, second = await office.hire(Role.ADMIN), await office.hire(Role.ADMIN)
    await edit(await office.browser(first), doctor, email="new@clinic.example")
    assert (await confirm(await office.browser(second), doctor))[0] == 200
    asked = await (await office.browser(first)).post("/api/admin/audit/search", json={"action": "account."})
    found = [(each["action"], each["account_id"], each["detail"]) for each in asked.json()["entries"]]
    assert ("account.confirm", str(second.id), {"fields": "email"}) in found
    assert ("account.security", str(first.id), {"change": "email_changed"}) in found


async def test_sessions_elsewhere_end_when_a_factor_changes(
    member: Member, browser: httpx.AsyncClient
) -> None:
    await member.sign_in(browser)
    async with member.door.browser() as elsewhere:
        async with member.door.inside() as unit:
            sign_in(elsewhere, await session_for(unit.write, member.account))
        made = (await browser.post("/api/me/authenticator")).json()
        later = member.door.services.clock.now() + timedelta(seconds=30)
        code = pyotp.TOTP(made["secret"]).at(later)
        assert (await browser.post("/api/me/authenticator/confirm", json={"code": code})).is_success
        assert (await elsewhere.get("/api/session")).status_code == 401
        assert (await browser.get("/api/session")).status_code == 200


# --- the rule alone ---

_STANDINGS = st.builds(
    Standing,
    name=st.sampled_from(["Ana", "Bo"]),
    email=st.sampled_from(["a@x.example", "b@x.example"]),
    roles=st.frozensets(
        st.sampled_from(sorted(map(str, (Role.CLINICIAN, Role.ADMIN, Role.COORDINATOR)))), min_size=1
    ),
    credentials=st.sampled_from(["", "MD", "NP"]),
    npi=st.sampled_from(["", "1234567893", "1245319599"]),
    dea=st.sampled_from(["", "AB1234563"]),
    licences=st.frozensets(st.sampled_from(["NY", "FL", "CA"])),
)


@given(before=_STANDINGS, after=_STANDINGS)
def test_nothing_that_a_signature_rests_on_is_gained_without_a_second_person(
    before: Standing, after: Standing
) -> None:
    waits = to_confirm(before, after, by_oneself=False) & watched(after.roles)
    signs = Role.CLINICIAN in after.roles
    grown = (
        after.name != before.name
        or after.credentials not in ("", before.credentials)
        or after.npi not in ("", before.npi)
        or after.dea not in ("", before.dea)
        or not after.licences <= before.licences
        or after.email != before.email
        or not after.roles & {Role.CLINICIAN, Role.ADMIN} <= before.roles
    )
    assert bool(waits) is grown if signs else True
    assert to_confirm(before, before, by_oneself=False) == set()
    assert to_confirm(before, after, by_oneself=True) <= after.gained(before) - {Change.EMAIL}


@given(before=_STANDINGS, between=_STANDINGS, after=_STANDINGS)
def test_no_way_round_by_another_role_leaves_anything_out(
    before: Standing, between: Standing, after: Standing
) -> None:
    """Whatever came between: all that a clinician did not have before is on record, and waits."""
    first = to_confirm(before, between, by_oneself=False)
    waits = (first | to_confirm(between, after, by_oneself=False)) & watched(after.roles)
    if Role.CLINICIAN in after.roles:
        assert after.gained(before) <= waits
    if not {Role.CLINICIAN, Role.ADMIN} & between.roles and Role.CLINICIAN in after.roles:
        assert {Change.EMAIL, Change.NAME, Change.SECOND_FACTOR, Change.ROLES} <= waits
