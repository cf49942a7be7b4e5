"""Gives each patient the history that carebundle makes up: problems, allergies, medicines, measurements."""

import asyncio
from typing import Any

import carebundle

from app.demo.crew import Crew
from chart import importing
from core.actor import system_actor
from core.db import open_unit
from core.services import Services
from identity import patients


def make(number: int, profile: str, sex: str) -> dict[str, Any]:
    """A FHIR bundle of one synthetic patient; the same one for the same number."""
    bundle = carebundle.generate_history(
        profile=profile, seed=1000 + number, sex="F" if sex == "female" else "M", visits=3
    )
    made: dict[str, Any] = (
        bundle if isinstance(bundle, dict) else bundle.model_dump(mode="json", exclude_none=True)
    )
    return made


async def write(services: Services, crew: Crew) -> None:
    """Import every patient's bundle, one transaction each."""
    for number, (person, actor) in enumerate(crew.patients):
        bundle = await asyncio.to_thread(make, number, person.profile, person.sex)
        async with open_unit(services, system_actor(crew.clinic_id)) as unit:
            patient = await patients.get(unit.write, actor.own_patient)
            await importing.import_bundle(unit.write, patient, bundle)
