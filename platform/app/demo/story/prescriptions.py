"""The demo's prescriptions of the last weeks: signed by their clinicians, answered by a pharmacy that is not there."""

from datetime import timedelta
from uuid import UUID, uuid4

import msgspec

from app.demo.cast.crew import Crew
from chart.prescribing.safety.rules import Severity
from chart.prescribing.script.build import to_xml
from chart.prescribing.script.messages import Header, Party, Status, Verify
from chart.prescribing.transmission import receiving
from chart.prescribing.transmission import sending as transmission
from chart.prescribing.writing import acknowledging, drafts, signing
from core.actor import Actor, system_actor
from core.clock import FrozenClock
from core.database.session import open_unit
from core.services import Services


async def prescribe(
    services: Services, crew: Crew, clock: FrozenClock, clinician: Actor, visit_id: UUID, drug_id: str
) -> None:
    """Write, sign and deliver one prescription with its usual directions."""
    async with open_unit(services, clinician) as unit:
        draft = await drafts.begin(unit.write, visit_id, drug_id, None)
        review = await drafts.review(unit.write, draft)
        if unread := acknowledging.fingerprint(review.check.unread):
            await acknowledging.acknowledge(unit.write, draft.id, unread)
            review = await drafts.review(unit.write, draft)
        if review.sha256 is None:
            raise RuntimeError(f"the demo's prescription lacks {review.missing}")
        loud = [alert for alert in review.check.alerts if alert.severity is Severity.HIGH]
        reasons = {alert.key: "Tolerated before" for alert in loud}
        await signing.sign(unit.write, draft.id, review.sha256, reasons)
        pharmacy = review.of.pharmacy
    clock.advance(timedelta(seconds=2))
    for claim in await transmission.claim(services, crew.clinic_id):
        header = Header(
            to=Party("C", review.of.place.clinic.slug),
            sender=Party("P", pharmacy.ncpdp_id if pharmacy else ""),
            message_id=uuid4().hex,
            relates_to=claim.message_id,
            sent_at=clock.now(),
        )
        status = Status(header=header, code="010")
        verify = Verify(header=_next(header), code="000", description="Received")
        async with open_unit(services, system_actor(crew.clinic_id)) as unit:
            await receiving.keep_sent(unit.write, claim.id, claim.message_id, transmission.message_of(claim))
            await receiving.take_answer(unit.write, claim.id, status, to_xml(status))
        clock.advance(timedelta(seconds=40))
        async with open_unit(services, system_actor(crew.clinic_id)) as unit:
            await receiving.take_answer(unit.write, claim.id, verify, to_xml(verify))


def _next(header: Header) -> Header:
    return msgspec.structs.replace(header, message_id=uuid4().hex)
