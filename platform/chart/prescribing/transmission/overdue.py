"""Prescriptions of which the pharmacy has said nothing for too long: people have to ask, once for each."""

from sqlalchemy import text

from chart.prescribing.domain import CONFIRMED_WITHIN, TAKEN_WITHIN
from chart.prescribing.events import PrescriptionUnconfirmed
from core.database.session import system_unit
from core.events import outbox
from core.services import Services

_LATE = """
    unconfirmed_at IS NULL AND ((status = 'sent' AND sent_at <= :confirm_by)
                                OR (status IN ('signed', 'sending') AND signed_at <= :take_by))
"""
_CLINICS = text(f"SELECT DISTINCT clinic_id FROM prescription WHERE {_LATE}")  # noqa: S608 - our own words only  constants only
_MARK = text(
    f"UPDATE prescription SET unconfirmed_at = :now WHERE {_LATE} RETURNING id, visit_id, patient_id"  # noqa: S608 - our own words only
)


async def look(services: Services) -> None:
    """Mark what has waited too long, and tell; marking and telling are one transaction, so each is told once."""
    now = services.clock.now()
    before = {"confirm_by": now - CONFIRMED_WITHIN, "take_by": now - TAKEN_WITHIN}
    async with services.system.connect() as connection:
        clinics = (await connection.scalars(_CLINICS, before)).all()
    for clinic_id in clinics:
        async with system_unit(services, clinic_id) as unit:
            for row in (await unit.write.execute(_MARK, {**before, "now": now})).all():
                await outbox.add(
                    unit.write,
                    PrescriptionUnconfirmed(
                        prescription_id=row.id, visit_id=row.visit_id, patient_id=row.patient_id
                    ),
                )
