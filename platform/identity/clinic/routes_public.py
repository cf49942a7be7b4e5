"""A clinic's public page, and a patient's way in: code, link, registration."""

from datetime import date, datetime, timedelta
from uuid import UUID

from litestar import Response
from litestar.types import Scope

from core.database.session import ReadSession, WriteSession
from core.edge.web import PUBLIC, get, post
from core.errors import Invalid
from identity.clinic import clinics
from identity.clinic import settings as clinic_settings
from identity.clinic.holidays import calendar
from identity.clinic.holidays.names import in_both
from identity.clinic.hours import Opening
from identity.codes import service as codes
from identity.domain import RESEND_AFTER, Method
from identity.factors import ceremonies
from identity.patient_account.new_device import entering, trusted_devices
from identity.patient_account.new_device.entering import Proven
from identity.patients import registration
from identity.person.address import address_in
from identity.person.contacts import contact_problem, parse_contact
from identity.person.name import name_in
from identity.schemas import (
    AskCode,
    ClinicPage,
    CodeAccepted,
    CodeAsked,
    HolidayOut,
    LinkToken,
    Outcome,
    Register,
    SignInCode,
)
from identity.sessions.browsers import browser_of
from identity.sessions.responses import signed_in
from identity.sessions.service import NewSession

HOLIDAYS_SHOWN = timedelta(days=30)
"""Holidays are told to the public so long ahead."""


@get("/api/clinics/{slug:str}", permission=PUBLIC)
async def clinic_page(read: ReadSession, slug: str) -> ClinicPage:
    """What the clinic shows to everybody."""
    clinic = await clinics.enter(read, slug)
    chosen = clinic_settings.parse(clinic.settings)
    opening = await calendar.opening(read)
    opened = opening.is_open(read.now())
    return ClinicPage(
        slug=clinic.slug,
        name=clinic.name,
        time_zone=clinic.time_zone,
        languages=clinic.languages,
        hours=clinic.hours,
        open_now=opened,
        opens_at=None if opened else opening.next_opening(read.now()),
        holidays=[HolidayOut(day, in_both(name)) for day, name in _soon(opening, read.now())],
        emergency_number=clinic.emergency_number,
        crisis_number=chosen.crisis_number,
        poison_number=chosen.poison_number,
        phone=clinic.phone,
        address=address_in(clinic.address),
        welcome={"en": chosen.welcome_en, "es": chosen.welcome_es},
        passkeys=bool(ceremonies.relying_party(read.services.settings)),
        demo=read.services.settings.demo and clinic.demo,
    )


def _soon(opening: Opening, now: datetime) -> list[tuple[date, str]]:
    today = now.astimezone(opening.zone).date()
    return [(day, name) for day, name in opening.holidays.items() if today <= day <= today + HOLIDAYS_SHOWN]


@post("/api/clinics/{slug:str}/codes", permission=PUBLIC, status_code=201)
async def ask_code(write: WriteSession, scope: Scope, slug: str, data: AskCode) -> CodeAsked:
    """Send a one-time code. The same answer for everybody. 422 for `contact`, 429."""
    await clinics.enter(write, slug)
    contact = parse_contact(data.contact)
    if contact is None:
        raise Invalid({"contact": contact_problem(data.contact)})
    browser = browser_of(scope, write.services.settings)
    asker = await trusted_devices.asker(write, contact, browser)
    row = await codes.request(write, contact, locale=data.locale, asker=asker)
    return CodeAsked(
        code_id=row.id,
        channel=row.channel,
        masked=contact.masked,
        expires_at=row.expires_at,
        resend_at=write.now() + RESEND_AFTER,
    )


@post("/api/clinics/{slug:str}/codes/{code_id:uuid}/check", permission=PUBLIC, status_code=200)
async def check_code(
    write: WriteSession, scope: Scope, slug: str, code_id: UUID, data: SignInCode
) -> Response[CodeAccepted]:
    """Sign in by the six digits, or be asked who one is, or be let to register. 422 for `code` with the tries left."""
    await clinics.enter(write, slug)
    browser = browser_of(scope, write.services.settings)
    asker = await trusted_devices.asker_of_code(write, code_id, browser)
    row = await codes.check_code(write, code_id, data.code, asker)
    entered = await entering.enter(write, row, Method.CODE, browser, somebody_else=data.somebody_else)
    return _accepted(write, entered)


@post("/api/clinics/{slug:str}/links/check", permission=PUBLIC, status_code=200)
async def check_link(write: WriteSession, scope: Scope, slug: str, data: LinkToken) -> Response[CodeAccepted]:
    """Sign in by the link's token, once its page's button was pressed. 422 for `code`."""
    await clinics.enter(write, slug)
    browser = browser_of(scope, write.services.settings)
    row = await codes.check_link(write, data.token)
    return _accepted(write, await entering.enter(write, row, Method.LINK, browser))


@post("/api/clinics/{slug:str}/patients", permission=PUBLIC, status_code=201)
async def register_patient(
    write: WriteSession, scope: Scope, slug: str, data: Register
) -> Response[CodeAccepted]:
    """Become a patient, with the token that an accepted code gave. 422 by field, 409, 403 `identity_locked`."""
    await clinics.enter(write, slug)
    form = registration.Form(
        name=name_in(data),
        birth_date=data.birth_date,
        language=data.language,
        time_zone=data.time_zone,
        sex=data.sex,
        number_is_new=data.number_is_new,
    )
    browser = browser_of(scope, write.services.settings)
    return _accepted(write, await registration.register(write, data.registration, form, browser), 201)


def _accepted(write: WriteSession, result: NewSession | Proven, status: int = 200) -> Response[CodeAccepted]:
    if isinstance(result, NewSession):
        return signed_in(write, result, CodeAccepted("signed_in"), status)
    outcome: Outcome = "identify" if result.known else "register"
    body = CodeAccepted(outcome, result.token, result.contact.masked, result.until)
    return Response(body, status_code=status)
