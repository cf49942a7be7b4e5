"""Where the pharmacies write to us: SCRIPT over HTTP, known by the shared secret."""

import hmac
from typing import Any

from litestar import Request, Response
from sqlalchemy import select

from chart.prescribing.events import ScriptReceived
from chart.prescribing.models import Pharmacy, Prescription
from chart.prescribing.script.build import to_xml
from chart.prescribing.script.messages import Error, Message, NewRx, Status
from chart.prescribing.script.parse import from_xml
from chart.prescribing.script.schema import NotScript
from chart.prescribing.transmission import receiving
from chart.prescribing.transmission.wire import XML
from core.database.session import WriteSession
from core.edge.web import PUBLIC, post
from core.errors import Problem
from core.events import outbox
from identity.models import Clinic

MAX_MESSAGE_BYTES = 64 * 1024


@post("/api/script", permission=PUBLIC, webhook=True, status_code=200, include_in_schema=False)
async def receive_script(write: WriteSession, request: Request[Any, Any, Any]) -> Response[bytes]:
    """Take a pharmacy's message, once, and answer Status 000, or Error 900 for one that is not for us.

    What it changes is done afterwards by the worker. 401 without the secret, 400 for what is no SCRIPT.
    """
    given = request.headers.get("authorization", "").encode()
    if not hmac.compare_digest(given, f"Bearer {write.services.settings.pharmacy_secret}".encode()):
        raise Problem(401, "pharmacy_unknown")
    data = await request.body()
    try:
        message = from_xml(data)
    except NotScript:
        raise Problem(400, "not_script") from None
    taken = await _take(write, message, data)
    header = message.header.answered(write.now())
    answer = (
        Status(header=header, code="000") if taken else Error(header=header, code="900", description=_UNKNOWN)
    )
    return Response(to_xml(answer), media_type=XML)


_UNKNOWN = "No such prescription"


async def _take(write: WriteSession, message: Message, data: bytes) -> bool:
    """Keep it and have it applied. False if it is about nothing that this pharmacy was sent."""
    if isinstance(message, NewRx):
        return False
    header = message.header
    clinic_id = await write.one_or_none(select(Clinic.id).where(Clinic.slug == header.to.id))
    if clinic_id is None or header.to.qualifier != "C":
        return False
    await write.enter_clinic(clinic_id)
    prescription_id = await write.one_or_none(
        select(Prescription.id)
        .join(Pharmacy, Pharmacy.id == Prescription.pharmacy_id)
        .where(Prescription.message_id == header.relates_to, Pharmacy.ncpdp_id == header.sender.id)
    )
    if prescription_id is None:
        return False
    kept = await receiving.keep_received(write, prescription_id, message, data)
    if kept is not None:
        await outbox.add(write, ScriptReceived(prescription_id=prescription_id, script_message_id=kept))
    return True
