"""Staff sign in with two factors, and nobody guesses or replays their way past either."""

import asyncio
from datetime import timedelta
from typing import Literal

import httpx
import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from core.actor import Role
from core.clock import FrozenClock
from core.events.outbox import Subscribers
from core.events.relay import drain
from identity import tasks
from identity.codes import deliveries
from identity.factors import passwords, second_factor
from identity.models import Account, Invite
from identity.staff import invites
from tests.identity.conftest import PASSWORD, Door, Member, enrol
from tests.people import make_patient, make_staff, session_for, sign_in
from tests.statements import counted


async def test_password_then_app(member: Member, browser: httpx.AsyncClient) -> None:
    answer = await member.password(browser)
    assert (answer.json()["step"], answer.json()["methods"]) == ("second_factor", ["totp", "recovery"])
    assert (await browser.get("/api/session")).status_code == 401
    challenge = answer.json()["challenge"]
    done = await browser.post(
        member.door.path("/staff/totp"), json={"challenge": challenge, "code": member.code()}
    )
    assert done.status_code == 200
    session = (await browser.get("/api/session")).json()
    assert (session["method"], session["account_id"]) == ("password_totp", str(member.account.id))
    assert session["stepped_up_until"] is not None


async def test_a_wrong_password_and_an_unknown_address_look_the_same(
    member: Member, browser: httpx.AsyncClient
) -> None:
    wrong = await member.password(browser, "not the password 1")
    unknown = await browser.post(
        member.door.path("/staff/password"), json={"email": "nobody@example.org", "password": PASSWORD}
    )
    for answer in (wrong, unknown):
        assert answer.status_code == 422
        assert answer.json()["fields"] == [{"path": "password", "code": "sign_in_refused"}]


class _Counting(PasswordHasher):
    """Argon2id, with the checks counted."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.checks = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.checks += 1
        return super().verify(hash, password)


async def test_every_address_is_answered_with_the_same_work(
    member: Member, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How soon a refusal comes tells nothing of an address: the same hashes and the same queries lead to it."""
    door, disabled = member.door, await enrol(member.door)
    async with door.inside() as unit:
        await unit.write.execute(
            update(Account).where(Account.id == disabled.account.id).values(status="disabled")
        )
        passwordless = await make_staff(unit.write)
        invited = await make_staff(unit.write)
        invited.status = "invited"
        patient = await make_patient(unit.write)
        patients = await unit.write.one_or_none(select(Account).where(Account.id == patient.account_id))
        patients.email = "maria@patients.example"
    addresses = {
        "known": member.account.email,
        "disabled": disabled.account.email,
        "without a password": passwordless.email,
        "invited": invited.email,
        "a patient's": patients.email,
        "unknown": "nobody@example.org",
        "malformed": "nobody",
    }
    monkeypatch.setattr(passwords, "_hasher", hasher := _Counting())
    work = {}
    for whose, email in addresses.items():
        for path, body in (("password", {"password": "not the password 1"}), ("forgot", {})):
            before = hasher.checks
            with counted(door.services) as sent:
                answer = await browser.post(door.path(f"/staff/{path}"), json={"email": email, **body})
            if (whose, path) != ("malformed", "forgot"):  # said beside the field: its form tells nothing
                work[whose, path] = (answer.status_code, answer.text[:40], hasher.checks - before, len(sent))
    for path, hashes in (("password", 1), ("forgot", 0)):
        of_path = {each for (_, asked), each in work.items() if asked == path}
        assert len(of_path) == 1 and of_path.pop()[2] == hashes, work


async def test_a_patient_has_no_password_to_sign_in_with(door: Door, browser: httpx.AsyncClient) -> None:
    async with door.inside() as unit:
        patient = await make_patient(unit.write)
        await unit.write.execute(
            update(Account).where(Account.id == patient.account_id).values(email="both@example.org")
        )
    answer = await browser.post(
        door.path("/staff/password"), json={"email": "both@example.org", "password": PASSWORD}
    )
    assert answer.status_code == 422


async def test_a_code_of_the_app_is_good_once(
    member: Member, browser: httpx.AsyncClient, clock: FrozenClock
) -> None:
    assert (await member.sign_in(browser)).status_code == 200
    replay = await member.sign_in(browser)
    assert (replay.status_code, replay.json()["fields"][0]["code"]) == (422, "code_refused")
    older = await member.sign_in(browser, steps=-1)
    assert older.status_code == 422
    clock.advance(timedelta(seconds=30))
    assert (await member.sign_in(browser)).status_code == 200


async def test_the_same_code_in_parallel_opens_one_session(member: Member) -> None:
    code = member.code()

    async def attempt() -> int:
        async with member.door.browser() as one:
            challenge = await member.challenge(one)
            answer = await one.post(
                member.door.path("/staff/totp"), json={"challenge": challenge, "code": code}
            )
        return answer.status_code

    assert sorted(await asyncio.gather(*(attempt() for _ in range(5)))) == [200, 422, 422, 422, 422]


