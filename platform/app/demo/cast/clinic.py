"""The demo clinic itself: hours, languages, consent, pharmacies."""

from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.demo.cast.people import SLUG
from chart.prescribing import directory
from core import json
from core.config import Settings
from core.database.engine import database_url
from core.database.session import WriteSession
from core.ids import new_id
from directory.locations import service as locations
from directory.locations.schemas import LocationForm
from identity.clinic import clinics
from identity.clinic.hours import DAYS
from identity.clinic.settings import ClinicSettings, dump
from identity.person.address import Address, AddressForm
from intake import catalog

NAME = "Harbor Virtual Clinic"

_INSERT = text(
    "INSERT INTO clinic (id, slug, name, time_zone, languages, hours, phone, demo) VALUES "
    "(:id, :slug, :name, 'America/New_York', '{en,es}', cast(:hours AS jsonb), '+15185550199', true)"
)


async def make_clinic(settings: Settings) -> UUID:
    """The clinic's row, which only the database's owner may make. Raises IntegrityError if it is there."""
    engine = create_async_engine(database_url(settings.owner_database_url))
    clinic_id = new_id()
    try:
        async with engine.begin() as connection:
            hours = {day: [["00:00", "24:00"]] for day in DAYS}
            await connection.execute(
                _INSERT, {"id": clinic_id, "slug": SLUG, "name": NAME, "hours": json.encode_text(hours)}
            )
    finally:
        await engine.dispose()
    return clinic_id


SECOND = LocationForm(
    name="Pensacola office",
    time_zone="America/Chicago",
    phone="+18505550140",
    address=AddressForm(line=["40 Palafox Place"], city="Pensacola", state="FL", postalCode="32502"),
    hours={day: [["08:00", "18:00"]] for day in DAYS[:5]},
)
"""A second location, an hour behind the first one."""


async def furnish(write: WriteSession) -> None:
    """Settings, a second location, the consent that patients are asked for, and pharmacies to send to."""
    clinic = await clinics.current(write)
    clinic.settings = dump(
        ClinicSettings(
            welcome_en="See a clinician by video, today. No app to install.",
            welcome_es="Consulte por video con un profesional, hoy mismo. Sin instalar nada.",
        )
    )
    address = Address(line=["1 Harbor Road"], city="Albany", state="NY", postalCode="12207")
    clinic.address = msgspec.to_builtins(address)
    await locations.add(write, SECOND)
    await directory.load_demo(write)
    await clinics.publish_consent(
        write, body_en=catalog.default_consent("en"), body_es=catalog.default_consent("es")
    )
