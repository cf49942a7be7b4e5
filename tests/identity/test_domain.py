"""The rules of identity by themselves: whatever order things are tried in, a secret opens once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pyotp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.actor import Role
from core.guard.addresses import client_address
from identity.clinic import hours
from identity.clinic import settings as clinic_settings
from identity.clinic.hours import Opening
from identity.domain import (
    CODE_LIFETIME,
    CODE_TRIES,
    STEP_UP_LIFETIME,
    CodeState,
    Verdict,
    judge,
    stepped_up,
    valid_staff_roles,
)
from identity.factors import totp
from identity.patients.service import birth_date_problem, local_day
from identity.person.check_digits import luhn
from identity.person.name import part_problem
from identity.sessions.cookies import token_in
from identity.sessions.devices import device_name

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
FEW_STEPS = settings(stateful_step_count=20, deadline=None)
"""A secret is used up by five wrong guesses: what can happen to it happens within twenty steps."""


class OneTimeSecret(RuleBasedStateMachine):
    """A code in the hands of people who guess, wait, ask again and try the right one more than once."""

    @initialize()
    def ask(self) -> None:
        self.now = NOON
        self.state = CodeState(CODE_TRIES, NOON + CODE_LIFETIME)
        self.accepted = 0
        self.wrong = 0

    @rule(seconds=st.integers(0, 400))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def guess(self) -> None:
        was_open = self.state.open(self.now)
        verdict, self.state = judge(self.state, proven=False, at=self.now)
        assert verdict is (Verdict.WRONG if was_open else Verdict.SPENT)
        self.wrong += was_open

    @rule()
    def show_the_right_one(self) -> None:
        was_open = self.state.open(self.now)
        verdict, self.state = judge(self.state, proven=True, at=self.now)
        assert verdict is (Verdict.ACCEPTED if was_open else Verdict.SPENT)
        self.accepted += was_open

    @precondition(lambda self: self.state.voided_at is None)
    @rule()
    def ask_for_another(self) -> None:
        self.state = replace(self.state, voided_at=self.now)

    @invariant()
    def opens_at_most_once_after_at_most_five_guesses(self) -> None:
        assert self.accepted <= 1
        assert self.wrong <= CODE_TRIES
        assert self.state.tries_left == CODE_TRIES - self.wrong
        if self.accepted or self.state.voided_at or self.now >= NOON + CODE_LIFETIME:
            assert not self.state.open(self.now)


OneTimeSecret.TestCase.settings = FEW_STEPS
TestOneTimeSecret = OneTimeSecret.TestCase


class Authenticator(RuleBasedStateMachine):
    """An app's codes shown in any order, at any time: each at most once, and never an older one."""

    @initialize()
    def pair(self) -> None:
        self.secret = totp.new_secret()
        self.now = NOON
        self.last = 0
        self.used: list[int] = []

    @rule(seconds=st.integers(0, 90))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(steps=st.integers(-4, 4))
    def show(self, steps: int) -> None:
        at = self.now + timedelta(seconds=30 * steps)
        step = totp.accepted_step(self.secret, pyotp.TOTP(self.secret).at(at), after=self.last, at=self.now)
        if step is not None:
            self.used.append(step)
            self.last = step
            assert abs(step - int(self.now.timestamp()) // 30) <= 1

    @rule()
    def show_the_one_to_use_next(self) -> None:
        code, good_in = totp.unused_code(self.secret, after=self.last, at=self.now)
        self.now += timedelta(seconds=good_in)
        step = totp.accepted_step(self.secret, code, after=self.last, at=self.now)
        assert step is not None
        self.used.append(step)
        self.last = step

    @invariant()
    def each_step_counts_once_and_in_order(self) -> None:
        assert self.used == sorted(set(self.used))


Authenticator.TestCase.settings = FEW_STEPS
TestAuthenticator = Authenticator.TestCase


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "\uff11\uff12\uff13\uff14\uff15\uff16"])
def test_what_is_no_code_is_never_accepted(code: str) -> None:
    assert totp.accepted_step(totp.new_secret(), code, after=0, at=NOON) is None


def test_recovery_codes_do_not_mind_case_and_dashes() -> None:
    code = totp.new_recovery_code()
    assert totp.plain_recovery_code(code.upper().replace("-", "  ")) == code.replace("-", "")
    assert len({totp.new_recovery_code() for _ in range(1000)}) == 1000


def test_stepping_up_lasts_five_minutes_and_never_reaches_back() -> None:
    assert stepped_up(NOON, NOON)
    assert stepped_up(NOON, NOON + STEP_UP_LIFETIME - timedelta(seconds=1))
    assert not stepped_up(NOON, NOON + STEP_UP_LIFETIME)
    assert not stepped_up(NOON, NOON - timedelta(seconds=1))
    assert not stepped_up(None, NOON)


@pytest.mark.parametrize(
    ("roles", "valid"),
    [
        (["clinician"], True),
        (["clinician", "admin"], True),
        ([], False),
        (["patient"], False),
        (["clinician", "patient"], False),
        (["system"], False),
        (["owner"], False),
    ],
)
def test_staff_have_staff_roles(roles: list[str], valid: bool) -> None:
    assert (valid_staff_roles(roles) is not None) is valid


