"""Where twilio asks what to do with a telephone that was answered, and tells how its calls go.

Whoever asks is believed if the request bears the account's signature over the public address and all fields
(`X-Twilio-Signature`). Clinic and leg stand in the address, which is signed with it; numbers stand nowhere.
"""

from collections.abc import Sequence
from urllib.parse import parse_qs
from uuid import UUID

from litestar import Request, Response
from litestar.datastructures import State
from sqlalchemy import select
from twilio.request_validator import RequestValidator

from core.actor import system_actor
from core.database.session import WriteSession
from core.edge.web import PUBLIC, post
from core.errors import Problem
from core.guard.bodies import KB
from identity.clinic import clinics
from identity.models import Account, Patient
from visits import repository as visits
from visits.models import Visit
from visits.phone import account, repository, service, twiml
from visits.phone.domain import LegStatus, Side, heard, network_failure
from visits.phone.models import PhoneCall, PhoneLeg

MOST = 16 * KB
XML = "application/xml"

_Request = Request[object, object, State]


class Form(dict[str, list[str]]):
    """The fields of a form, as twilio's validator takes them."""

    def getlist(self, name: str) -> Sequence[str]:
        return self[name]

    def first(self, name: str) -> str:
        return next(iter(self.get(name, ())), "")


@post(
    "/api/twilio/{clinic_id:uuid}/legs/{leg_id:uuid}/answer",
    permission=PUBLIC,
    webhook=True,
    status_code=200,
    most=MOST,
    include_in_schema=False,
)
async def answer(write: WriteSession, request: _Request, clinic_id: UUID, leg_id: UUID) -> Response[str]:
    """What to do with a telephone that was answered: join the conference, leave a message, or hang up."""
    found = await _hear(write, await _signed(write, request), clinic_id, leg_id)
    said = twiml.hang_up() if found is None else await _told(write, *found)
    return Response(said, media_type=XML)


@post(
    "/api/twilio/{clinic_id:uuid}/legs/{leg_id:uuid}/status",
    permission=PUBLIC,
    webhook=True,
    status_code=204,
    most=MOST,
    include_in_schema=False,
)
async def status(write: WriteSession, request: _Request, clinic_id: UUID, leg_id: UUID) -> None:
    """How a call goes. What came before, or is about nothing of ours, changes nothing."""
    await _hear(write, await _signed(write, request), clinic_id, leg_id)


async def _signed(write: WriteSession, request: _Request) -> Form:
    """The fields of a request that twilio signed. Raises Problem 403 `signature_invalid`."""
    settings = write.services.settings
    form = Form(parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
    signature = request.headers.get("x-twilio-signature", "")
    url = settings.public_url.rstrip("/") + request.scope["path"]
    ours = account.is_available(settings) and form.first("AccountSid") == account.sid(settings)
    if not (
        ours
        and signature.isascii()
        and RequestValidator(settings.twilio_auth_token).validate(url, form, signature)
    ):
        raise Problem(403, "signature_invalid")
    return form


async def _hear(
    write: WriteSession, form: Form, clinic_id: UUID, leg_id: UUID
) -> tuple[Visit, PhoneCall, PhoneLeg] | None:
    """Take what twilio says of a leg; None if it is none of ours, or another of twilio's calls than the one we know."""
    await write.enter_clinic(clinic_id)
    write.act_as(system_actor(clinic_id))
    visit_id = await repository.visit_of_leg(write, leg_id)
    if visit_id is None:
        return None
    visit = await visits.for_update(write, visit_id)
    leg, call = await repository.leg(write, leg_id)
    sid = form.first("CallSid")
    if not sid or leg.call_sid not in (None, sid):
        return None
    if leg.call_sid is None:
        leg.call_sid = sid
        if not leg.state.is_open:
            await service.give_up(write, leg)
    said = heard(form.first("CallStatus"), form.first("AnsweredBy"))
    if said is not None:
        await service.hear(write, visit, leg, call, said, network_failure(form.first("SipResponseCode")))
    return visit, call, leg


async def _told(write: WriteSession, visit: Visit, call: PhoneCall, leg: PhoneLeg) -> str:
    """What whoever answered hears."""
    clinic = (await clinics.current(write)).name
    language = twiml.language_of(await _language(write, visit, call, leg.side))
    quiet = await visits.is_quiet(write, visit.patient_id)
    if leg.status is LegStatus.MACHINE and leg.side is Side.PATIENT and not quiet:
        return twiml.voicemail(clinic=clinic, language=language)
    if leg.status is LegStatus.IN_CALL and call.ended_at is None:
        return twiml.conference(call.id, leg.side, clinic=clinic, language=language, quiet=quiet)
    return twiml.hang_up()


async def _language(write: WriteSession, visit: Visit, call: PhoneCall, side: Side) -> str:
    query = (
        select(Patient.language).where(Patient.id == visit.patient_id)
        if side is Side.PATIENT
        else select(Account.locale).where(Account.id == call.clinician_id)
    )
    return str(await write.one_or_not_found(query))


ROUTES = [answer, status]