async def test_passwords_are_guessed_ten_times_from_any_number_of_addresses(member: Member) -> None:
    statuses = []
    for number in range(12):
        forged = {"x-forwarded-for": f"203.0.113.{number}", "forwarded": f"for=203.0.113.{number}"}
        async with member.door.browser(**forged) as one:
            statuses.append((await member.password(one, "guess number one")).status_code)
    assert statuses == [422] * 10 + [429] * 2
    async with member.door.browser() as late:
        blocked = await member.password(late)
    assert (blocked.status_code, blocked.json()["code"]) == (429, "too_many")
    # Another account is not blocked with it.
    other = await enrol(member.door)
    async with member.door.browser() as one:
        assert (await other.sign_in(one)).status_code == 200


async def test_app_codes_are_guessed_ten_times_over_any_number_of_challenges(
    member: Member,
) -> None:
    wrong = "000000" if member.code() != "000000" else "111111"
    statuses = []
    async with member.door.browser() as one:
        for _ in range(3):
            challenge = await member.challenge(one)
            for _ in range(4):
                answer = await one.post(
                    member.door.path("/staff/totp"), json={"challenge": challenge, "code": wrong}
                )
                statuses.append(answer.status_code)
    # Setting the app up was the first of the ten tries.
    assert statuses == [422] * 9 + [429] * 3


async def test_a_challenge_takes_five_tries_and_five_minutes(
    member: Member, browser: httpx.AsyncClient, clock: FrozenClock
) -> None:
    path = member.door.path("/staff/totp")
    challenge = await member.challenge(browser)
    for _ in range(5):
        await browser.post(path, json={"challenge": challenge, "code": "12"})
    answer = await browser.post(path, json={"challenge": challenge, "code": member.code()})
    assert (answer.status_code, answer.json()["code"]) == (409, "challenge_over")
    challenge = await member.challenge(browser)
    clock.advance(timedelta(minutes=5))
    answer = await browser.post(path, json={"challenge": challenge, "code": member.code()})
    assert (answer.status_code, answer.json()["code"]) == (409, "challenge_over")


async def test_a_recovery_code_works_once_however_it_is_typed(
    member: Member, browser: httpx.AsyncClient
) -> None:
    typed = member.recovery_codes[0].upper().replace("-", " ")
    path = member.door.path("/staff/recovery")
    first = await browser.post(path, json={"challenge": await member.challenge(browser), "code": typed})
    assert first.status_code == 200
    session = (await browser.get("/api/session")).json()
    assert (session["method"], session["stepped_up_until"]) == ("password_recovery", None)
    again = await browser.post(path, json={"challenge": await member.challenge(browser), "code": typed})
    assert again.status_code == 422


async def test_a_changed_password_ends_the_sessions_elsewhere(
    member: Member, browser: httpx.AsyncClient, clock: FrozenClock
) -> None:
    await member.sign_in(browser)
    async with member.door.inside() as unit:
        elsewhere = await session_for(unit.write, member.account)
    weak = await browser.post("/api/me/password", json={"current": PASSWORD, "new": "short"})
    assert weak.json()["fields"] == [{"path": "new", "code": "password_too_short"}]
    common = await browser.post("/api/me/password", json={"current": PASSWORD, "new": "Password1234"})
    assert common.json()["fields"] == [{"path": "new", "code": "password_known"}]
    wrong = await browser.post("/api/me/password", json={"current": "x", "new": "another fine sentence 7"})
    assert wrong.json()["fields"] == [{"path": "current", "code": "password_wrong"}]
    new = "another fine sentence 7"
    assert (await browser.post("/api/me/password", json={"current": PASSWORD, "new": new})).status_code == 204
    assert (await browser.get("/api/session")).status_code == 200
    async with member.door.browser() as thief:
        sign_in(thief, elsewhere)
        assert (await thief.get("/api/session")).status_code == 401
        assert (await member.password(thief)).status_code == 422
        assert (await member.password(thief, new)).status_code == 200


async def test_an_invitation_leads_to_a_password_an_app_and_the_desk(
    door: Door, browser: httpx.AsyncClient, clock: FrozenClock
) -> None:
    admin = await enrol(door, Role.ADMIN)
    await admin.sign_in(browser)
    form = {"given": "Lee", "family": "Park", "email": "Lee@Harbor.example", "roles": ["coordinator"]}
    person = (await browser.post("/api/admin/people", json=form)).json()
    assert (person["status"], person["email"]) == ("invited", "lee@harbor.example")
    token = await _token(door, person["id"])
    async with door.browser() as lee:
        shown = (await lee.post(door.path("/invites/open"), json={"token": token})).json()
        assert (shown["name"], shown["purpose"]) == ("Lee Park", "invite")
        weak = await lee.post(door.path("/invites/accept"), json={"token": token, "password": "leepark12345"})
        assert weak.json()["fields"] == [{"path": "password", "code": "password_too_common"}]
        step = await lee.post(door.path("/invites/accept"), json={"token": token, "password": PASSWORD})
        assert step.json()["step"] == "enrol"
        used = await lee.post(door.path("/invites/accept"), json={"token": token, "password": PASSWORD})
        assert (used.status_code, used.json()["code"]) == (409, "link_over")
        challenge = step.json()["challenge"]
        app = (await lee.post(door.path("/staff/enrolment"), json={"challenge": challenge})).json()
        assert app["qr_path"].startswith("M2 2h7v1h-7z") and "Harbor" in app["uri"]
        code = pyotp.TOTP(app["secret"]).at(clock.now())
        body = {"challenge": challenge, "code": code}
        done = await lee.post(door.path("/staff/enrolment/confirm"), json=body)
        assert len(done.json()["recovery_codes"]) == 10
        session = (await lee.get("/api/session")).json()
        assert (session["name"], session["roles"]) == ("Lee Park", ["coordinator"])


