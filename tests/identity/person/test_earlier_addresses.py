"""Addresses of an earlier version, after the upgrade: nothing is lost, and nothing is split by guessing."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from app.home import Home
from app.process.roles import ensure_roles
from app.process.servers import Servers
from core import json
from core.config import Settings
from core.database.engine import make_engine
from core.ids import new_id
from identity.person.address import address_in, is_split
from tests.chart.record.test_earlier_entries import upgraded

BEFORE, AFTER = "0048_restricted_charts", "0049_person_facts_filled"
# The whole chain of migrations is run for it.
pytestmark = pytest.mark.whole

ONE_TEXT = "1 Harbor Road, Albany, NY 12207"
WHOLE = {"line": ["12 Elm St"], "city": "Albany", "state": "NY", "postalCode": "12207", "country": "US"}
PATIENTS: dict[str, tuple[Any, list[str], bool]] = {
    "whole": (WHOLE, ["12 Elm St"], True),
    "text alone": ({"text": ONE_TEXT, "use": "home"}, [ONE_TEXT], False),
    "one line": ({"line": "12 Elm St", "city": "Albany"}, ["12 Elm St"], True),
    "a string": (ONE_TEXT, [ONE_TEXT], False),
    "empty parts": ({"city": None, "line": ["12 Elm St"]}, ["12 Elm St"], False),
}


async def test_addresses_keep_all_that_they_had(settings: Settings, home: Home) -> None:
    urls = [settings.owner_database_url, settings.database_url, settings.system_database_url]
    owner, app, system = (urlsplit(url)._replace(path="/earlier_addresses").geturl() for url in urls)
    await ensure_roles(Servers(home).admin_url() or settings.owner_database_url, owner, app, system)
    engine = make_engine(owner, settings)
    try:
        async with engine.connect() as connection:
            await upgraded(connection, BEFORE)
            clinic = new_id()
            await connection.execute(
                text(
                    "INSERT INTO clinic (id, slug, name, time_zone, languages, settings) VALUES "
                    "(:id, 'earlier', 'Earlier', 'America/New_York', '{en}', cast(:settings AS jsonb))"
                ),
                {"id": clinic, "settings": json.encode_text({"address": f" {ONE_TEXT}"})},
            )
            for mrn, (address, *_) in PATIENTS.items():
                await connection.execute(
                    text(
                        "INSERT INTO patient (id, clinic_id, family, birth_date, mrn, address) "
                        "VALUES (:id, :clinic, 'López', '1988-02-29', :mrn, cast(:address AS jsonb))"
                    ),
                    {"id": new_id(), "clinic": clinic, "mrn": mrn, "address": json.encode_text(address)},
                )
            await connection.commit()
            await upgraded(connection, AFTER)
            of_clinic = address_in(await connection.scalar(text("SELECT address FROM clinic")))
            assert of_clinic is not None and of_clinic.line == [ONE_TEXT] and not is_split(of_clinic)
            rows = await connection.execute(text("SELECT mrn, address FROM patient"))
            for mrn, stored in rows:
                was, lines, split = PATIENTS[mrn]
                address = address_in(stored)
                assert address is not None, mrn
                assert (address.line, is_split(address)) == (lines, split), mrn
                if isinstance(was, dict):
                    assert {k: v for k, v in was.items() if v and k != "line"}.items() <= stored.items(), mrn
    finally:
        await engine.dispose()
