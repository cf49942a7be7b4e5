"""Gives each patient the history that was made up for them: problems, allergies, medicines, measurements."""

from collections.abc import AsyncIterator

from sqlalchemy import select

from app.demo.cast.crew import Crew
from app.demo.story.bundles import Bundle
from chart.record import importing
from core.actor import system_actor
from core.database.session import open_unit
from core.services import Services
from identity.models import Patient


async def write(services: Services, crew: Crew, bundles: AsyncIterator[Bundle]) -> None:
    """Import every patient's bundle, one transaction each."""
    for _, actor in crew.patients:
        bundle = await anext(bundles)
        async with open_unit(services, system_actor(crew.clinic_id)) as unit:
            patient: Patient = await unit.write.one_or_none(
                select(Patient).where(Patient.id == actor.patient_id)
            )
            await importing.import_bundle(unit.write, patient, bundle)
