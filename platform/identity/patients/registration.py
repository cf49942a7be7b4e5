"""Registering as a patient, by somebody whose phone or mailbox has just been proven to be theirs."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core.database.session import WriteSession
from core.errors import Forbidden, Invalid
from core.events import outbox
from identity.codes.service import contact_of
from identity.domain import Method
from identity.events import DuplicateSuspected
from identity.models import OneTimeCode, Patient
from identity.patient_account import disputes
from identity.patient_account.new_device import entering, tokens, trusted_devices
from identity.patient_account.new_device.answer_limits import Answers
from identity.patients import service as patients
from identity.person.name import Name, alike
from identity.person.name import problems as name_problems
from identity.sessions import service as sessions
from identity.sessions.service import Browser, NewSession


@dataclass(frozen=True)
class Form:
    """What somebody says of themselves. `language` is `en` or `es`; `time_zone` is the browser's IANA name;
    `number_is_new` that whoever was known by this contact before is a stranger to them."""

    name: Name
    birth_date: date
    language: str
    time_zone: str | None = None
    sex: str = "unknown"
    number_is_new: bool = False


async def register(write: WriteSession, token: str, form: Form, browser: Browser) -> NewSession:
    """Make the patient and sign them in. Raises Invalid by field, Conflict `registration_over`, Forbidden
    `identity_locked` where too much was guessed about who is known by this contact.

    Whoever is known by this contact already and writes the same name and birth date is signed in: they have answered
    what `entering.identify` asks, and a second record of one person helps nobody.
    """
    wrong = problems(write, form)
    if wrong:
        raise Invalid(wrong)
    row = await tokens.locked(write, token)
    contact = contact_of(row)
    if form.number_is_new:
        await disputes.begin(write, contact)
    elif (same := await _same_person(write, row, form, browser)) is not None:
        return await entering.identify(write, token, form.birth_date, same, browser, remember=True)
    account, patient = await patients.register(
        write,
        name=form.name,
        birth_date=form.birth_date,
        contact=contact,
        language=form.language,
        time_zone=form.time_zone,
        sex=form.sex,
    )
    await _tell_of_twins(write, patient)
    row.registered_at = write.now()
    begun = await sessions.begin(write, account, Method.CODE, browser)
    return await trusted_devices.trust(write, begun, account, browser)


async def _same_person(write: WriteSession, row: OneTimeCode, form: Form, browser: Browser) -> str | None:
    """The record number of whom this form describes, if they are known by the contact.

    A form that describes nobody who is known by the contact counts as a wrong answer, also that of a new member of a
    family: the two look alike. Beyond the limits nobody registers there, right or wrong: a second record of one person
    would keep its owner out. Raises Forbidden `identity_locked`.
    """
    contact = contact_of(row)
    accounts = await patients.accounts_with(write, contact)
    answers = Answers(write, contact, browser)
    if not accounts:
        return None
    if row.identify_tries == 0 or not await answers.may_answer():
        raise Forbidden("identity_locked")
    people = await write.scalars(
        select(Patient).where(
            Patient.account_id.in_([each.id for each in accounts]), Patient.birth_date == form.birth_date
        )
    )
    same: list[str] = [each.mrn for each in people if alike(each.name, form.name)]
    if len(same) == 1:
        return same[0]
    await answers.was_wrong()
    return None


async def _tell_of_twins(write: WriteSession, patient: Patient) -> None:
    """Two charts of one name and birth date may be one person with two phones: the clinic finds out.

    Whoever registers is told nothing: that somebody is a patient here is nobody else's business.
    """
    born_then = await write.scalars(
        select(Patient).where(Patient.birth_date == patient.birth_date, Patient.id != patient.id)
    )
    if any(alike(each.name, patient.name) for each in born_then):
        await outbox.add(write, DuplicateSuspected(patient_id=patient.id))


def problems(write: WriteSession, form: Form) -> dict[str, str]:
    """What is wrong with the form, by field."""
    today = patients.local_day(write.now(), form.time_zone)
    found = {
        "birth_date": patients.birth_date_problem(form.birth_date, today),
        "time_zone": patients.time_zone_problem(form.time_zone) if form.time_zone else None,
    }
    return name_problems(form.name) | {field: code for field, code in found.items() if code}