async def _token(door: Door, account_id: str) -> str:
    """The token of the link that the latest invitation carries."""
    async with door.inside() as unit:
        invite = await unit.read.scalar(
            select(Invite).where(Invite.account_id == account_id).order_by(Invite.id.desc()).limit(1)
        )
        delivery = await deliveries.take_invite(unit.write, invite.id)
    assert delivery is not None
    page, _, token = delivery.link.partition("#")
    assert page.endswith(f"/c/{door.clinic.slug}/invite")
    return token


async def test_a_forgotten_password_is_reset_by_mail_and_the_second_factor_stays(
    member: Member, browser: httpx.AsyncClient
) -> None:
    door = member.door
    for email in (member.account.email, "nobody@example.org"):
        answer = await browser.post(door.path("/staff/forgot"), json={"email": email})
        assert (answer.status_code, answer.content) == (204, b"")
    others = ("identity.invited", "identity.security_changed")
    await drain(door.services, Subscribers(tasks.SUBSCRIBERS, retired=others), door.clinic.id)
    token = await _token(door, str(member.account.id))
    step = await browser.post(
        door.path("/invites/accept"), json={"token": token, "password": "quite another password 9"}
    )
    assert (step.json()["step"], step.json()["methods"]) == ("second_factor", ["totp", "recovery"])
    refused = await browser.post(door.path("/staff/enrolment"), json={"challenge": step.json()["challenge"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "challenge_over")


async def test_stepping_up_asks_for_a_fresh_code(
    member: Member, browser: httpx.AsyncClient, clock: FrozenClock
) -> None:
    await member.sign_in(browser)
    clock.advance(timedelta(minutes=5))
    assert (await browser.get("/api/session")).json()["stepped_up_until"] is None
    wrong = await browser.post("/api/session/step-up", json={"code": "000"})
    assert wrong.json()["fields"] == [{"path": "code", "code": "code_refused"}]
    done = await browser.post("/api/session/step-up", json={"code": member.code()})
    assert done.json()["stepped_up_until"] is not None


async def test_another_app_takes_over_only_when_its_code_was_shown(
    member: Member, browser: httpx.AsyncClient, clock: FrozenClock
) -> None:
    await member.sign_in(browser)
    made = (await browser.post("/api/me/authenticator")).json()
    clock.advance(timedelta(seconds=60))
    async with member.door.browser() as other:
        assert (await member.sign_in(other)).status_code == 200  # the old one still counts
    clock.advance(timedelta(seconds=60))
    code = pyotp.TOTP(made["secret"]).at(clock.now())
    assert (await browser.post("/api/me/authenticator/confirm", json={"code": code})).status_code == 200
    clock.advance(timedelta(seconds=60))
    async with member.door.browser() as other:
        assert (await member.sign_in(other)).status_code == 422


@pytest.mark.parametrize("path", ["/api/me/authenticator", "/api/me/recovery-codes", "/api/passkeys/options"])
async def test_staff_show_the_second_factor_before_they_change_it(
    member: Member, browser: httpx.AsyncClient, clock: FrozenClock, path: str
) -> None:
    await member.sign_in(browser)
    clock.advance(timedelta(minutes=6))
    answer = await browser.post(path)
    assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")


async def test_who_knows_the_password_adds_no_second_factor_beside_the_owners(
    door: Door, browser: httpx.AsyncClient, clock: FrozenClock
) -> None:
    """Both begin before either has finished: the owner is done first, so the other is not."""
    async with door.inside() as unit:
        account = await make_staff(unit.write)
        await invites.set_password(unit.write, account, PASSWORD)
    credentials = {"email": account.email, "password": PASSWORD}
    step = (await browser.post(door.path("/staff/password"), json=credentials)).json()
    app = (await browser.post(door.path("/staff/enrolment"), json={"challenge": step["challenge"]})).json()
    async with door.inside() as unit:  # the owner, meanwhile, by a passkey
        await second_factor.new_recovery_codes(unit.write, account.id)
    body = {"challenge": step["challenge"], "code": pyotp.TOTP(app["secret"]).at(clock.now())}
    answer = await browser.post(door.path("/staff/enrolment/confirm"), json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_enrolled")
    assert (await browser.get("/api/session")).status_code == 401