def test_staff_screens_close_sooner_than_patients() -> None:
    settings = clinic_settings.ClinicSettings()
    assert settings.times_for(frozenset({Role.ADMIN})).idle == timedelta(minutes=15)
    assert settings.times_for(frozenset({Role.PATIENT})).idle == timedelta(minutes=30)
    assert clinic_settings.parse(clinic_settings.dump(settings)) == settings
    assert clinic_settings.dump(settings) == {}


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("María-José", None),
        ("O\u2019Brien Jr.", None),
        ("O\u00b4Hara", None),
        ("O`Hara", None),
        ("O\u2018Hara", None),
        ("O\u2032Hara", None),
        ("Gil\u00b7la", None),
        ("ハナ・コ", None),
        ("\u0645\u062d\u0645\u062f\u200c\u0631\u0636\u0627", None),
        ("Anne\u2010Marie", None),
        ("Anne\u2011Marie", None),
        ("Robert (Bob)", None),
        ("3rd", None),
        ("R2D2", None),
        ("X Æ A-12", None),
        ("<script>", None),
        ("李", None),
        ("नेहा", None),
        ("a" * 100, None),
        ("", "required"),
        ("   ", "required"),
        ("\u200d", "required"),
        ("a\x00b", "control_characters"),
        ("a\nb", "control_characters"),
        ("a\u2028b", "control_characters"),
        ("a\u202eb", "control_characters"),
        ("\u2066a", "control_characters"),
        ("a" * 101, "too_long"),
    ],
)
def test_a_name_is_what_its_bearer_writes(name: str, problem: str | None) -> None:
    assert part_problem(name) == problem


def test_nobody_is_born_tomorrow_where_they_live() -> None:
    late = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
    assert local_day(late, "America/New_York") == date(2026, 11, 26)
    assert local_day(late, "Asia/Tokyo") == date(2026, 11, 27)
    assert local_day(datetime(2026, 11, 26, 12, 0, tzinfo=UTC), None) == date(2026, 11, 27)
    assert local_day(datetime(2026, 11, 26, 12, 0, tzinfo=UTC), "Mars/Olympus") == date(2026, 11, 27)


def test_birth_dates_are_past_and_possible() -> None:
    today = NOON.date()
    assert birth_date_problem(today, today) is None
    assert birth_date_problem(today + timedelta(days=1), today) == "birth_date_in_future"
    assert birth_date_problem(today.replace(year=1900), today) == "birth_date_too_early"


@given(st.integers(1, 10**9), st.integers(0, 8))
def test_a_mistyped_digit_of_a_record_number_is_noticed(number: int, place: int) -> None:
    digits = str(number)
    place %= len(digits)
    for other in set("0123456789") - {digits[place]}:
        assert luhn(int(digits[:place] + other + digits[place + 1 :] or "0")) != luhn(number)


WEEK = {
    "mon": [["09:00", "12:00"], ["13:00", "17:00"]],
    "sun": [["02:30", "04:00"]],
    "sat": [["20:00", "24:00"]],
}
ZONE = "America/New_York"
OPENING = Opening(WEEK, ZoneInfo(ZONE), {})


def _at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(ZONE))  # type: ignore[misc,arg-type]  # year to minute


def test_open_hours_are_the_clinics_own() -> None:
    assert hours.problems(WEEK) == {}
    assert OPENING.is_open(_at(2026, 11, 23, 9, 0))
    assert not OPENING.is_open(_at(2026, 11, 23, 12, 0))
    assert OPENING.is_open(_at(2026, 11, 28, 23, 59))
    assert OPENING.next_opening(_at(2026, 11, 23, 12, 30)) == _at(2026, 11, 23, 13, 0)
    assert OPENING.next_opening(_at(2026, 11, 23, 18, 0)) == _at(2026, 11, 28, 20, 0)
    assert Opening({}, OPENING.zone, {}).next_opening(NOON) is None


def test_an_opening_that_daylight_saving_skips_is_an_hour_later() -> None:
    opens = OPENING.next_opening(_at(2026, 3, 7, 23, 59))
    assert opens is not None and opens.astimezone(OPENING.zone).strftime("%d %H:%M") == "08 03:30"


def test_only_what_our_own_proxies_added_is_an_address() -> None:
    def seen(forwarded: str, proxies: int) -> str:
        headers = [(b"x-forwarded-for", line.encode()) for line in forwarded.splitlines()]
        return client_address({"client": ("10.0.0.9", 1), "headers": headers}, proxies)  # type: ignore[arg-type]  # as much of a scope as is read

    assert seen("1.1.1.1, 2.2.2.2", 0) == "10.0.0.9"
    assert seen("6.6.6.6, 2.2.2.2", 1) == "2.2.2.2"
    assert seen("6.6.6.6, 2.2.2.2, 3.3.3.3", 2) == "2.2.2.2"
    # A proxy that writes a line of its own beneath the client's.
    assert seen("6.6.6.6\n2.2.2.2", 1) == "2.2.2.2"
    assert seen("", 1) == "10.0.0.9"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox on Android"),
        ("curl/8", ""),
    ],
)
def test_browsers_have_names_that_people_know(agent: str, name: str) -> None:
    assert device_name(agent) == name


def test_the_token_is_taken_from_one_cookie_of_our_name(settings: object) -> None:
    from core.config import Settings

    assert isinstance(settings, Settings)
    assert token_in(settings, "a=1; carethread=abc; b=2") == "abc"
    assert token_in(settings, "carethread=abc; carethread=abd") is None
    assert token_in(settings, "xcarethread=abc") is None
