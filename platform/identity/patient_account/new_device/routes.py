"""On a device that is not known: who one is, by what one knows or by another contact."""

from uuid import UUID

from litestar import Response
from litestar.types import Scope

from core.database.session import WriteSession
from core.edge.web import PUBLIC, post
from identity.clinic import clinics
from identity.domain import RESEND_AFTER
from identity.patient_account.new_device import entering
from identity.patient_account.schemas import AskOther, Identify, OtherAsked, OtherCode
from identity.schemas import CodeAccepted
from identity.sessions.browsers import browser_of
from identity.sessions.responses import signed_in


@post("/api/clinics/{slug:str}/identify", permission=PUBLIC, status_code=200)
async def identify(write: WriteSession, scope: Scope, slug: str, data: Identify) -> Response[CodeAccepted]:
    """Sign in with birth date and something that only the patient knows well. 422 `identity_refused` with the tries
    left, whatever was wrong; 403 `identity_locked`; 409 `registration_over`."""
    await clinics.enter(write, slug)
    browser = browser_of(scope, write.services.settings)
    begun = await entering.identify(
        write, data.registration, data.birth_date, data.answer, browser, remember=data.remember
    )
    return signed_in(write, begun, CodeAccepted("signed_in"))


@post("/api/clinics/{slug:str}/identify/other", permission=PUBLIC, status_code=200)
async def ask_other_contact(write: WriteSession, scope: Scope, slug: str, data: AskOther) -> OtherAsked:
    """Send a code to the other contact on file, if there is one: the answer does not tell. 409 `registration_over`."""
    await clinics.enter(write, slug)
    browser = browser_of(scope, write.services.settings)
    row = await entering.ask_other_contact(write, data.registration, data.locale, browser)
    return OtherAsked(row.id, row.expires_at, write.now() + RESEND_AFTER)


@post("/api/clinics/{slug:str}/identify/other/{code_id:uuid}/check", permission=PUBLIC, status_code=200)
async def check_other_contact(
    write: WriteSession, scope: Scope, slug: str, code_id: UUID, data: OtherCode
) -> Response[CodeAccepted]:
    """Sign in by a code that came to the other contact. 422 for `code`, 409 `registration_over`."""
    await clinics.enter(write, slug)
    browser = browser_of(scope, write.services.settings)
    begun = await entering.by_other_contact(
        write, data.registration, code_id, data.code, browser, remember=data.remember
    )
    return signed_in(write, begun, CodeAccepted("signed_in"))
