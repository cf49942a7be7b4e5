"""One restricted chart, and a clinician who opened it with a reason: what a privacy officer has to do today."""

from datetime import timedelta

from app.demo.cast.crew import Crew
from app.registry import all_subscribers
from core.clock import FrozenClock
from core.database.session import open_unit
from core.events.relay import drain
from core.services import Services
from identity.privacy import service as privacy
from identity.privacy.domain import Why

_PLACE = 7
"""Counted from the end of the list: somebody who is not in today's waiting room."""
_REQUEST = "A cousin works at the front desk of this clinic."
_OPENED = "The pharmacy called about the dose and needed an answer at once."


async def act(services: Services, crew: Crew, clock: FrozenClock) -> None:
    """Restricted three days ago, opened yesterday, not reviewed yet; then the clock stands where it stood."""
    now = clock.now()
    _, patient = crew.patients[-_PLACE]
    clock.set(now - timedelta(days=3))
    async with open_unit(services, crew.staff["cole"]) as unit:
        ends_at, named = now + timedelta(days=362), [crew.staff["cole"].own_account]
        await privacy.restrict(unit.write, patient.own_patient, Why.PATIENT_REQUEST, _REQUEST, ends_at, named)
    clock.set(now - timedelta(days=1))
    async with open_unit(services, crew.staff["reyes"]) as unit:
        await privacy.open_chart(unit.write, patient.own_patient, _OPENED)
    await drain(services, all_subscribers(), crew.clinic_id)
    clock.set(now)
