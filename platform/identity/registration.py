"""Registering as a patient, by somebody whose telephone or mailbox has just been proven to be theirs."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.db import WriteSession
from core.errors import Conflict, Invalid
from identity import patients, sessions
from identity.codes import contact_of
from identity.domain import REGISTRATION_LIFETIME, Method
from identity.models import OneTimeCode
from identity.sessions import Browser, NewSession
from identity.tokens import digest


@dataclass(frozen=True)
class Form:
    """What somebody says of themselves. `language` is `en` or `es`; `time_zone` is the browser's IANA name."""

    given: str
    family: str
    birth_date: date
    language: str
    time_zone: str | None = None
    sex: str = "unknown"


async def register(write: WriteSession, token: str, form: Form, browser: Browser) -> NewSession:
    """Make the patient and sign them in. Raises Invalid by field, Conflict `registration_over`, `contact_taken`."""
    wrong = problems(write, form)
    if wrong:
        raise Invalid(wrong)
    row = await _locked(write, token)
    try:
        async with write.savepoint():
            account, _ = await patients.register(
                write,
                given=form.given,
                family=form.family,
                birth_date=form.birth_date,
                contact=contact_of(row),
                language=form.language,
                time_zone=form.time_zone,
                sex=form.sex,
            )
    except IntegrityError:
        raise Conflict("contact_taken") from None
    row.registered_at = write.now()
    return await sessions.begin(write, account, Method.CODE, browser)


def problems(write: WriteSession, form: Form) -> dict[str, str]:
    """What is wrong with the form, by field."""
    today = patients.local_day(write.now())
    found = {
        "given": patients.name_problem(form.given),
        "family": patients.name_problem(form.family),
        "birth_date": patients.birth_date_problem(form.birth_date, today),
        "time_zone": patients.time_zone_problem(form.time_zone) if form.time_zone else None,
    }
    return {field: code for field, code in found.items() if code}


async def _locked(write: WriteSession, token: str) -> OneTimeCode:
    row: OneTimeCode | None = await write.one_or_none(
        select(OneTimeCode).where(OneTimeCode.registration_hash == digest(token)).with_for_update()
    )
    if row is None or row.used_at is None or row.registered_at is not None:
        raise Conflict("registration_over")
    if write.now() >= row.used_at + REGISTRATION_LIFETIME:
        raise Conflict("registration_over")
    return row
